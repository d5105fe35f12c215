package lookup

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cxlens/internal/flow"
	"cxlens/internal/lookup/mmdbtest"
)

var built = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func cities() []byte {
	return mmdbtest.File("GeoLite2-City", built, map[string]mmdbtest.Record{
		"192.0.2.0/24":     mmdbtest.City("DE", "Germany", "Berlin"),
		"198.51.100.0/25":  mmdbtest.City("FR", "France\x1b[2J\u202e", ""),
		"2001:db8::/32":    mmdbtest.City("IS", strings.Repeat("Iceland ", 100), ""),
		"203.0.113.128/25": {"country_code": "NZ", "country": "New Zealand", "asn": "AS64511", "as_name": "Kiwi"},
	})
}

func systems() []byte {
	return mmdbtest.File("GeoLite2-ASN", built, map[string]mmdbtest.Record{
		"192.0.2.0/25": mmdbtest.System(64500, "Example Org"),
	})
}

func store(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path+"~", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

func TestDatabases(t *testing.T) {
	dir := t.TempDir()
	geo, asn := filepath.Join(dir, "city.mmdb"), filepath.Join(dir, "asn.mmdb")
	store(t, geo, cities())
	store(t, asn, systems())
	d := NewDatabases(Settings{Geo: geo, ASN: asn})
	if got := d.Of(netip.MustParseAddr("192.0.2.9")); got != (Place{}) {
		t.Errorf("before it was read: %+v", got)
	}
	if changed, errs := d.Load(); !changed || errs != nil {
		t.Fatal(changed, errs)
	}
	const city, as = "city.mmdb of 2026-11-01", "asn.mmdb of 2026-11-01"
	for addr, want := range map[string]Place{
		"192.0.2.9":      {Country: "DE", CountryName: "Germany", City: "Berlin", GeoSource: city, ASN: 64500, Org: "Example Org", ASNSource: as},
		"192.0.2.200":    {Country: "DE", CountryName: "Germany", City: "Berlin", GeoSource: city},
		"203.0.113.200":  {Country: "NZ", CountryName: "New Zealand", GeoSource: city, ASN: 64511, Org: "Kiwi", ASNSource: city},
		"203.0.113.1":    {},
		"10.0.0.1":       {},
		"2001:db9::":     {},
		"198.51.100.200": {},
	} {
		if diff := cmp.Diff(want, d.Of(netip.MustParseAddr(addr))); diff != "" {
			t.Errorf("%s: %s", addr, diff)
		}
	}
	for _, addr := range []string{"198.51.100.1", "2001:db8::1"} {
		p := d.Of(netip.MustParseAddr(addr))
		if p.CountryName == "" || flow.Clean(p.CountryName) != p.CountryName || len(p.CountryName) > maxText+3 {
			t.Errorf("%s: %+v", addr, p)
		}
	}
}

// TestDatabasesFollowTheFile: another file is read, the same one is not, and a bad one leaves what was.
func TestDatabasesFollowTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "geo.mmdb")
	d := NewDatabases(Settings{Geo: path})
	at := netip.MustParseAddr("192.0.2.9")
	load := func(wantChanged bool, wantErr string) {
		t.Helper()
		changed, errs := d.Load()
		err := errors.Join(errs...)
		if changed != wantChanged || (err == nil) != (wantErr == "") || err != nil && (!strings.Contains(err.Error(), wantErr) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%v, %v; want %v, %q", changed, err, wantChanged, wantErr)
		}
	}
	load(false, "names.geoip: there is no file "+path+": put it there, or change the path in the configuration")
	load(false, "")
	store(t, path, systems())
	load(true, "")
	if p := d.Of(at); p.ASN != 64500 || p.Country != "" {
		t.Errorf("%+v", p)
	}
	load(false, "")
	store(t, path, []byte("<html>log in first</html>"))
	load(false, "names.geoip: "+path+" is no MaxMind DB file")
	load(false, "")
	if p := d.Of(at); p.ASN != 64500 {
		t.Errorf("a bad file took away the good one: %+v", p)
	}
	store(t, path, cities())
	load(true, "")
	if p := d.Of(at); p.Country != "DE" {
		t.Errorf("%+v", p)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	load(false, "not a regular file")
}

// FuzzDatabase: a damaged file says anything, but breaks nothing.
func FuzzDatabase(f *testing.F) {
	whole := cities()
	f.Add(0, byte(0), len(whole))
	f.Add(100, byte(0xff), len(whole))
	f.Add(len(whole)-20, byte(7), len(whole)-3)
	path := filepath.Join(f.TempDir(), "x.mmdb")
	f.Fuzz(func(t *testing.T, at int, value byte, length int) {
		data := cities()
		if at >= 0 && at < len(data) {
			data[at] = value
		}
		data = data[:min(max(length, 0), len(data))]
		store(t, path, data)
		d := NewDatabases(Settings{Geo: path, ASN: path})
		_, errs := d.Load()
		for _, err := range errs {
			if text := err.Error(); strings.Contains(text, "\n") || flow.Clean(text) != text {
				t.Errorf("%q", text)
			}
		}
		for _, a := range []string{"192.0.2.9", "198.51.100.1", "2001:db8::1", "203.0.113.200", "::", "255.255.255.255"} {
			p := d.Of(netip.MustParseAddr(a))
			for _, s := range []string{p.Country, p.CountryName, p.City, p.Org} {
				if flow.Clean(s) != s {
					t.Errorf("%q", s)
				}
			}
		}
	})
}

func BenchmarkDatabases(b *testing.B) {
	dir := b.TempDir()
	store(b, dir+"/c.mmdb", cities())
	store(b, dir+"/a.mmdb", systems())
	d := NewDatabases(Settings{Geo: dir + "/c.mmdb", ASN: dir + "/a.mmdb"})
	if _, errs := d.Load(); errs != nil {
		b.Fatal(errs)
	}
	a := netip.MustParseAddr("192.0.2.9")
	for b.Loop() {
		if d.Of(a).ASN == 0 {
			b.Fatal("not found")
		}
	}
}
