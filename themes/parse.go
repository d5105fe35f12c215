package themes

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"cxlens/internal/nearest"
	"cxlens/internal/smallfile"
)

// maxFile bounds a theme file; the built-in ones have about 2 KiB.
const maxFile = 256 << 10

type fileStyle struct {
	FG   string  `toml:"fg"`
	BG   string  `toml:"bg"`
	Attr string  `toml:"attr"`
	Mono *string `toml:"mono"`
}

type file struct {
	Background string               `toml:"background"`
	Inherit    string               `toml:"inherit"`
	Ground     *fileGround          `toml:"ground"`
	Palette    map[string]string    `toml:"palette"`
	Styles     map[string]fileStyle `toml:"styles"`
}

type fileGround struct {
	FG string `toml:"fg"`
	BG string `toml:"bg"`
}

// parse reads a theme file. base finds the theme that a file inherits from, nil for a theme that
// must name every token itself. Every error names the file, the line where it is known, and the key.
func parse(name, path string, text []byte, base func(string) (*Theme, error)) (*Theme, error) {
	var f file
	wrong := func(line int, format string, args ...any) error {
		at := path
		if line > 0 {
			at = fmt.Sprintf("%s:%d", path, line)
		}
		return fmt.Errorf("theme %s: %w", at, fmt.Errorf(format, args...))
	}
	md, err := toml.Decode(string(text), &f)
	if err != nil {
		line, err := oneLine(err)
		return nil, wrong(line, "%w", err)
	}
	if extra := md.Undecoded(); len(extra) > 0 {
		return nil, wrong(smallfile.KeyLine(text, extra[0]...), "key %s is not known: a style has fg, bg, attr and mono", extra[0])
	}
	if f.Background != "light" && f.Background != "dark" {
		return nil, wrong(smallfile.KeyLine(text, "background"), "background: %q is neither dark nor light", f.Background)
	}
	th := &Theme{Name: name, Light: f.Background == "light"}
	if base == nil && len(f.Styles) != int(NumTokens) {
		return nil, wrong(0, "%d of %d tokens have a style", len(f.Styles), NumTokens)
	}
	from := &file{}
	if base != nil {
		if from, err = f.parent(base); err != nil {
			return nil, wrong(smallfile.KeyLine(text, "inherit"), "inherit: %w", err)
		}
	}
	if bad := th.apply(f.over(from)); bad != nil {
		return nil, wrong(smallfile.KeyLine(text, bad.key...), "%w", bad)
	}
	return th, nil
}

func (f *file) parent(base func(string) (*Theme, error)) (*file, error) {
	from := f.Inherit
	if from == "" {
		from = f.Background
	}
	b, err := base(from)
	if err != nil {
		return nil, err
	}
	return &b.source, nil
}

// over lays f over the file that it inherits from: the styles of both have the colours of f's palette.
func (f *file) over(from *file) file {
	out := file{Ground: f.Ground, Palette: maps.Clone(from.Palette), Styles: maps.Clone(from.Styles)}
	if out.Ground == nil {
		out.Ground = from.Ground
	}
	if out.Palette == nil {
		out.Palette = make(map[string]string)
	}
	if out.Styles == nil {
		out.Styles = make(map[string]fileStyle)
	}
	maps.Copy(out.Palette, f.Palette)
	maps.Copy(out.Styles, f.Styles)
	return out
}

// keyError is an error at a key of the file.
type keyError struct {
	key []string
	err error
}

func (e *keyError) Error() string {
	shown := slices.Clone(e.key)
	if len(shown) > 1 && shown[0] == "styles" {
		shown[1] = fmt.Sprintf("%q", shown[1])
	}
	return strings.Join(shown, ".") + ": " + e.err.Error()
}

func (e *keyError) Unwrap() error { return e.err }

func (th *Theme) apply(f file) *keyError {
	th.source = f
	for _, name := range slices.Sorted(maps.Keys(f.Palette)) {
		if _, err := ParseColor(f.Palette[name]); err != nil {
			return &keyError{[]string{"palette", name}, err}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Styles)) {
		t, ok := ParseToken(name)
		if !ok {
			return &keyError{[]string{"styles", name}, unknownToken(name)}
		}
		s, err := f.style(name)
		if err != nil {
			return err
		}
		th.styles[t] = s
	}
	return th.ground(f)
}

func (th *Theme) ground(f file) *keyError {
	if f.Ground == nil {
		return nil
	}
	for _, part := range []struct {
		key, value string
		to         *Color
	}{{"fg", f.Ground.FG, &th.Ground.FG}, {"bg", f.Ground.BG, &th.Ground.BG}} {
		c, err := f.color(part.value)
		if _, _, _, ok := c.RGB(); err == nil && !ok && !c.IsNone() {
			err = fmt.Errorf("%s is a number of the terminal's colours: the ground needs #rrggbb", c)
		}
		if err != nil {
			return &keyError{[]string{"ground", part.key}, err}
		}
		*part.to = c
	}
	return nil
}

func (f *file) style(name string) (s Style, bad *keyError) {
	in, at := f.Styles[name], "fg"
	var err error
	if s.FG, err = f.color(in.FG); err == nil {
		at = "bg"
		s.BG, err = f.color(in.BG)
	}
	if err == nil {
		at = "attr"
		s.Attr, err = ParseAttr(in.Attr)
	}
	s.Mono = s.Attr
	if err == nil && in.Mono != nil {
		at = "mono"
		s.Mono, err = ParseAttr(*in.Mono)
	}
	if err != nil {
		return s, &keyError{[]string{"styles", name, at}, err}
	}
	return s, nil
}

func (f *file) color(s string) (Color, error) {
	if v, ok := f.Palette[s]; ok {
		s = v
	}
	return ParseColor(s)
}

// oneLine keeps a TOML error's place and drops the excerpt that spans lines.
func oneLine(err error) (line int, short error) {
	var pe toml.ParseError
	if errors.As(err, &pe) {
		if pe.LastKey == "" {
			return pe.Position.Line, errors.New(pe.Message)
		}
		return pe.Position.Line, fmt.Errorf("key %q: %s", pe.LastKey, pe.Message)
	}
	return 0, errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
}

func unknownToken(name string) error {
	if near := nearest.Words(name, tokenNames[:]); len(near) > 0 {
		return fmt.Errorf("not a token: did you mean %s?", near[0])
	}
	return fmt.Errorf("not a token; there are: %s", strings.Join(tokenNames[:], " "))
}
