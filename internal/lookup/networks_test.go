package lookup

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func networks(t testing.TB, sets map[string]string) *Networks {
	t.Helper()
	var names []string
	for name := range sets {
		names = append(names, name)
	}
	n, err := NewNetworks(names, sets)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNetworks(t *testing.T) {
	n := networks(t, map[string]string{
		"internal": "[10.0.0.0/8 192.168.0.0/16 fc00::/7]",
		"dmz":      "[192.0.2.0/24 2001:db8:7::/48]",
		"web":      "[10.1.2.0-10.1.2.99 192.0.2.80]",
		"ours":     "[$internal $dmz]",
		"any":      "[0.0.0.0/0 ::/0]",
		"last":     "255.255.255.255",
	})
	for addr, want := range map[string]string{
		"10.0.0.7":           "internal ours any",
		"10.1.2.99":          "web internal ours any",
		"10.1.2.100":         "internal ours any",
		"192.0.2.80":         "web dmz ours any",
		"192.0.2.81":         "dmz ours any",
		"192.0.3.0":          "any",
		"255.255.255.255":    "last any",
		"255.255.255.254":    "any",
		"fd00::1":            "internal ours any",
		"2001:db8:7:9::1":    "dmz ours any",
		"::ffff:192.0.2.80":  "any",
		"ffff:ffff:ffff::1":  "any",
		"0.0.0.0":            "any",
		"2001:db8:8::":       "any",
		"2001:db8:6:ffff::f": "any",
	} {
		if got := strings.Join(n.Of(netip.MustParseAddr(addr)), " "); got != want {
			t.Errorf("%s is in %q, want %q", addr, got, want)
		}
	}
	if got := (*Networks)(nil).Of(netip.MustParseAddr("10.0.0.1")); got != nil {
		t.Errorf("no networks have %q", got)
	}
}

func TestNetworksRefuse(t *testing.T) {
	for set, want := range map[string]string{
		"https": `network a: `,
		"$b":    "network a: ",
	} {
		if _, err := NewNetworks([]string{"a"}, map[string]string{"a": set}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", set, err)
		}
	}
	if _, err := NewNetworks([]string{"a b"}, nil); err == nil {
		t.Error("a name with a blank was taken")
	}
}

// TestNetworksAsOneByOne holds the pieces against a look at every range.
func TestNetworksAsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]string{"10.0.0.", "255.255.255.", "0.0.0.", "2001:db8::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff", "::"}).Draw(t, "base")
		text := func(n int) string {
			if strings.Contains(base, ":") {
				return fmt.Sprintf("%s%02x", base, n)
			}
			return fmt.Sprintf("%s%d", base, n)
		}
		type rang struct{ lo, hi int }
		sets, ranges := map[string]string{}, map[string][]rang{}
		for _, name := range []string{"a", "b", "c", "d"} {
			for range rapid.IntRange(0, 4).Draw(t, "ranges") {
				lo := rapid.IntRange(0, 255).Draw(t, "lo")
				hi := rapid.IntRange(lo, 255).Draw(t, "hi")
				ranges[name] = append(ranges[name], rang{lo, hi})
				sets[name] += " " + text(lo) + "-" + text(hi)
			}
		}
		for name := range sets {
			sets[name] = "[" + sets[name] + "]"
		}
		var names []string
		for name := range sets {
			names = append(names, name)
		}
		n, err := NewNetworks(names, sets)
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, 255).Draw(t, "at")
		type found struct {
			name      string
			size, all int
		}
		var want []found
		for name, list := range ranges {
			f := found{name: name}
			for _, r := range list {
				f.all += r.hi - r.lo + 1
				if r.lo <= at && at <= r.hi && (f.size == 0 || r.hi-r.lo+1 < f.size) {
					f.size = r.hi - r.lo + 1
				}
			}
			if f.size > 0 {
				want = append(want, f)
			}
		}
		slices.SortFunc(want, func(a, b found) int {
			if a.size != b.size {
				return a.size - b.size
			}
			if a.all != b.all {
				return a.all - b.all
			}
			return strings.Compare(a.name, b.name)
		})
		got := n.Of(netip.MustParseAddr(text(at)))
		if len(got) != len(want) {
			t.Fatalf("%s is in %q, want %v; %v", text(at), got, want, sets)
		}
		for i := range want {
			if got[i] != want[i].name {
				t.Fatalf("%s is in %q, want %v; %v", text(at), got, want, sets)
			}
		}
	})
}

func BenchmarkNetworks(b *testing.B) {
	sets := map[string]string{}
	for i := range 1000 {
		sets[fmt.Sprintf("n%d", i)] = fmt.Sprintf("[10.%d.%d.0/24 2001:db8:%x::/48]", i/250, i%250, i)
	}
	n := networks(b, sets)
	a := netip.MustParseAddr("10.2.77.9")
	for b.Loop() {
		if len(n.Of(a)) != 1 {
			b.Fatal("not found")
		}
	}
}
