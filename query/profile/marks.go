package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/google/renameio/v2"

	"cxlens/internal/smallfile"
)

// Favourites is how many favourites there are, numbered from 1.
const Favourites = 9

// Marks are what a person noted about profiles, in one file of their own: shared profiles are never written.
type Marks struct {
	// Start is the profile that is run when the screen begins with no query, "" for none.
	Start string
	// Favourite are the profiles by number, 1 to 9, "" for none; place 0 is not used.
	Favourite [Favourites + 1]string

	extra map[string]any // keys that are not known here
}

// Number is the favourite number of a profile, 0 for none.
func (m Marks) Number(name string) int {
	if name == "" {
		return 0
	}
	return slices.Index(m.Favourite[1:], name) + 1
}

// marksForm is the file.
type marksForm struct {
	Start      string            `toml:"start,omitempty"`
	Favourites map[string]string `toml:"favourites,omitempty"`
}

// Marks reads the marks; a file that does not exist has none. Errors name the file and the key.
func (s Store) Marks() (Marks, error) {
	if s.MarksFile == "" {
		return Marks{}, nil
	}
	data, err := smallfile.Read(s.MarksFile, MaxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Marks{}, nil
	}
	if err != nil {
		return Marks{}, fmt.Errorf("favourites: %w", err)
	}
	m, err := parseMarks(data)
	if err != nil {
		return Marks{}, fmt.Errorf("%s: %w; mend the file or delete it", s.MarksFile, err)
	}
	return m, nil
}

func parseMarks(data []byte) (Marks, error) {
	var f marksForm
	raw := make(map[string]any)
	for _, into := range []any{&raw, &f} {
		if err := toml.Unmarshal(data, into); err != nil {
			return Marks{}, fmt.Errorf("%s", strings.Join(strings.Fields(err.Error()), " "))
		}
	}
	m := Marks{Start: f.Start, extra: without(raw, []string{"start", "favourites"})}
	if m.Start != "" {
		if err := CheckName(m.Start); err != nil {
			return Marks{}, fmt.Errorf("start: %w", err)
		}
	}
	for key, name := range f.Favourites {
		n, err := strconv.Atoi(key)
		if err != nil || n < 1 || n > Favourites || key != strconv.Itoa(n) {
			return Marks{}, fmt.Errorf("favourites.%s: the numbers are 1 to %d", key, Favourites)
		}
		if err := CheckName(name); err != nil {
			return Marks{}, fmt.Errorf("favourites.%d: %w", n, err)
		}
		m.Favourite[n] = name
	}
	return m, nil
}

// marshal writes the marks as parseMarks reads them.
func (m Marks) marshal() ([]byte, error) {
	values, tables := split(m.extra)
	if m.Start != "" {
		values["start"] = m.Start
	}
	numbers := make(map[string]string)
	for n, name := range m.Favourite {
		if name != "" {
			numbers[strconv.Itoa(n)] = name
		}
	}
	if len(numbers) > 0 {
		tables["favourites"] = numbers
	}
	var b bytes.Buffer
	enc := toml.NewEncoder(&b)
	enc.Indent = ""
	for _, part := range []map[string]any{values, tables} {
		if len(part) == 0 {
			continue
		}
		if err := enc.Encode(maps.Clone(part)); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// SetFavourite gives a profile a number, 1 to 9, and takes away the one that it had; 0 only takes it away. A
// profile that had the number has none then.
func (s Store) SetFavourite(name string, number int) error {
	if number < 0 || number > Favourites {
		return fmt.Errorf("favourite %d: the numbers are 1 to %d", number, Favourites)
	}
	return s.changeMarks(func(m *Marks) {
		if had := m.Number(name); had > 0 {
			m.Favourite[had] = ""
		}
		if number > 0 {
			m.Favourite[number] = name
		}
	})
}

// SetStart makes a profile the one that is run on start, "" for none.
func (s Store) SetStart(name string) error {
	return s.changeMarks(func(m *Marks) { m.Start = name })
}

// remark lets the marks of a profile follow its new name, or takes them away for "".
func (s Store) remark(name, to string) error {
	m, err := s.Marks()
	if err != nil || m.Start != name && m.Number(name) == 0 {
		return err
	}
	return s.changeMarks(func(m *Marks) {
		if m.Start == name {
			m.Start = to
		}
		for n := range m.Favourite {
			if m.Favourite[n] == name {
				m.Favourite[n] = to
			}
		}
	})
}

// changeMarks reads the file anew for every change, so that what another program noted stays.
func (s Store) changeMarks(change func(*Marks)) error {
	if s.MarksFile == "" {
		return errors.New("there is no file to keep favourites in")
	}
	m, err := s.Marks()
	if err != nil {
		return err
	}
	change(&m)
	data, err := m.marshal()
	if err != nil {
		return fmt.Errorf("%s: %w", s.MarksFile, err)
	}
	if err := os.MkdirAll(filepath.Dir(s.MarksFile), 0o700); err != nil {
		return fmt.Errorf("keep the favourites: %w", err)
	}
	if err := renameio.WriteFile(s.MarksFile, data, 0o600); err != nil {
		return fmt.Errorf("keep the favourites: %w", err)
	}
	return nil
}
