package themes

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"

	"cxlens/internal/nearest"
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
	Palette    map[string]string    `toml:"palette"`
	Styles     map[string]fileStyle `toml:"styles"`
}

// parse reads a theme file. base finds the theme that a file inherits from, nil for a built-in
// theme, which must name every token itself. Every error names the file and the key.
func parse(name, path string, text []byte, base func(string) (*Theme, error)) (*Theme, error) {
	var f file
	md, err := toml.Decode(string(text), &f)
	if err != nil {
		return nil, fmt.Errorf("theme %s: %w", path, oneLine(err))
	}
	if extra := md.Undecoded(); len(extra) > 0 {
		return nil, fmt.Errorf("theme %s: key %s is not known: a style has fg, bg, attr and mono", path, extra[0])
	}
	th := &Theme{Name: name, Light: f.Background == "light"}
	if f.Background != "light" && f.Background != "dark" {
		return nil, fmt.Errorf("theme %s: background: %q is neither dark nor light", path, f.Background)
	}
	if base != nil {
		if err := inherit(th, f, path, base); err != nil {
			return nil, err
		}
	}
	if err := th.apply(f, path); err != nil {
		return nil, err
	}
	if base == nil && len(f.Styles) != int(NumTokens) {
		return nil, fmt.Errorf("theme %s: %d of %d tokens have a style", path, len(f.Styles), NumTokens)
	}
	return th, nil
}

func inherit(th *Theme, f file, path string, base func(string) (*Theme, error)) error {
	from := f.Inherit
	if from == "" {
		from = f.Background
	}
	b, err := base(from)
	if err != nil {
		return fmt.Errorf("theme %s: inherit: %w", path, err)
	}
	th.styles = b.styles
	return nil
}

func (th *Theme) apply(f file, path string) error {
	for _, name := range sortedKeys(f.Palette) {
		if _, err := ParseColor(f.Palette[name]); err != nil {
			return fmt.Errorf("theme %s: palette.%s: %w", path, name, err)
		}
	}
	for _, name := range sortedKeys(f.Styles) {
		t, ok := ParseToken(name)
		if !ok {
			return unknownToken(path, name)
		}
		s, err := f.style(name)
		if err != nil {
			return fmt.Errorf("theme %s: %w", path, err)
		}
		th.styles[t] = s
	}
	return nil
}

func (f *file) style(name string) (s Style, err error) {
	in := f.Styles[name]
	if s.FG, err = f.color(in.FG); err != nil {
		return s, fmt.Errorf("styles.%q.fg: %w", name, err)
	}
	if s.BG, err = f.color(in.BG); err != nil {
		return s, fmt.Errorf("styles.%q.bg: %w", name, err)
	}
	if s.Attr, err = ParseAttr(in.Attr); err != nil {
		return s, fmt.Errorf("styles.%q.attr: %w", name, err)
	}
	s.Mono = s.Attr
	if in.Mono != nil {
		if s.Mono, err = ParseAttr(*in.Mono); err != nil {
			return s, fmt.Errorf("styles.%q.mono: %w", name, err)
		}
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
func oneLine(err error) error {
	var pe toml.ParseError
	if errors.As(err, &pe) {
		return fmt.Errorf("line %d, key %q: %s", pe.Position.Line, pe.LastKey, pe.Message)
	}
	return errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func unknownToken(path, name string) error {
	if near := nearest.Words(name, tokenNames[:]); len(near) > 0 {
		return fmt.Errorf("theme %s: styles.%q is not a token: did you mean %s?", path, name, near[0])
	}
	return fmt.Errorf("theme %s: styles.%q is not a token; there are: %s", path, name, strings.Join(tokenNames[:], " "))
}
