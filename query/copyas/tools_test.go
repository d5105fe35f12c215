package copyas_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
	"cxlens/query"
	"cxlens/query/copyas"
	"cxlens/testdata"
)

// tool finds an installed program.
func tool(t *testing.T, name, debian string) string {
	t.Helper()
	if raced {
		t.Skip("the race detector sees nothing of other programs, and would only slow down what is compared with them")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (Debian: apt-get install %s)", name, debian)
	}
	return path
}

// run runs a program, which must not hang.
func run(t testing.TB, name string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	// No settings of the person who runs the test.
	cmd.Env = append(os.Environ(), "HOME="+os.TempDir(), "TZ=UTC", "LC_ALL=C")
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// sample unpacks the sample.
func sample(t testing.TB) string {
	t.Helper()
	r, err := zstd.NewReader(bytes.NewReader(testdata.Sample))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sample.pcap")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// flows meters a capture.
func flows(t testing.TB, path string) []flow.Record {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []flow.Record
	m := meter.New(meter.Options{}, func(r *flow.Record) { out = append(out, *r) })
	r, err := capture.NewReader(path, f)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := r.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
		m.Add(p)
	}
	m.Flush()
	return out
}

// pair is what two ends said to each other, whoever began it.
type pair struct {
	low, high         flow.Addr
	lowPort, highPort uint16
	proto             uint8
}

func pairOf(r *flow.Record) pair {
	c := r.Src.Compare(r.Dst)
	if c < 0 || c == 0 && r.SrcPort <= r.DstPort {
		return pair{r.Src, r.Dst, r.SrcPort, r.DstPort, r.Proto}
	}
	return pair{r.Dst, r.Src, r.DstPort, r.SrcPort, r.Proto}
}

func (p pair) String() string {
	version := uint8(6)
	if p.low.Netip(6).Is4In6() {
		version = 4
	}
	return strings.Join([]string{flow.ProtoName(p.proto), p.low.Text(version), p.high.Text(version)}, " ")
}

// turned is the flow as if its other end had begun it.
func turned(r flow.Record) flow.Record {
	r.Src, r.Dst, r.SrcPort, r.DstPort = r.Dst, r.Src, r.DstPort, r.SrcPort
	r.SrcPackets, r.SrcBytes, r.DstPackets, r.DstBytes = r.DstPackets, r.DstBytes, r.SrcPackets, r.SrcBytes
	r.SrcFlags, r.DstFlags = r.DstFlags, r.SrcFlags
	return r
}

func parse(t testing.TB, text string) *query.Query {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return q
}

// selected are the pairs of the flows that a query selects, in whatever direction.
func selected(t testing.TB, text string, records []flow.Record) map[pair]bool {
	t.Helper()
	f, err := parse(t, text).Filter(query.Env{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[pair]bool{}
	for i := range records {
		other := turned(records[i])
		if f.MatchRecord(&records[i], flow.NodeInfo{}) || f.MatchRecord(&other, flow.NodeInfo{}) {
			out[pairOf(&records[i])] = true
		}
	}
	return out
}

func pairs(records []flow.Record) map[pair]bool {
	out := map[pair]bool{}
	for i := range records {
		out[pairOf(&records[i])] = true
	}
	return out
}

// packetCase is a query whose packets are looked for in a capture.
type packetCase struct {
	text string
	// means is what the text stands for when that is not the query itself: a wider one, "" for the same.
	means string
	// wider says that the text may find more than it means.
	wider bool
	// more says that nfdump's whole numbers let neighbours pass.
	more bool
}

// packetCases are what BPF and Wireshark are both asked.
var packetCases = []packetCase{
	{text: "any"},
	{text: "tcp"},
	{text: "udp port dns"},
	{text: "tcp and dst port 443"},
	{text: "tcp and src ip 10.20.0.77 and dst port https"},
	{text: "tcp and src ip 10.20.0.66 and dst ip 10.20.1.22 and dst port 22"},
	{text: "net 10.20.1.0/24"},
	{text: "src net 10.20.0.0/24 and dst net [10.20.1.0/24 203.0.113.0/24]"},
	{text: "src net 10.20.0.0/16 and not dst net 10.20.0.0/16"},
	{text: "ip 10.20.0.11-10.20.0.14"},
	{text: "ip [10.20.1.53 fd00:20:1::53 10.20.0.20-10.20.0.30]"},
	{text: "ip6"},
	{text: "ip6 and tcp and dst port [80 443]"},
	{text: "net fd00:20:1::/64 and udp"},
	{text: "ip6 and not net fd00::/8"},
	{text: "tcp port 1-1024"},
	{text: "src port > 50000 and udp"},
	{text: "tcp and not port [22 53 80 443 6379]"},
	{text: "(tcp or udp) and port != 53"},
	{text: "not (tcp or udp)"},
	{text: "proto != 17"},
	{text: "ip != 10.20.0.66 and ip4 and tcp"},
	{text: "icmp or icmp6"},
	{text: "proto [1 58]"},
	{text: "proto 2-60 and ip4"},
	{text: "icmp and icmp id 0"},
	{text: "icmp id > 0"},
	{text: "flags any R"},
	{text: "tcp and not flags any RF", wider: true},
	{text: "dst flags any R and net 10.20.0.0/24"},
	{text: "ip < 10.20.0.20 and tcp"},
	{text: "ip >= 203.0.113.0"},
	{text: "port < 1024", means: "(tcp or udp) and port < 1024"},
	{text: "service ssh", means: "tcp port [22 2222]"},
	{text: "src flags S/SA and src ip 10.20.0.66", wider: true},
	{text: "flags = S", wider: true},
	{text: "src flags SA and tcp", wider: true},
	{text: "dst flags any R and src flags any S", wider: true},
	{text: "dst port 443 and bytes > 20000", means: "tcp and dst port 443"},
	{text: "tcp and (state REJ or port 22)", means: "tcp"},
	{text: "udp and not (duration > 1s and port 53)", means: "udp"},
}

// checkPackets compares the pairs that a tool found with those that are meant.
func checkPackets(t *testing.T, c packetCase, found, all map[pair]bool, records []flow.Record, stray func(pair) bool) {
	t.Helper()
	means := c.text
	if c.means != "" {
		means = c.means
	}
	want, own := selected(t, means, records), selected(t, c.text, records)
	if len(own) == 0 {
		t.Fatalf("%s selects nothing in the sample, so it shows nothing", c.text)
	}
	for p := range own {
		if !found[p] && (c.means == "" || want[p]) {
			t.Errorf("%s: lost %v", c.text, p)
			return
		}
	}
	for p := range found {
		if !want[p] && !c.wider && !stray(p) {
			t.Errorf("%s: found %v besides (%d pairs, meant are %d of %d)", c.text, p, len(found), len(want), len(all))
			return
		}
	}
	if c.wider && len(found) == len(all) {
		t.Errorf("%s: all %d pairs were found", c.text, len(all))
	}
}

func convert(t testing.TB, text string, target copyas.Target) (string, []copyas.Missing) {
	t.Helper()
	out, missing, err := copyas.Convert(parse(t, text), query.Env{}, target)
	if err != nil {
		t.Fatalf("%s as %s: %v", text, target, err)
	}
	return out, missing
}

// TestTcpdumpFindsTheFlows runs every BPF through libpcap's compiler and filter on the whole sample.
func TestTcpdumpFindsTheFlows(t *testing.T) {
	t.Parallel()
	tcpdump := tool(t, "tcpdump", "tcpdump")
	path := sample(t)
	records := flows(t, path)
	all := pairs(records)
	out := filepath.Join(t.TempDir(), "out.pcap")
	for _, c := range packetCases {
		text, _ := convert(t, c.text, copyas.BPF)
		if _, stderr, err := run(t, tcpdump, "-r", path, "-w", out, text); err != nil {
			t.Errorf("%s: %s: %v: %s", c.text, text, err, stderr)
			continue
		}
		checkPackets(t, c, pairs(flows(t, out)), all, records, func(pair) bool { return false })
	}
}

// tapScript makes one pass of tshark answer many filters: it prints the number of a filter and
// that of a packet which passes it.
const tapScript = `
local function tap(i, text)
  local listener = Listener.new("eth", text)
  function listener.packet(pinfo) io.stdout:write(i, " ", pinfo.number, "\n") end
end
-- The tap "eth" and not "frame": that one leaves out frames whose ICMP error quotes a packet that is cut.
for i, text in ipairs(filters) do
  local ok, err = pcall(tap, i, text)
  if not ok then io.stderr:write("filter ", i, ": ", err, "\n") end
end
`

// tapped asks tshark which packets pass each of the filters.
func tapped(t *testing.T, tshark, path string, filters []string) map[int][]int {
	t.Helper()
	var script strings.Builder
	script.WriteString("local filters = {")
	for _, f := range filters {
		script.WriteString("[==[" + f + "]==],\n")
	}
	script.WriteString("}" + tapScript)
	lua := filepath.Join(t.TempDir(), "tap.lua")
	if err := os.WriteFile(lua, []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	// The sample's packets are cut, so that fragments cannot be put together.
	stdout, stderr, err := run(t, tshark, "-n", "-q", "-r", path, "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-X", "lua_script:"+lua)
	if err != nil || strings.Contains(stderr, "filter ") {
		t.Fatalf("%v: %s", err, stderr)
	}
	out := map[int][]int{}
	for line := range strings.Lines(stdout) {
		var filter, packet int
		if _, err := fmt.Sscan(line, &filter, &packet); err != nil {
			t.Fatalf("tshark printed %q", line)
		}
		out[filter-1] = append(out[filter-1], packet)
	}
	return out
}

// needLua skips when tshark was built without Lua.
func needLua(t *testing.T, tshark string) {
	t.Helper()
	about, _, err := run(t, tshark, "--version")
	if err != nil || !strings.Contains(about, "with Lua") {
		t.Skip("this tshark was built without Lua, by which one pass answers all filters")
	}
}

// pick writes those packets of a pcap file whose number, from 1 on, and second are wanted.
func pick(t *testing.T, path string, wanted func(number int, second uint32) bool) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := slices.Clone(data[:24])
	for at, n := 24, 1; at < len(data); n++ {
		end := at + 16 + int(binary.LittleEndian.Uint32(data[at+8:]))
		if wanted(n, binary.LittleEndian.Uint32(data[at:])) {
			out = append(out, data[at:end]...)
		}
		at = end
	}
	picked := filepath.Join(t.TempDir(), "picked.pcap")
	if err := os.WriteFile(picked, out, 0o644); err != nil {
		t.Fatal(err)
	}
	return picked
}

// numbered wants the packets of these numbers.
func numbered(numbers []int) func(int, uint32) bool {
	set := map[int]bool{}
	for _, n := range numbers {
		set[n] = true
	}
	return func(n int, _ uint32) bool { return set[n] }
}

// between wants the packets of a part of the sample's day.
func between(from, to string) func(int, uint32) bool {
	at := func(clock string) int64 {
		t, _ := time.Parse(time.DateTime, "2026-11-20 "+clock)
		return t.Unix()
	}
	first, end := at(from), at(to)
	return func(_ int, second uint32) bool { return int64(second) >= first && int64(second) < end }
}

// TestTsharkFindsTheFlows does the same with Wireshark's filters. Wireshark also finds the ICMP
// errors that quote a packet.
func TestTsharkFindsTheFlows(t *testing.T) {
	t.Parallel()
	tshark := tool(t, "tshark", "tshark")
	needLua(t, tshark)
	path := sample(t)
	records := flows(t, path)
	all := pairs(records)
	filters := make([]string, len(packetCases))
	for i, c := range packetCases {
		filters[i], _ = convert(t, c.text, copyas.Wireshark)
	}
	found := tapped(t, tshark, path, filters)
	for i, c := range packetCases {
		checkPackets(t, c, pairs(flows(t, pick(t, path, numbered(found[i])))), all, records, func(p pair) bool { return p.proto == flow.ICMP || p.proto == flow.ICMP6 })
	}
}
