package terminal

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// csiKeys are the keys that xterm sends as CSI and a letter; with modifiers as
// CSI 1;m and the letter; without, in application cursor mode, as SS3.
var csiKeys = map[string]byte{
	"up": 'A', "down": 'B', "right": 'C', "left": 'D', "home": 'H', "end": 'F',
	"f1": 'P', "f2": 'Q', "f3": 'R', "f4": 'S',
}

// tildeKeys are the keys that xterm sends as CSI number ~.
var tildeKeys = map[string]int{
	"insert": 2, "delete": 3, "pgup": 5, "pgdown": 6,
	"f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
}

// plainKeys are the keys that are one byte.
var plainKeys = map[string]byte{
	"enter": '\r', "tab": '\t', "esc": 0x1b, "space": ' ', "backspace": 0x7f,
}

// keyBytes returns what xterm sends for a key; ok is false when name is no key.
func keyBytes(name string, appCursor bool) (seq string, ok bool) {
	mod, base := modifiers(name)
	if c, found := csiKeys[base]; found {
		switch {
		case mod > 0:
			return fmt.Sprintf("\x1b[1;%d%c", mod+1, c), true
		case appCursor || strings.HasPrefix(base, "f"):
			return "\x1bO" + string(c), true
		}
		return "\x1b[" + string(c), true
	}
	if n, found := tildeKeys[base]; found {
		if mod > 0 {
			return fmt.Sprintf("\x1b[%d;%d~", n, mod+1), true
		}
		return fmt.Sprintf("\x1b[%d~", n), true
	}
	if base == "tab" && mod == shift {
		return "\x1b[Z", true
	}
	return characterKey(base, mod, name != base)
}

// The modifiers as xterm counts them, less one.
const (
	shift = 1
	alt   = 2
	ctrl  = 4
)

// modifiers splits "ctrl+alt+x" into its modifiers and its key.
func modifiers(name string) (mod int, base string) {
	base = name
	for {
		switch rest := ""; {
		case cut(base, "shift+", &rest):
			mod, base = mod|shift, rest
		case cut(base, "alt+", &rest):
			mod, base = mod|alt, rest
		case cut(base, "ctrl+", &rest):
			mod, base = mod|ctrl, rest
		default:
			return mod, base
		}
	}
}

// cut sets rest to what follows prefix, when something does.
func cut(s, prefix string, rest *string) bool {
	after, ok := strings.CutPrefix(s, prefix)
	*rest = after
	return ok && after != ""
}

// characterKey is the bytes of a key that is a character. Terminals cannot
// say shift or ctrl with every one: those that they cannot are no keys.
func characterKey(base string, mod int, modified bool) (string, bool) {
	c, named := plainKeys[base]
	if !named && (!modified || utf8.RuneCountInString(base) != 1) {
		return "", false
	}
	seq := base
	if named {
		seq = string(c)
	}
	if mod&ctrl != 0 {
		if len(seq) != 1 {
			return "", false
		}
		b, ok := control(seq[0])
		if !ok {
			return "", false
		}
		seq = string(b)
	}
	if mod&shift != 0 {
		if named || mod&ctrl != 0 {
			return "", false
		}
		seq = strings.ToUpper(seq)
	}
	if mod&alt != 0 {
		seq = "\x1b" + seq
	}
	return seq, true
}

// control is the control character of a key.
func control(c byte) (byte, bool) {
	switch {
	case c >= 'a' && c <= 'z', c >= '[' && c <= '_':
		return c & 0x1f, true
	case c == ' ' || c == '@':
		return 0, true
	case c == '?':
		return 0x7f, true
	}
	return 0, false
}

// Send presses keys, one after the other. A key is the name of one, as Bubble
// Tea spells it ("enter", "esc", "tab", "space", "backspace", "up", "pgdown",
// "home", "insert", "f5", with "ctrl+", "alt+", "shift+" before it), or else
// text that is typed as it stands. Use Type for text that is a key's name.
//
// Programs tell the key esc from the begin of a sequence by the pause that
// follows: send "esc" last, and wait for what it does.
func (t *Terminal) Send(keys ...string) error {
	for _, key := range keys {
		t.mu.Lock()
		seq, ok := keyBytes(key, t.em.modes[1])
		t.mu.Unlock()
		if !ok {
			if mod, _ := modifiers(key); mod != 0 {
				return fmt.Errorf("a terminal has no key %q; use Type for text", key)
			}
			seq = key
		}
		if err := t.Type(seq); err != nil {
			return err
		}
	}
	return nil
}

// IsKey tells whether a terminal can send the key of that name: a named one, or a character.
func IsKey(name string) bool {
	_, ok := keyBytes(name, false)
	return ok || utf8.RuneCountInString(name) == 1
}

// Type sends text as if it were typed, byte for byte.
func (t *Terminal) Type(text string) error {
	if err := t.in.put([]byte(text)); err != nil {
		return fmt.Errorf("type %q: %w", text, err)
	}
	return nil
}

// Paste sends text as a terminal pastes it: between marks when the program
// asked for them (bracketed paste, mode 2004), with CR for line ends.
func (t *Terminal) Paste(text string) error {
	text = strings.NewReplacer("\r\n", "\r", "\n", "\r", "\x1b", "").Replace(text)
	if t.Screen().Mode(2004) {
		text = "\x1b[200~" + text + "\x1b[201~"
	}
	return t.Type(text)
}

// Focus tells a program that asked for it (mode 1004) that its window got or
// lost the focus.
func (t *Terminal) Focus(focused bool) error {
	switch {
	case !t.Screen().Mode(1004):
		return nil
	case focused:
		return t.Type("\x1b[I")
	default:
		return t.Type("\x1b[O")
	}
}
