package keymap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cxlens/internal/nearest"
)

// modifiers stand before a key in this order, which is Bubble Tea's.
var modifiers = []string{"ctrl", "alt", "shift", "meta", "hyper", "super"}

// named are the keys that write no character, as Bubble Tea spells them, those of the number pad
// included; f1 to f63 are named besides.
var named = func() []string {
	keys := strings.Fields("enter tab backspace esc space up down left right begin find insert delete select pgup pgdown home end " +
		"equal mul plus comma minus period div sep menu pause printscreen")
	for i := 1; i <= 63; i++ {
		keys = append(keys, "f"+strconv.Itoa(i))
	}
	return keys
}()

// other are the ways in which people write keys, and how they are written here.
var other = map[string]string{
	"escape": "esc", "return": "enter", "cr": "enter", "pageup": "pgup", "pagedown": "pgdown", "pgdn": "pgdown", "del": "delete", "ins": "insert",
	"bs": "backspace", "control": "ctrl", "c": "ctrl", "^": "ctrl", "option": "alt", "opt": "alt", "m": "alt", "a": "alt", "s": "shift", "cmd": "super", " ": "space",
}

// Valid reports a key that no terminal sends, with the one that was probably meant.
func Valid(key string) error {
	meant, ok := canonical(key)
	switch {
	case !ok:
		return fmt.Errorf("there is no key %q: write it as x, ctrl+x, alt+x, shift+up, enter, pgup or f9", key)
	case meant != key:
		return fmt.Errorf("there is no key %q; did you mean %q?", key, meant)
	}
	return nil
}

// canonical is a key as Bubble Tea spells it; ok is false when it cannot be guessed.
func canonical(key string) (meant string, ok bool) {
	mods, name := split(key)
	var has [6]bool
	for _, mod := range mods {
		i := slices.Index(modifiers, word(mod, modifiers))
		if i < 0 {
			return "", false
		}
		has[i] = true
	}
	plain := !slices.Contains(has[:], true)
	if utf8.RuneCountInString(name) != 1 || name == " " {
		if name = word(name, named); !slices.Contains(named, name) {
			return "", false
		}
	} else if r, _ := utf8.DecodeRuneInString(name); !unicode.IsGraphic(r) {
		return "", false
	} else if !plain {
		if has[2] && !has[0] && !has[1] { // shift and a letter is a large letter
			has[2], name = false, strings.ToUpper(name)
		} else {
			name = strings.ToLower(name)
		}
	}
	for i, mod := range modifiers {
		if has[i] {
			meant += mod + "+"
		}
	}
	return meant + name, true
}

// split takes the modifiers from before a key: ctrl+x, also as ctrl-x, C-x and ^x.
func split(key string) (mods []string, name string) {
	if rest, ok := strings.CutPrefix(key, "^"); ok && rest != "" {
		return []string{"ctrl"}, strings.ToLower(rest)
	}
	for {
		i := strings.IndexAny(key, "+-")
		if i <= 0 || i == len(key)-1 {
			return mods, key
		}
		mods, key = append(mods, key[:i]), key[i+1:]
	}
}

// word is the known word that is written, meant by another name, or nearest; else the word itself.
func word(text string, known []string) string {
	lower := strings.ToLower(text)
	if slices.Contains(known, lower) {
		return lower
	}
	if short, ok := other[lower]; ok && slices.Contains(known, short) {
		return short
	}
	if near := nearest.Words(lower, known); len(near) > 0 {
		return near[0]
	}
	return text
}
