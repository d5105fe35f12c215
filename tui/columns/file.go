package columns

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/google/renameio/v2"

	"cxlens/internal/flow"
	"cxlens/internal/smallfile"
	"cxlens/tui/table"
)

// maxFile is how large the file is at most, in bytes; all columns with their widths take a tenth of it.
const maxFile = 16 << 10

// fileHead stands first in the file.
const fileHead = "# The columns of the table as they were left. cxlens writes this file when they change.\n"

// kept is the file.
type kept struct {
	Columns []string       `toml:"columns"`
	Frozen  int            `toml:"frozen"`
	Widths  map[string]int `toml:"widths"`
}

// Load reads the columns that were kept at path; without a file they are as at first. An error names
// the file; the columns are as at first then, too.
func Load(path string) (table.Shape, error) {
	data, err := smallfile.Read(path, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return table.DefaultShape(), nil
	case err != nil:
		return table.DefaultShape(), fmt.Errorf("read the columns: %w", err)
	}
	s, err := parse(data)
	if err != nil {
		return table.DefaultShape(), fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// parse reads the file's text.
func parse(data []byte) (table.Shape, error) {
	var k kept
	meta, err := toml.Decode(string(data), &k)
	if err != nil {
		return table.Shape{}, errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return table.Shape{}, fmt.Errorf("unknown key %s", extra[0])
	}
	s := table.Shape{Frozen: k.Frozen, Widths: make(map[flow.Column]int)}
	for _, name := range k.Columns {
		c, ok := flow.ParseShown(name)
		switch {
		case !ok:
			return table.Shape{}, fmt.Errorf("there is no column %q", name)
		case slices.Contains(s.Columns, c):
			return table.Shape{}, fmt.Errorf("column %s is there twice", name)
		}
		s.Columns = append(s.Columns, c)
	}
	for name, w := range k.Widths {
		c, ok := flow.ParseShown(name)
		switch {
		case !ok:
			return table.Shape{}, fmt.Errorf("widths: there is no column %q", name)
		case w < table.MinWidth || w > table.MaxWidth:
			return table.Shape{}, fmt.Errorf("widths: %s is %d, not from %d to %d", name, w, table.MinWidth, table.MaxWidth)
		}
		s.Widths[c] = w
	}
	switch {
	case len(s.Columns) == 0:
		return table.Shape{}, errors.New("there is no column in it")
	case s.Frozen < 0 || s.Frozen >= len(s.Columns):
		return table.Shape{}, fmt.Errorf("frozen is %d, not from 0 to %d", s.Frozen, len(s.Columns)-1)
	}
	return s, nil
}

// Save keeps the columns at path. The file is replaced as a whole, so that another program that reads
// it at the same time gets the old or the new one.
func Save(path string, s table.Shape) error {
	data, err := text(s)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = renameio.WriteFile(path, data, 0o600, renameio.WithStaticPermissions(0o600))
	}
	if err != nil {
		return fmt.Errorf("keep the columns: %w", err)
	}
	return nil
}

func text(s table.Shape) ([]byte, error) {
	k := kept{Frozen: s.Frozen, Widths: make(map[string]int)}
	for _, c := range s.Columns {
		k.Columns = append(k.Columns, c.String())
	}
	for c, w := range s.Widths {
		k.Widths[c.String()] = w
	}
	out := bytes.NewBufferString(fileHead)
	err := toml.NewEncoder(out).Encode(k)
	return out.Bytes(), err
}

// SetAside moves a file that could not be read out of the way of the next one and returns where it is.
func SetAside(path string) (string, error) {
	to := path + ".damaged"
	if err := os.Rename(path, to); err != nil {
		return "", fmt.Errorf("set the damaged columns aside: %w", err)
	}
	return to, nil
}
