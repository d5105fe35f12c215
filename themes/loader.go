package themes

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cxlens/internal/smallfile"
)

//go:embed *.toml
var builtin embed.FS

// Dark and Light are the built-in themes that the terminal's background chooses between, and those
// that the other ones inherit from.
const (
	Dark  = "dark"
	Light = "light"
)

// Builtin lists the themes that are part of the program, sorted.
func Builtin() []string {
	entries, err := builtin.ReadDir(".")
	if err != nil {
		panic(err) // the files are part of the program
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".toml")
	}
	slices.Sort(names)
	return names
}

func isBuiltin(name string) bool { return slices.Contains(Builtin(), name) }

// Loader finds themes by name: the user's own files before the built-in ones.
// Its zero value knows the built-in themes.
type Loader struct {
	// Dir holds the user's themes as NAME.toml; "" for none. It need not exist.
	Dir string
}

// Names lists the themes that can be loaded, sorted. A folder that cannot be read is an error.
func (l Loader) Names() ([]string, error) {
	names := Builtin()
	if l.Dir == "" {
		return names, nil
	}
	entries, err := os.ReadDir(l.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return names, fmt.Errorf("themes: %w", err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".toml"); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Own tells whether the theme of that name is a file of the user.
func (l Loader) Own(name string) bool {
	if l.Dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(l.Dir, name+".toml"))
	return err == nil
}

// Load reads the theme of that name. Errors name the file and the key that is wrong, or
// list the names there are.
func (l Loader) Load(name string) (*Theme, error) { return l.load(name, nil) }

// Auto is the built-in theme for a background.
func (l Loader) Auto(light bool) *Theme {
	name := Dark
	if light {
		name = Light
	}
	th, err := parseBuiltin(name)
	if err != nil {
		panic(err) // the files are part of the program and a test loads them
	}
	return th
}

func (l Loader) load(name string, seen []string) (*Theme, error) {
	if slices.Contains(seen, name) {
		return nil, fmt.Errorf("%s inherits from itself by way of %s", name, strings.Join(seen, ", "))
	}
	if name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return nil, fmt.Errorf("theme %q: a theme is named without folders or .toml", name)
	}
	base := func(from string) (*Theme, error) {
		if from == name && isBuiltin(name) {
			return parseBuiltin(from)
		}
		return l.load(from, append(seen, name))
	}
	if l.Dir != "" {
		path := filepath.Join(l.Dir, name+".toml")
		text, err := smallfile.Read(path, maxFile)
		if err == nil {
			return parse(name, path, text, base)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("theme %s: %w", name, err)
		}
	}
	if isBuiltin(name) {
		return parseBuiltin(name)
	}
	names, err := l.Names()
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("no theme %q: there are %s", name, strings.Join(names, ", "))
}

func parseBuiltin(name string) (*Theme, error) {
	text, err := builtin.ReadFile(name + ".toml")
	if err != nil {
		return nil, err
	}
	if name == Dark || name == Light {
		return parse(name, name+".toml", text, nil)
	}
	return parse(name, name+".toml", text, parseBuiltin) // never from a file of the user
}
