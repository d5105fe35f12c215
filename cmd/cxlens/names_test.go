package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cxlens/internal/config"
	"cxlens/internal/lookup/mmdbtest"
	"cxlens/internal/terminal"
)

// TestNetworkNames: the named networks of the configuration stand beside their addresses, and
// follow the file.
func TestNetworkNames(t *testing.T) {
	t.Parallel()
	env := home(t)
	path := under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml")
	save(t, path, "[networks]\noffice = [\"10.0.0.0/16\"]\n", 0o600)
	s := openSessions(t, terminal.Options{Cols: 200, Rows: 40, Env: env}, 30)
	s.shows("10.0.0.7 office")
	save(t, path, "[networks]\nlab = [\"10.0.0.0/16\"]\n", 0o600)
	s.shows("10.0.0.7 lab")
	s.press("N", "N") // all, off, networks
	s.shows("names beside addresses: networks", "10.0.0.7 lab")
	s.press("N", "N")
	s.shows("names beside addresses: off")
	s.hides("10.0.0.7 lab")
	s.press("ctrl+k")
	s.enter("names beside")
	s.shows("names beside addresses: networks", "10.0.0.7 lab")
}

// TestCountryAndSystem: what database files say of an address stands beside it and in its detail, each with its source.
func TestCountryAndSystem(t *testing.T) {
	t.Parallel()
	env := home(t)
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	city := mmdbtest.File("GeoLite2-City", built, map[string]mmdbtest.Record{"192.0.2.0/24": mmdbtest.City("DE", "Germany", "Berlin")})
	asn := mmdbtest.File("GeoLite2-ASN", built, map[string]mmdbtest.Record{"192.0.2.0/24": mmdbtest.System(64500, "Example Org")})
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "city.mmdb"), string(city), 0o600)
	save(t, under(t, env, "HOME", "asn.mmdb"), string(asn), 0o600)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "[names]\ngeoip = \"city.mmdb\"\nasn = \"~/asn.mmdb\"\n", 0o600)
	s := openSessions(t, terminal.Options{Cols: 200, Rows: 60, Env: env}, 30)
	s.shows("192.0.2.9 DE", "192.0.2.53 DE")
	s.press("j", "j", "enter")
	s.shows("DE Germany", "Berlin", "by city.mmdb of 2026-11-01", "AS64500 Example Org", "by asn.mmdb of 2026-11-01")
	s.press("esc")
	s.hides("by city.mmdb")
	s.shows("192.0.2.9 DE")
	s.press("N")
	s.hides("192.0.2.9 DE")
}

// TestNamesThatCannotBeRead: a file that is not there is a notice, and a mistake in the
// configuration is told with its line before anything is shown.
func TestNamesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	env := home(t)
	path := under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml")
	save(t, path, "[names]\ngeoip = \"/nowhere/city.mmdb\"\n", 0o600)
	s := openSessions(t, terminal.Options{Cols: 200, Rows: 40, Env: env}, 30)
	s.shows("names.geoip: there is no file /nowhere/city.mmdb: put it there, or change the path in the configuration")
	s.press("q")
	s.ends(exitFine)
	save(t, path, "[names]\n\ndsn = true\n", 0o600)
	s = openScreen(t, terminal.Options{Env: env}, "demo")
	s.shows("config.toml:3: unknown key names.dsn; did you mean names.dns?")
	s.ends(exitFailed)
}

// TestHostNames: with the configuration's word the names of the addresses on the screen are asked
// for, which is said; without it nobody is asked.
func TestHostNames(t *testing.T) {
	t.Parallel()
	hosts, err := os.ReadFile("/etc/hosts")
	if err != nil || !strings.Contains(string(hosts), "localhost") {
		t.Skip("this machine's /etc/hosts does not name 127.0.0.1, and a test asks nobody else")
	}
	file := save(t, t.TempDir()+"/stats.lo.1795161600", strings.NewReplacer("10.0.0.1|", "127.0.0.1|", "192.0.2.9|", "127.0.0.1|").Replace(session(0, indexed)), 0o600)
	for _, allowed := range []bool{true, false} {
		env := home(t)
		if allowed {
			save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "[names]\ndns = true\n", 0o600)
		}
		s := openScreen(t, terminal.Options{Cols: 200, Rows: 40, Env: env}, "open", file)
		s.shows("1 matched")
		if allowed {
			s.shows("127.0.0.1 localhost", "DNS look-ups of the addresses on the screen leave this machine", "DNS look-ups on")
			s.press("enter")
			s.shows("host name", "by reverse DNS")
			s.press("esc")
			s.hides("flow 1 of 1")
			s.press("ctrl+k")
			s.enter("DNS look-ups")
			s.shows("DNS look-ups are off; names that are known stay")
		} else {
			s.press("N", "N", "ctrl+k")
			s.enter("DNS look-ups")
			s.shows("the configuration does not allow DNS look-ups; dns = true under [names] does")
			s.press("ctrl+k")
			if err := s.Type("DNS look-ups"); err != nil {
				t.Fatal(err)
			}
			s.shows("for this run (now off)")
			s.press("esc")
			s.hides("now off")
			s.press("enter")
			s.shows("flow 1 of 1")
			if sc := s.Screen(); sc.Contains("localhost") || sc.Contains("reverse DNS") {
				t.Errorf("names without leave:\n%s", sc.Frame())
			}
			s.press("esc")
			s.hides("flow 1 of 1")
		}
		s.press("q")
		s.ends(exitFine)
	}
}

// TestNamesPage holds docs/names.md to the keys that the program reads.
func TestNamesPage(t *testing.T) {
	page := read(t, filepath.Join("..", "..", "docs", "names.md"))
	_, example, ok := strings.Cut(page, "```toml config\n")
	example, rest, closed := strings.Cut(example, "```")
	if !ok || !closed {
		t.Fatal("the page has no example")
	}
	c, err := config.Load(save(t, filepath.Join(t.TempDir(), "config.toml"), example, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Lookup(); err != nil {
		t.Error(err)
	}
	var told, known []string
	for line := range strings.Lines(rest) {
		if cell, ok := strings.CutPrefix(line, "| `"); ok {
			key, _, _ := strings.Cut(cell, "`")
			told = append(told, key)
		}
	}
	for f := range reflect.TypeFor[config.Lookups]().Fields() {
		known = append(known, f.Tag.Get("toml"))
		if v := reflect.ValueOf(c.Lookups).FieldByIndex(f.Index); v.IsZero() && f.Type.Kind() != reflect.Bool {
			t.Errorf("the example does not set %s", f.Name)
		}
	}
	if !slices.Equal(told, known) {
		t.Errorf("the page tells of %q, the program reads %q", told, known)
	}
}
