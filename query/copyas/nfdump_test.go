package copyas_test

import (
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/copyas"
)

// nfdumpCases are queries whose records are looked for in what nfpcapd makes of the sample. means and
// wider are as for packets; a query is asked about each record as if it were a flow of one direction.
var nfdumpCases = []packetCase{
	{text: "any"},
	{text: "tcp"},
	{text: "udp and dst port dns"},
	{text: "src ip 10.20.0.77 and dst port https"},
	{text: "net 10.20.1.0/24"},
	{text: "src net 10.20.0.0/16 and not dst net 10.20.0.0/16"},
	{text: "ip 10.20.0.11-10.20.0.14"},
	{text: "ip [10.20.1.53 fd00:20:1::53 10.20.0.20-10.20.0.30]"},
	{text: "dst ip [10.20.1.53 fd00:20:1::53]"},
	{text: "ip6"},
	{text: "ip6 and tcp and dst port [80 443]"},
	{text: "src net fd00:20:1::/64 and udp"},
	{text: "tcp and port 1-1024"},
	{text: "tcp and port [22 80-90 443]"},
	{text: "udp and src port > 50000"},
	{text: "tcp and not port [22 53 80 443 6379]"},
	{text: "(tcp or udp) and port != 53"},
	{text: "not (tcp or udp)"},
	{text: "proto [1 58]"},
	{text: "ip >= 203.0.113.0 and ip < 203.0.113.67"},
	{text: "src flags S/SA"},
	{text: "src flags SA"},
	{text: "src flags any RF"},
	{text: "src flags = S"},
	{text: "tcp and not src flags any R"},
	{text: "src packets > 5"},
	{text: "src packets [1 3 7-9]"},
	{text: "src bytes 1K-2K"},
	{text: "src bytes >= 60 and src bytes < 84"},
	{text: "src bytes != 60"},
	{text: "duration > 1s"},
	{text: "duration <= 500ms and tcp"},
	{text: "duration 0 or duration 10s-20s"},
	{text: "bpp <= 60", more: true},
	{text: "bpp > 1000.5", more: true},
	{text: "port < 1024", wider: true},
	{text: "not dst port 2048", wider: true},
	{text: "service ssh", means: "tcp and port [22 2222]"},
	{text: "dst port 443 and dst bytes > 20000", means: "dst port 443"},
	{text: "tcp and (state REJ or port 22)", means: "tcp"},
}

const recordFormat = "fmt:%td|%pr|%sa|%sp|%da|%dp|%pkt|%byt|%flg"

// records asks nfdump for the records that pass a filter. They are lines; those that look the same
// pass or do not pass together.
func records(t *testing.T, nfdump, dir, filter string) map[string]bool {
	t.Helper()
	stdout, stderr, err := run(t, nfdump, "-R", dir, "-q", "-N", "-6", "-o", recordFormat, filter)
	if err != nil {
		t.Fatalf("%s: %v: %s", filter, err, stderr)
	}
	out := map[string]bool{}
	for line := range strings.Lines(stdout) {
		if line = strings.TrimSpace(line); strings.Contains(line, "|") {
			out[line] = true
		}
	}
	return out
}

// recordOf reads a line as a flow of which only the source's side was seen.
func recordOf(t *testing.T, line string) flow.Record {
	t.Helper()
	f := strings.Split(line, "|")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	number := func(s string) uint64 {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return n
	}
	seconds, err := strconv.ParseFloat(f[0], 64)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	r := flow.Record{End: int64(math.Round(seconds*1000)) * 1000, Proto: uint8(number(f[1])), SrcPackets: number(f[6]), SrcBytes: number(f[7])}
	r.Src, r.IPVersion = flow.AddrFromNetip(netip.MustParseAddr(f[2]))
	r.Dst, _ = flow.AddrFromNetip(netip.MustParseAddr(f[4]))
	if r.Proto != flow.ICMP && r.Proto != flow.ICMP6 { // there the port is type and code
		r.SrcPort, r.DstPort = uint16(number(f[3])), uint16(number(f[5]))
	}
	flags, _ := flow.ParseFlags(strings.ReplaceAll(f[8], ".", ""))
	r.SrcFlags = flags
	return r
}

// TestNfdumpFindsTheRecords lets nfdump's own program make records of the sample and filter them.
func TestNfdumpFindsTheRecords(t *testing.T) {
	t.Parallel()
	nfpcapd, nfdump := tool(t, "nfpcapd", "nfdump"), tool(t, "nfdump", "nfdump")
	dir := filepath.Join(t.TempDir(), "records")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, stderr, err := run(t, nfpcapd, "-r", sample(t), "-w", dir, "-e", "3600,300"); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	all := records(t, nfdump, dir, "any")
	if len(all) < 5000 {
		t.Fatalf("nfpcapd made %d records only", len(all))
	}
	for _, c := range nfdumpCases {
		text, _ := convert(t, c.text, copyas.Nfdump)
		checkRecords(t, c, text, records(t, nfdump, dir, text), all)
	}
}

func checkRecords(t *testing.T, c packetCase, text string, found, all map[string]bool) {
	t.Helper()
	means := c.text
	if c.means != "" {
		means = c.means
	}
	f, err := parse(t, means).Filter(query.Env{})
	if err != nil {
		t.Fatal(err)
	}
	some := 0
	for line := range all {
		r := recordOf(t, line)
		want := f.MatchRecord(&r, flow.NodeInfo{})
		if want {
			some++
		}
		// What nfdump has as a port of ICMP is none.
		stray := c.wider && (r.Proto == flow.ICMP || r.Proto == flow.ICMP6)
		if want != found[line] && !stray && (want || !c.more) {
			t.Errorf("%s: %s: record %s: found is %v, should be %v", c.text, text, line, found[line], want)
			return
		}
	}
	if some == 0 {
		t.Errorf("%s selects no record, so it shows nothing", c.text)
	}
}

// TestNfdumpReadsTheText lets nfdump check texts that nothing in the sample would show.
func TestNfdumpReadsTheText(t *testing.T) {
	t.Parallel()
	nfdump := tool(t, "nfdump", "nfdump")
	for _, s := range []string{
		"icmp type 8", "icmp type [0 8]", "icmp code 3", "proto 40-60", "pps > 1.5M", "bps <= 8", "bytes > 1T", "packets < 18446744073709551615",
		"duration > 900ms", "duration < 1.5ms", "ip6 and not net 2001:db8::/32", "not any", "flags S/SAFRPU", "port 0", "net 0.0.0.0/0", "net ::/0", "duration < 0",
	} {
		text, _ := convert(t, s, copyas.Nfdump)
		if _, stderr, err := run(t, nfdump, "-Z", text); err != nil {
			t.Errorf("%s: %s: %v: %s", s, text, err, stderr)
		}
	}
}
