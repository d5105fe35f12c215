package config

import (
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/lookup"
)

func TestLookup(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	c, err := Load(write(t, `
[networks]
dmz = ["192.0.2.0/24"]
[names]
own = ["internal", "dmz"]
dns = true
geoip = "~/geo/GeoLite2-City.mmdb"
asn = "GeoLite2-ASN.mmdb"
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Lookup()
	if err != nil {
		t.Fatal(err)
	}
	if s.Show != lookup.ShowAll || !s.DNS || s.Geo != "/home/me/geo/GeoLite2-City.mmdb" || s.ASN != filepath.Join(filepath.Dir(Path()), "GeoLite2-ASN.mmdb") {
		t.Errorf("%+v", s)
	}
	for addr, want := range map[string]string{"10.0.0.1": "internal", "192.0.2.1": "dmz", "203.0.113.1": ""} {
		got := s.Networks.Of(netip.MustParseAddr(addr))
		if strings.Join(got, " ") != want || s.IsOwn(got) != (want != "") {
			t.Errorf("%s is in %q, own %v", addr, got, s.IsOwn(got))
		}
	}
}

// TestShowByDefault: labels show when there is something to show that the configuration asked for.
func TestShowByDefault(t *testing.T) {
	for text, want := range map[string]lookup.Show{
		"":                                    lookup.ShowOff,
		"[networks]\ndmz = [\"192.0.2.1\"]":   lookup.ShowAll,
		"[names]\ndns = true":                 lookup.ShowAll,
		"[names]\ndns = false":                lookup.ShowOff,
		"[names]\nasn = \"a.mmdb\"":           lookup.ShowAll,
		"[names]\ngeoip = \"a.mmdb\"":         lookup.ShowAll,
		"[names]\nshow = \"networks\"":        lookup.ShowNetworks,
		"[names]\ndns = true\nshow = \"off\"": lookup.ShowOff,
	} {
		c, err := Load(write(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if s, err := c.Lookup(); err != nil || s.Show != want || s.DNS && !strings.Contains(text, "true") {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}

func TestLookupRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"[names]\n# what\nshwo = \"all\"":            "config.toml:3: unknown key names.shwo; did you mean names.show?",
		"theme = \"dark\"\n[nmaes]\ndns = true":      "config.toml:2: unknown key nmaes; did you mean names?",
		"names.dsn = true":                           "config.toml:1: unknown key names.dsn; did you mean names.dns?",
		"[servers.lab]\naddres = \"a:1\"":            "config.toml:2: unknown key servers.lab.addres; did you mean servers.lab.address?",
		"[names]\n\nshow = \"al\"":                   `config.toml:3: names.show: "al" is not one of off, networks, all; did you mean "all"?`,
		"[names]\nown = [\"internal\", \"intrnal\"]": `config.toml:2: names.own: there is no network "intrnal"; did you mean "internal"?`,
		"[names]\ndns = \"yes\"":                     "line 2",
		"[networks]\nx = [\"10.0.0.0/8\"]\ny = []":   "config.toml:3: networks.y: the list is empty",
		"names = { geo = \"x\" }":                    "config.toml:1: unknown key names.geo",
	} {
		_, err := Load(write(t, text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
