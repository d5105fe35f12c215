package terminal

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// osc carries out an operating system command: title, colours, clipboard,
// hyperlinks, progress. Others leave no trace.
func (e *emulator) osc(cmd int, data []byte) {
	_, rest, _ := strings.Cut(unmark(data), ";")
	switch cmd {
	case 0, 2:
		e.title = strings.ToValidUTF8(rest, "\uFFFD")
	case 4:
		e.paletteColor(rest)
	case 8:
		_, e.pen.Link, _ = strings.Cut(rest, ";")
	case 9:
		if progress, ok := strings.CutPrefix(rest, "4;"); ok {
			e.progress = progress
		}
	case 10:
		e.defaultColor(cmd, rest, &e.scheme.FG)
	case 11:
		e.defaultColor(cmd, rest, &e.scheme.BG)
	case 12:
		if rest == "?" {
			e.answer(oscReply("12", e.scheme.FG.spec()))
		}
	case 52:
		e.clipboardCommand(rest)
	case 110:
		e.scheme.FG = e.initial.FG
	case 111:
		e.scheme.BG = e.initial.BG
	}
}

func oscReply(cmd, text string) string { return "\x1b]" + cmd + ";" + text + "\x1b\\" }

// defaultColor answers for, or sets, a default colour.
func (e *emulator) defaultColor(cmd int, spec string, c *RGB) {
	if spec == "?" {
		e.answer(oscReply(strconv.Itoa(cmd), c.spec()))
		return
	}
	if rgb, ok := parseColor(spec); ok {
		*c = rgb
	}
}

// paletteColor answers for entries of the palette, "n;?" pair by pair.
func (e *emulator) paletteColor(rest string) {
	f := strings.Split(rest, ";")
	for i := 0; i+1 < len(f); i += 2 {
		n, err := strconv.ParseUint(f[i], 10, 8)
		if err == nil && f[i+1] == "?" {
			e.answer(oscReply("4;"+f[i], e.scheme.Indexed(uint8(n)).spec()))
		}
	}
}

// parseColor reads "#rrggbb" or "rgb:rr/gg/bb" with one to four digits a part.
func parseColor(spec string) (RGB, bool) {
	parts := strings.Split(strings.TrimPrefix(spec, "rgb:"), "/")
	if h, ok := strings.CutPrefix(spec, "#"); ok && len(h) == 6 {
		parts = []string{h[:2], h[2:4], h[4:]}
	}
	if len(parts) != 3 {
		return RGB{}, false
	}
	var v [3]uint8
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 16, 16)
		if err != nil || len(p) > 4 {
			return RGB{}, false
		}
		v[i] = uint8(n * 255 / (1<<(4*len(p)) - 1))
	}
	return RGB{v[0], v[1], v[2]}, true
}

// clipboardCommand sets a clipboard, or tells it: "c;BASE64", "c;?".
func (e *emulator) clipboardCommand(rest string) {
	which, data, ok := strings.Cut(rest, ";")
	if !ok {
		return
	}
	if which == "" {
		which = "c"
	}
	if data == "?" {
		text := base64.StdEncoding.EncodeToString([]byte(e.clipboard[which[:1]]))
		e.answer(oscReply("52", which+";"+text))
		return
	}
	if text, err := base64.StdEncoding.DecodeString(data); err == nil {
		e.clipboard[which[:1]] = string(text)
	}
}

// dcs answers the questions for capabilities (XTGETTCAP) and settings
// (DECRQSS) with "I do not know". Other device control strings are dropped.
func (e *emulator) dcs(cmd ansi.Cmd, _ ansi.Params, _ []byte) {
	if cmd.Final() != 'q' {
		return
	}
	switch inter := cmd.Intermediate(); inter {
	case '+':
		e.answer("\x1bP0+r\x1b\\")
	case '$':
		e.answer(fmt.Sprintf("\x1bP0%cr\x1b\\", inter))
	}
}
