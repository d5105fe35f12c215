package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cxlens/internal/lookup"
	"cxlens/internal/nearest"
)

// Lookups is the [names] table: what is shown beside addresses, and whom to ask for it.
type Lookups struct {
	// Show is off, networks or all; without it all, where there is anything to show, else off.
	Show string `toml:"show"`
	// Own are the named networks that are one's own; without it internal.
	Own []string `toml:"own"`
	// DNS allows to ask the DNS for the names of the addresses on the screen, which tells others that
	// somebody looks at them.
	DNS bool `toml:"dns"`
	// GeoIP and ASN are MaxMind DB files; "~/" is the home folder, and what is relative is so to
	// the configuration's folder.
	GeoIP string `toml:"geoip"`
	ASN   string `toml:"asn"`
}

// Lookup returns the settings of [names] with the named networks. An error names the key.
func (c *Config) Lookup() (lookup.Settings, error) {
	var s lookup.Settings
	sets := c.Named()
	names := slices.Sorted(maps.Keys(defaultNetworks))
	for name := range c.Networks {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var err error
	if s.Networks, err = lookup.NewNetworks(names, sets); err != nil {
		return s, err
	}
	if s.Own = c.Lookups.Own; s.Own == nil {
		s.Own = []string{"internal"}
	}
	for _, own := range s.Own {
		if !slices.Contains(names, own) {
			return s, fmt.Errorf("names.own: %s", unknownWord("network", own, names))
		}
	}
	s.DNS = c.Lookups.DNS
	for _, f := range []struct {
		key, path string
		to        *string
	}{{"geoip", c.Lookups.GeoIP, &s.Geo}, {"asn", c.Lookups.ASN, &s.ASN}} {
		if f.path == "" {
			continue
		}
		if *f.to, err = besideConfig(f.path); err != nil {
			return s, fmt.Errorf("names.%s: %w", f.key, err)
		}
	}
	switch {
	case c.Lookups.Show != "":
		if s.Show, err = lookup.ParseShow(c.Lookups.Show); err != nil {
			return s, fmt.Errorf("names.show: %w", err)
		}
	case len(c.Networks) > 0 || s.DNS || s.Geo != "" || s.ASN != "":
		s.Show = lookup.ShowAll
	}
	return s, nil
}

// unknownWord says that there is no such thing, and which one may have been meant.
func unknownWord(thing, word string, words []string) string {
	if near := nearest.Words(word, words); len(near) > 0 {
		return fmt.Sprintf("there is no %s %q; did you mean %q?", thing, word, near[0])
	}
	return fmt.Sprintf("there is no %s %q", thing, word)
}

// besideConfig is a path of the configuration, absolute.
func besideConfig(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("%q: %w", path, err)
		}
		path = filepath.Join(home, rest)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(Path()), path)
	}
	return path, nil
}
