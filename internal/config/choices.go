package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/adrg/xdg"
	"github.com/google/renameio/v2"

	"cxlens/internal/smallfile"
)

// Choices are what a person chose on the screen and finds again the next time. The program writes
// them; the configuration, which people write, and flags go before them.
type Choices struct {
	Theme string `toml:"theme,omitempty"`
	Mouse *bool  `toml:"mouse,omitempty"`
	// TimeZone is the zone of the times as ParseZone reads it; "" leaves it open.
	TimeZone string `toml:"time_zone,omitempty"`
	// Exact shows numbers exactly.
	Exact bool `toml:"exact,omitempty"`
}

// ChoicesPath is the file of the choices.
func ChoicesPath() string { return filepath.Join(xdg.StateHome, "cxlens", "screen.toml") }

// maxChoices bounds the file of the choices; it has a line for each.
const maxChoices = 64 << 10

// ChoiceStore keeps the choices in a file. Its methods may be called from several goroutines.
type ChoiceStore struct {
	path string
	mu   sync.Mutex
}

// NewChoiceStore returns the store at a path; the file and its folder need not exist.
func NewChoiceStore(path string) *ChoiceStore { return &ChoiceStore{path: path} }

// Load reads the choices; a missing file has none. An error names the file, and that the choices in
// it are not used.
func (s *ChoiceStore) Load() (Choices, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load()
}

func (s *ChoiceStore) load() (c Choices, err error) {
	text, err := smallfile.Read(s.path, maxChoices)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		_, err = toml.Decode(string(text), &c)
	}
	if err != nil {
		return Choices{}, fmt.Errorf("what was chosen on the screen before is not used: %s: %s", s.path, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return c, nil
}

// Keep changes the choices in the file, whole or not at all. A file that cannot be read is replaced.
func (s *ChoiceStore) Keep(change func(*Choices)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.load()
	if err != nil {
		c = Choices{}
	}
	change(&c)
	var b strings.Builder
	b.WriteString("# Written by cxlens: what was chosen on the screen. config.toml goes before it.\n")
	if err := toml.NewEncoder(&b).Encode(c); err != nil {
		return fmt.Errorf("keep what was chosen: %w", err)
	}
	err = os.MkdirAll(filepath.Dir(s.path), 0o700)
	if err == nil {
		err = renameio.WriteFile(s.path, []byte(b.String()), 0o600)
	}
	if err != nil {
		return fmt.Errorf("the choice is not kept for the next time: %w", err)
	}
	return nil
}
