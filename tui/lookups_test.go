package tui

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/lookup"
	"cxlens/internal/lookup/mmdbtest"
)

// fakeDNS knows a name for every address in 192.0.2.0/24, and counts.
type fakeDNS struct {
	mu    sync.Mutex
	asked []string
	hold  chan struct{} // nil: answers come at once
}

func (f *fakeDNS) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	f.mu.Lock()
	f.asked = append(f.asked, addr)
	hold := f.hold
	f.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if last, ok := strings.CutPrefix(addr, "192.0.2."); ok {
		return []string{"h" + last + ".example.org."}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
}

func (f *fakeDNS) count() int { f.mu.Lock(); defer f.mu.Unlock(); return len(f.asked) }

func withDNS(t *testing.T, dns *fakeDNS, show lookup.Show, allowed bool) *screen {
	t.Helper()
	return start(t, 200, 60, newSource(), func(o *Options) {
		o.Lookup, o.Resolver = netSettings(t, show), dns
		o.Lookup.DNS = allowed
	})
}

// rest lets the screen stand still for long enough.
func (s *screen) rest() {
	s.t.Helper()
	s.send(screenRested{s.m.lookups.seq})
}

func TestHostNames(t *testing.T) {
	dns := &fakeDNS{}
	s := withDNS(t, dns, lookup.ShowAll, true)
	s.until("the names", func() bool { return strings.Contains(s.text(), "192.0.2.7 web h7.example") })
	s.sees("DNS look-ups of the addresses on the screen leave this machine", "DNS look-ups on")
	s.until("the answers", func() bool {
		return dns.count() >= len(s.m.table.Addresses()) && !s.m.lookups.hosts.Asking(s.m.table.Addresses()[0])
	})
	dns.mu.Lock()
	asked := slices.Clone(dns.asked)
	dns.mu.Unlock()
	for _, a := range s.m.table.Addresses() {
		if !slices.Contains(asked, a.String()) {
			t.Errorf("%s is on the screen and was not asked for", a)
		}
	}
	before := dns.count()
	s.rest()
	if n := dns.count(); n != before {
		t.Errorf("%d are asked for again", n-before)
	}
	s.keys("!", "esc")
	s.keys("pgdown")
	s.until("look-ups of the next page", func() bool { return dns.count() > before })
	if len(s.m.notices) != 1 {
		t.Errorf("%d notices: %q", len(s.m.notices), s.m.notices)
	}
	s.seesNot("leave this machine")
}

// TestNoLookupsUnlessAllowed: without the configuration's word nobody is asked, whatever is pressed.
func TestNoLookupsUnlessAllowed(t *testing.T) {
	dns := &fakeDNS{}
	s := withDNS(t, dns, lookup.ShowAll, false)
	for _, keys := range [][]string{{"N"}, {"N"}, {"N"}, {"pgdown"}, {"enter"}, {"esc"}} {
		s.keys(keys...)
		s.rest()
	}
	s.runs(actDNS)
	s.sees("the configuration does not allow DNS look-ups; dns = true under [names] does")
	s.rest()
	for _, show := range []lookup.Show{lookup.ShowOff, lookup.ShowNetworks} {
		quiet := withDNS(t, dns, show, true)
		quiet.keys("pgdown")
		quiet.rest()
	}
	if n := dns.count(); n != 0 {
		t.Errorf("%d look-ups: %q", n, dns.asked)
	}
}

// runs runs an action by name.
func (s *screen) runs(id string) { s.run(s.m.runByID(id)) }

// TestSwitchedOffAtOnce: what is under way is cancelled, and nothing more is asked for.
func TestSwitchedOffAtOnce(t *testing.T) {
	dns := &fakeDNS{hold: make(chan struct{})}
	s := withDNS(t, dns, lookup.ShowAll, true)
	s.until("look-ups", func() bool { s.rest(); return dns.count() == 8 })
	s.runs(actDNS)
	s.sees("DNS look-ups are off")
	s.keys("ctrl+k")
	s.typed("DNS look-ups")
	s.sees("for this run (now off)")
	s.keys("esc")
	close(dns.hold)
	s.keys("pgdown")
	s.rest()
	s.rest()
	if n := dns.count(); n != 8 {
		t.Errorf("%d look-ups", n)
	}
	s.keys("home")
	s.runs(actDNS)
	s.sees("DNS look-ups are on")
	s.until("the names", func() bool { return strings.Contains(s.text(), "192.0.2.7 web h7.example") })
	s.keys("N")
	s.seesNot("h7.example")
	before := dns.count()
	s.keys("pgdown")
	s.rest()
	if dns.count() != before {
		t.Error("names are off and looked up")
	}
}

// TestConfigurationSwitchesOff: the word of the configuration holds from the moment it is read again.
func TestConfigurationSwitchesOff(t *testing.T) {
	dns := &fakeDNS{}
	s := withDNS(t, dns, lookup.ShowAll, true)
	s.until("the names", func() bool { return strings.Contains(s.text(), "h7.example") })
	s.send(NamesChanged{Lookup: netSettings(t, lookup.ShowAll)})
	before := dns.count()
	s.keys("pgdown")
	s.rest()
	if dns.count() != before || s.m.asksDNS() {
		t.Error("the look-ups go on")
	}
}

// TestGroupsAskForNothing: rows that groups stand in the place of are not on the screen.
func TestGroupsAskForNothing(t *testing.T) {
	dns := &fakeDNS{hold: make(chan struct{})}
	s := withDNS(t, dns, lookup.ShowAll, true)
	s.m.lookups.seen = nil
	s.m.SetGrouping([]flow.Column{flow.ColSrcIP})
	if s.m.lookUp() != nil || s.m.lookups.seen != nil {
		t.Error("rows behind the groups are asked for")
	}
	s.m.SetGrouping(nil)
	if s.m.lookUp() == nil {
		t.Error("rows that are back are not asked for")
	}
}

func TestCountriesAndSystems(t *testing.T) {
	dir := t.TempDir()
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	geo, asn := filepath.Join(dir, "city.mmdb"), filepath.Join(dir, "asn.mmdb")
	for path, data := range map[string][]byte{
		geo: mmdbtest.File("GeoLite2-City", built, map[string]mmdbtest.Record{"192.0.2.0/24": mmdbtest.City("DE", "Germany", "Berlin")}),
		asn: mmdbtest.File("GeoLite2-ASN", built, map[string]mmdbtest.Record{"192.0.2.0/24": mmdbtest.System(64500, "Example Org")}),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dns := &fakeDNS{}
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		s := start(t, size[0], size[1], newSource(), func(o *Options) {
			o.Lookup, o.Resolver = netSettings(t, lookup.ShowAll), dns
			o.Lookup.DNS, o.Lookup.Geo, o.Lookup.ASN = true, geo, asn
		})
		s.mono()
		s.until("countries", func() bool { return strings.Contains(s.text(), "192.0.2.7 web DE") })
		s.until("all names", func() bool {
			return !slices.ContainsFunc(s.m.table.Addresses(), func(a netip.Addr) bool { _, ok := s.m.lookups.hosts.Of(a); return !ok })
		})
		s.m.forgetLabels()
		s.keys("enter")
		for range 40 {
			if strings.Contains(s.text(), "autonomous system by") {
				break
			}
			s.keys("down")
		}
		s.sees("web, dmz", "h7.example.org", "DE Germany", "AS64500 Example Org", "by city.mmdb of")
		golden(t, "facts-"+map[int]string{80: "80x24", 120: "120x40"}[size[0]], s)
	}
}

func TestMissingFileIsANotice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.mmdb")
	s := start(t, 200, 60, newSource(), func(o *Options) { o.Lookup.Geo = path })
	s.until("the notice", func() bool { return len(s.m.notices) > 0 })
	s.sees("names.geoip: there is no file " + path)
}

// BenchmarkLabelled draws 60 rows without labels, with labels that are known, and with addresses
// that were not on the screen before.
func BenchmarkLabelled(b *testing.B) {
	for _, show := range []lookup.Show{lookup.ShowOff, lookup.ShowAll} {
		for _, fresh := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/fresh=%v", show, fresh), func(b *testing.B) {
				m := benchModel(b, million(), 200, 64)
				m.opts.Lookup = netSettings(b, show)
				m.labels.show = show
				m.relabel()
				m.table.SetSize(156, 61)
				for b.Loop() {
					if fresh {
						m.labels.kept = nil
					}
					m.table.Relabel()
					m.table.View()
				}
			})
		}
	}
}
