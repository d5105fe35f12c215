package meter_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
	"cxlens/internal/node/nodetest"
	"cxlens/internal/node/packed"
)

// endpoint and pair name a flow as the references do, without direction: the lower endpoint first.
type pair struct {
	proto uint8
	a, b  netip.AddrPort
}

// sums are packets and frame bytes that a and b sent.
type sums [4]uint64

func pairOf(proto uint8, src, dst netip.AddrPort, s sums) (pair, sums) {
	if proto == flow.ICMP || proto == flow.ICMP6 { // compared per address pair: the references know no id
		src, dst = netip.AddrPortFrom(src.Addr(), 0), netip.AddrPortFrom(dst.Addr(), 0)
	}
	if src.Compare(dst) > 0 {
		return pair{proto, dst, src}, sums{s[2], s[3], s[0], s[1]}
	}
	return pair{proto, src, dst}, s
}

// totals sum flows by pair, and keep the source of each pair's first flow.
type totals struct {
	sums  map[pair]sums
	src   map[pair]netip.AddrPort
	first map[pair]uint64
}

func newTotals() totals {
	return totals{map[pair]sums{}, map[pair]netip.AddrPort{}, map[pair]uint64{}}
}

// add sums a flow; n numbers flows in the order of their first packets.
func (t totals) add(n uint64, proto uint8, src, dst netip.AddrPort, s sums) {
	p, s := pairOf(proto, src, dst, s)
	if first, ok := t.first[p]; !ok || n < first {
		t.first[p], t.src[p] = n, src
	}
	old := t.sums[p]
	for i := range s {
		old[i] += s[i]
	}
	if p.a == p.b { // both directions look the same: only their sum can be compared
		old[0], old[1], old[2], old[3] = old[0]+old[2], old[1]+old[3], 0, 0
	}
	t.sums[p] = old
}

// laterFragments are the captures that have later fragments, and how many. The
// references skip these packets where we count them with the flow of their first
// fragment; so the comparison leaves them out and holds their number against this
// list. Every other capture is compared whole.
var laterFragments = map[string]uint64{
	"dnscrypt-v1-and-resolver-pings.pcap": 120,
}

// metered runs a capture through a Meter, but for later fragments, and sums its flows.
func metered(t testing.TB, path string) (totals, meter.Stats, error) {
	t.Helper()
	var skipped uint64
	defer func() {
		if want := laterFragments[filepath.Base(path)]; skipped != want {
			t.Errorf("%d later fragments, the list has %d", skipped, want)
		}
	}()
	in, err := packed.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	got := newTotals()
	m := meter.New(meter.Options{}, func(r *flow.Record) {
		got.add(r.ID%1e9, r.Proto, netip.AddrPortFrom(r.Src.Netip(r.IPVersion), r.SrcPort), netip.AddrPortFrom(r.Dst.Netip(r.IPVersion), r.DstPort),
			sums{r.SrcPackets, r.SrcBytes, r.DstPackets, r.DstBytes})
	})
	c, err := capture.NewReader(filepath.Base(path), in)
	if err != nil {
		return got, m.Stats(), err
	}
	probe := meter.New(meter.Options{}, func(*flow.Record) {})
	for {
		p, err := c.Next()
		if err != nil {
			m.Flush()
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return got, m.Stats(), err
		}
		if probe.Add(p); probe.Stats().Fragments > skipped {
			skipped++
			continue
		}
		m.Add(p)
	}
}

// different lists, sorted, the pairs in which two totals differ.
func different(got, want totals) []string {
	var out []string
	for p, w := range want.sums {
		if g := got.sums[p]; g != w {
			out = append(out, fmt.Sprintf("%v: got %v, want %v", p, g, w))
		}
		if g, w := got.src[p], want.src[p]; g != w && p.proto != flow.ICMP && p.proto != flow.ICMP6 {
			out = append(out, fmt.Sprintf("%v: the source is %v, want %v", p, g, w))
		}
	}
	for p, g := range got.sums {
		if _, ok := want.sums[p]; !ok {
			out = append(out, fmt.Sprintf("%v: got %v, want none", p, g))
		}
	}
	sort.Strings(out)
	return out
}

func readRef(t *testing.T, path string) totals {
	t.Helper()
	in, err := packed.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	want := newTotals()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(f[0], "#") {
			continue
		}
		n := numbers(t, f[0], f[2], f[4], f[5], f[6], f[7], f[8])
		src := netip.AddrPortFrom(netip.MustParseAddr(f[1]), uint16(n[1]))
		dst := netip.AddrPortFrom(netip.MustParseAddr(f[3]), uint16(n[2]))
		want.add(uint64(len(want.sums)), uint8(n[0]), src, dst, sums{n[3], n[4], n[5], n[6]})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return want
}

func numbers(t testing.TB, fields ...string) []uint64 {
	t.Helper()
	out := make([]uint64, len(fields))
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = n
	}
	return out
}

// TestReference holds our flows of the 11 captures, summed per 5-tuple, against a table
// made by an independent program.
func TestReference(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(nodetest.Data(t, "ref"), "*.refflows.tsv.gz"))
	if err != nil || len(files) != 11 {
		t.Fatalf("%d reference tables, want 11 (%v)", len(files), err)
	}
	for _, ref := range files {
		name := strings.TrimSuffix(filepath.Base(ref), ".refflows.tsv.gz")
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(nodetest.Data(t, "pcap"), name+".pcap.gz")
			if _, err := os.Stat(path); err != nil {
				path = strings.TrimSuffix(path, ".gz")
			}
			got, stats, err := metered(t, path)
			want := readRef(t, ref)
			t.Logf("%+v, %d pairs", stats, len(want.sums))
			if err != nil {
				t.Error(err)
			}
			for _, d := range different(got, want) {
				t.Error(d)
			}
		})
	}
}

var (
	ndpiLine  = regexp.MustCompile(`^\t\d+\t(\S+) (\[?[0-9a-fA-F:.]+?\]?):(\d+) (?:<->|->) (\[?[0-9a-fA-F:.]+?\]?):(\d+) (.*)$`)
	ndpiBytes = regexp.MustCompile(`\[(\d+) pkts/(\d+) bytes (?:<->|->) (\d+) pkts/(\d+) bytes\]`)
	ndpiProto = map[string]uint8{
		"TCP": 6, "UDP": 17, "ICMP": 1, "ICMPV6": 58, "IGMP": 2, "GRE": 47, "ESP": 50, "AH": 51, "SCTP": 132,
		"VRRP": 112, "OSPF": 89, "PIM": 103, "PGM": 113, "EGP": 8, "IPIP": 4, "IPSEC": 50, "IP-in-IP": 4,
	}
)

// ndpiAddr is an address as nDPI prints it: it rewrites every ":0:" of IPv6 text as "::".
func ndpiAddr(a netip.Addr) string { return strings.ReplaceAll(a.String(), ":0:", "::") }

// textTotals are totals whose addresses are text, since nDPI's need not be valid.
type textTotals map[string]sums

func (t textTotals) add(proto uint8, a string, aPort uint64, b string, bPort uint64, s sums) {
	if proto == flow.ICMP || proto == flow.ICMP6 {
		aPort, bPort = 0, 0
	}
	x, y := fmt.Sprintf("%s %d", a, aPort), fmt.Sprintf("%s %d", b, bPort)
	if x > y {
		x, y, s = y, x, sums{s[2], s[3], s[0], s[1]}
	}
	if x == y {
		s = sums{s[0] + s[2], s[1] + s[3], 0, 0}
	}
	name := fmt.Sprintf("%d %s %s", proto, x, y)
	old := t[name]
	for i := range s {
		old[i] += s[i]
	}
	t[name] = old
}

func readNDPI(t *testing.T, path string) textTotals {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := textTotals{}
	for line := range strings.Lines(string(data)) {
		m := ndpiLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		b := ndpiBytes.FindStringSubmatch(m[6])
		if b == nil {
			t.Fatalf("flow without counts: %q", line)
		}
		proto, ok := ndpiProto[m[1]]
		if !ok {
			n := numbers(t, m[1])
			proto = uint8(n[0])
		}
		n := numbers(t, append([]string{m[3], m[5]}, b[1:]...)...)
		want.add(proto, strings.Trim(m[2], "[]"), n[0], strings.Trim(m[4], "[]"), n[1], sums(n[2:6]))
	}
	return want
}

// TestNDPI holds our flows of 146 captures, summed per 5-tuple, against nDPI's.
func TestNDPI(t *testing.T) {
	list, err := os.ReadFile(nodetest.Data(t, "expected", "ndpi", "STRICT.txt"))
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(list))
	if len(names) != 146 {
		t.Fatalf("%d captures, want 146", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			path := nodetest.Data(t, "expected", "ndpi", name)
			flows, stats, err := metered(t, path)
			if err != nil {
				t.Error(err)
			}
			got := textTotals{}
			for p, s := range flows.sums {
				got.add(p.proto, ndpiAddr(p.a.Addr()), uint64(p.a.Port()), ndpiAddr(p.b.Addr()), uint64(p.b.Port()), s)
			}
			want := readNDPI(t, path+".out")
			if len(want) == 0 {
				t.Error("no flows were read from the reference")
			}
			for n, w := range want {
				if got[n] != w {
					t.Errorf("%s: got %v, want %v", n, got[n], w)
				}
			}
			for n, g := range got {
				if _, ok := want[n]; !ok {
					t.Errorf("%s: got %v, want none", n, g)
				}
			}
			if t.Failed() {
				t.Logf("%+v", stats)
			}
		})
	}
}

// files lists the files of a folder of the real captures.
func files(t *testing.T, folder string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(nodetest.Data(t, folder), "*"))
	if err != nil || len(list) == 0 {
		t.Fatalf("no files in %s (%v)", folder, err)
	}
	return list
}

// addFile gives a meter all packets of a capture and returns its damage.
func addFile(t *testing.T, m *meter.Meter, path string) error {
	t.Helper()
	in, err := packed.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	c, err := capture.NewReader(filepath.Base(path), in)
	for err == nil {
		var p *capture.Packet
		if p, err = c.Next(); err == nil {
			m.Add(p)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
