// Package config reads the analyst's configuration, $XDG_CONFIG_HOME/cxlens/config.toml
// (design.md, "What a person types"), and knows where cxlens keeps its files.
//
// It imports nothing of cxlens but secret, query, lookup and nearest. Its one surprising thing: a secret
// written into the file is refused, because such a file gets copied about.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/adrg/xdg"
)

// Config is config.toml.
type Config struct {
	// Theme is a theme's name, or "auto" to choose by the terminal's background.
	Theme string `toml:"theme"`
	// Mouse is false to leave the mouse to the terminal; nil is as it was chosen on the screen.
	Mouse *bool `toml:"mouse"`
	// Accessible prints lines for screen readers in place of a screen.
	Accessible bool `toml:"accessible"`
	// LowBandwidth is true to begin with the mode for slow links, false to have it only by its key; nil has it
	// begin by itself when the link is slow.
	LowBandwidth *bool `toml:"low_bandwidth"`
	// TimeZone is the zone of the times on the screen, see Zone.
	TimeZone string `toml:"time_zone"`
	// Server names the server to connect to; it may be left out when there is only one.
	Server  string            `toml:"server"`
	Servers map[string]Server `toml:"servers"`
	// Keys replaces the keys of actions, by the names that docs/keys.md gives them.
	Keys map[string][]string `toml:"keys"`
	// Networks and Lists are what $name stands for in queries: addresses, CIDR blocks and ranges, or
	// values of any one kind; "$other" is another one's values. See Named.
	Networks map[string][]string `toml:"networks"`
	Lists    map[string][]string `toml:"lists"`
	// Lookups is the table [names], see Lookup.
	Lookups Lookups `toml:"names"`
	// ProfileDirs are further folders with profiles, which are only read. See ProfileFolders.
	ProfileDirs []string `toml:"profile_dirs"`
}

// Server is a [servers.NAME] table.
type Server struct {
	Address  string `toml:"address"` // host:port of the server's client side
	Client   string `toml:"client"`  // the account's name
	Insecure bool   `toml:"insecure"`
	// Fingerprint is the SHA-256 of the server's certificate in hex, as `cxlens serve` prints it.
	Fingerprint string `toml:"fingerprint"`
	// SecretFile names a file that only its owner can read; SecretCommand prints the secret.
	SecretFile    string   `toml:"secret_file"`
	SecretCommand []string `toml:"secret_command"`
}

// Path is the configuration file's path.
func Path() string { return filepath.Join(xdg.ConfigHome, "cxlens", "config.toml") }

// ThemesDir is the folder of the user's own themes.
func ThemesDir() string { return filepath.Join(xdg.ConfigHome, "cxlens", "themes") }

// HistoryPath is the file of the queries that were run on the screen.
func HistoryPath() string { return filepath.Join(xdg.StateHome, "cxlens", "history") }

// TabsDir is the folder of the tabs that were open, one file a server.
func TabsDir() string { return filepath.Join(xdg.StateHome, "cxlens", "tabs") }

// ColumnsPath is the file in which the screen keeps how the columns of the table stand.
func ColumnsPath() string { return filepath.Join(xdg.StateHome, "cxlens", "columns.toml") }

// LogPath is the client's log file.
func LogPath() string { return filepath.Join(xdg.StateHome, "cxlens", "cxlens.log") }

// Load reads the configuration at path; a missing file is an empty configuration.
// Errors name the file, the line where it is known, and the key.
func Load(path string) (*Config, error) {
	var c Config
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	meta, err := toml.Decode(string(data), &c)
	if err != nil {
		return nil, fmt.Errorf("%s: %s%s", path, strings.ReplaceAll(err.Error(), "\n", " "), hint(err))
	}
	if err := unknownKeys(path, string(data), meta.Undecoded()); err != nil {
		return nil, err
	}
	if _, err := c.Zone(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.checkNamed(); err != nil {
		return nil, fmt.Errorf("%s: %w", withLine(path, string(data), err), err)
	}
	if _, err := c.Lookup(); err != nil {
		return nil, fmt.Errorf("%s: %w", withLine(path, string(data), err), err)
	}
	return &c, nil
}

// withLine is the file with the line of the key that an error begins with.
func withLine(path, text string, err error) string {
	key, _, _ := strings.Cut(err.Error(), ":")
	return at(path, text, strings.Split(key, "."))
}

func unknownKeys(path, text string, keys []toml.Key) error {
	for _, k := range keys {
		if k[len(k)-1] == "secret" {
			return fmt.Errorf("%s: %s: a secret does not belong into this file; use secret_file or secret_command", at(path, text, k), k)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	k := keys[0]
	if near := meant(k); near != "" {
		return fmt.Errorf("%s: unknown key %s; did you mean %s?", at(path, text, k), k, near)
	}
	return fmt.Errorf("%s: unknown key %s", at(path, text, k), k)
}

// Choose returns the server of that name; with name empty the one that the
// configuration names, or its only one. ok is false when no server is configured.
func (c *Config) Choose(name string) (s Server, ok bool, err error) {
	if name == "" {
		name = c.Server
	}
	if name == "" {
		switch len(c.Servers) {
		case 0:
			return Server{}, false, nil
		case 1:
			for _, s := range c.Servers {
				return s, true, nil
			}
		}
		return Server{}, false, fmt.Errorf("%d servers are configured (%s): choose one with --server or the key server",
			len(c.Servers), strings.Join(c.Names(), ", "))
	}
	s, ok = c.Servers[name]
	if !ok {
		return Server{}, false, fmt.Errorf("no server %q is configured", name)
	}
	return s, true, nil
}

// Names lists the configured servers in order.
func (c *Config) Names() []string {
	names := make([]string, 0, len(c.Servers))
	for n := range c.Servers {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
