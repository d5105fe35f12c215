package query

import (
	"strings"
	"testing"
)

// canonTests are texts and the canonical text of what they mean.
var canonTests = []struct{ text, canon string }{
	{"", "any"},
	{" \n\t ", "any"},
	{"any", "any"},
	{"TCP", "tcp"},
	{"proto tcp", "tcp"},
	{"proto = 6", "tcp"},
	{"proto == UDP", "udp"},
	{"proto != 6", "proto != tcp"},
	{"proto 47", "proto gre"},
	{"proto [tcp, udp 50-51]", "proto in [tcp udp 50-51]"},
	{"proto icmpv6", "icmp6"},
	{"proto > 58", "proto > icmp6"},
	{"ipv6", "ip6"},
	{"inet", "ip4"},
	{"tcp udp", "tcp and udp"},
	{"tcp && udp || icmp", "tcp and udp or icmp"},
	{"tcp and (udp or icmp)", "tcp and (udp or icmp)"},
	{"(tcp and udp) and icmp", "(tcp and udp) and icmp"},
	{"((tcp))", "tcp"},
	{"!tcp", "not tcp"},
	{"not(tcp udp)", "not (tcp and udp)"},
	{"not not tcp", "not not tcp"},
	{"! tcp udp", "not tcp and udp"},
	{"host 10.0.0.7", "ip 10.0.0.7"},
	{"src host 10.0.0.7", "src ip 10.0.0.7"},
	{"src ip in [10.0.0.1 10.0.0.2]", "src ip in [10.0.0.1 10.0.0.2]"},
	{"src_ip 10.0.0.7", "src ip 10.0.0.7"},
	{"dst_port 443", "dst port 443"},
	{"net 10/8", "net 10.0.0.0/8"},
	{"net 192.168/16", "net 192.168.0.0/16"},
	{"dst net 10.0.0.7/8", "dst net 10.0.0.0/8"},
	{"ip 10.0.0.7/32", "ip 10.0.0.7"},
	{"ip 10.0.0.0-10.255.255.255", "net 10.0.0.0/8"},
	{"ip 10.0.0.1-10.0.0.9", "ip 10.0.0.1-10.0.0.9"},
	{"ip 10.0.0.1 - 10.0.0.9", "ip 10.0.0.1-10.0.0.9"},
	{"ip 2001:DB8::1", "ip 2001:db8::1"},
	{"ip 2001:db8:0:0::/64", "net 2001:db8::/64"},
	{"ip ::/0", "net ::/0"},
	{"ip ::ffff:10.0.0.7", "ip ::ffff:10.0.0.7"},
	{"ip 2001:db8::1-2001:db8::9", "ip 2001:db8::1-2001:db8::9"},
	{"ip != $servers", "ip != $servers"},
	{"ip [$servers 10.0.0.1]", "ip in [$servers 10.0.0.1]"},
	{"ip ?host", "ip ?host"},
	{"ip ?host:10.0.0.0/8", "ip ?host:10.0.0.0/8"},
	{"ip ?host:2001:db8::1", "ip ?host:2001:db8::1"},
	{"ip ?host:$servers", "ip ?host:$servers"},
	{"port ?a:?b:80", "port ?a:?b:80"},
	{`node ?n:"a b"`, `node ?n:"a b"`},
	{`node ?n:eth1`, `node ?n:eth1`},
	{"ip > 10.0.0.7", "ip > 10.0.0.7"},
	{"port 443", "port 443"},
	{"port>1023", "port > 1023"},
	{"port [80,443]", "port in [80 443]"},
	{"port[80]", "port 80"},
	{"dst port HTTPS", "dst port https"},
	{"dst port [ssh 8000-8080]", "dst port in [ssh 8000-8080]"},
	{"port 8000 - 8080", "port 8000-8080"},
	{"port 80-80", "port 80"},
	{"port not in [80 443]", "port != in [80 443]"},
	{"port != in [80 443]", "port != in [80 443]"},
	{"port gt 1023", "port > 1023"},
	{"bytes > 1M", "bytes > 1M"},
	{"src bytes > 1.5m", "src bytes > 1.5M"},
	{"bytes 1000", "bytes = 1K"},
	{"bytes > 1024", "bytes > 1024"},
	{"bytes > 18446744073709551615", "bytes > 18446744073709551615"},
	{"dst packets [1 2 5-9]", "dst packets in [1 2 5-9]"},
	{"bytes 1K-1M", "bytes = 1K-1M"},
	{"pps > 0.5", "pps > 0.5"},
	{"bps >= 1.5G", "bps >= 1.5G"},
	{"bpp < 64.25", "bpp < 64.25"},
	{"pps > 0.0005K", "pps > 0.5"},
	{"duration > 90", "duration > 90s"},
	{"duration > 1.5", "duration > 1.5s"},
	{"duration > 60s", "duration > 1m"},
	{"duration > 1h30m", "duration > 90m"},
	{"duration < -1s", "duration < -1s"},
	{"duration -5s--1s", "duration = -5s--1s"},
	{"duration 500ms-2m", "duration = 500ms-2m"},
	{"duration = 0", "duration = 0s"},
	{"duration 1.000001", "duration = 1.000001s"},
	{"duration > 250us", "duration > 250us"},
	{"duration > 2w", "duration > 2w"},
	{"flags SA", "flags SA"},
	{"flags as", "flags SA"},
	{"flags any FR", "flags any FR"},
	{"flags = S", "flags = S"},
	{"flags == S", "flags = S"},
	{"flags = 0", "flags = 0"},
	{"src flags S/SA", "src flags S/SA"},
	{"flags 0/sa", "flags 0/SA"},
	{"dst flags CEUAPRSF", "dst flags FSRPAUEC"},
	{"icmp", "icmp"},
	{"icmp id 5", "icmp id 5"},
	{"icmp and id 5", "icmp and id = 5"},
	{"icmp type 8", "icmp type 8"},
	{"icmp code != 0", "icmp code != 0"},
	{"icmp port 5", "icmp and port 5"},
	{"start > 2026-11-22", "start > 2026-11-22T00:00:00Z"},
	{"start > 2026-11-22 13:56", "start > 2026-11-22T13:56:00Z"},
	{"start > 2026-11-22 13:56 tcp", "start > 2026-11-22T13:56:00Z and tcp"},
	{`start > "2026-11-22 13:56:33.257697"`, "start > 2026-11-22T13:56:33.257697Z"},
	{"start > 2026-11-22T13:56:33+02:00", "start > 2026-11-22T11:56:33Z"},
	{"start > 2026-11-22t13:56:33z", "start > 2026-11-22T13:56:33Z"},
	{"start = 1764000000.25", "start = 2025-11-24T16:00:00.25Z"},
	{"start >= now", "start >= now"},
	{"start >= now-2h", "start >= now-2h"},
	{"start >= NOW - 120m", "start >= now-2h"},
	{"start >= now -90s", "start >= now-90s"},
	{"end < now+1h", "end < now+1h"},
	{"start in 2026-11-22 .. 2026-11-23", "start in 2026-11-22T00:00:00Z .. 2026-11-23T00:00:00Z"},
	{"start in 2026-11-22..2026-11-23", "start in 2026-11-22T00:00:00Z .. 2026-11-23T00:00:00Z"},
	{"start in 2026-11-22 13:56 .. 2026-11-22 14:00:01.5", "start in 2026-11-22T13:56:00Z .. 2026-11-22T14:00:01.5Z"},
	{"active in now-2h..now", "active in now-2h .. now"},
	{"active last 1h", "active last 1h"},
	{"start last 90", "start last 90s"},
	{"node eth1", "node eth1"},
	{"node Eth-1.x", "node Eth-1.x"},
	{`node "eth1"`, "node eth1"},
	{`node "a \"b\" \\c\n\u001b"`, `node "a \"b\" \\c\n\u001b"`},
	{`node "and"`, `node "and"`},
	{`node ""`, `node ""`},
	{`node != eth*`, `node != eth*`},
	{`agent in [a b "c d"]`, `agent in [a b "c d"]`},
	{"netgroup dmz", "netgroup dmz"},
	{"state s0", "state S0"},
	{"state [S0 rej]", "state in [S0 REJ]"},
	{"service HTTPS", "service https"},
	{`service ""`, `service ""`},
	{"id 5343839945096828433", "id = 5343839945096828433"},
	{"id > 5", "id > 5"},
	{"file /var/log/a-b.pcap", "file /var/log/a-b.pcap"},
	{`file "*.pcap"`, "file *.pcap"},
	{"tcp\nand\nudp", "tcp and udp"},
	{"dst port 443 and src bytes > 1M", "dst port 443 and src bytes > 1M"},
}

func TestCanonicalText(t *testing.T) {
	for _, tt := range canonTests {
		q, err := Parse(tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if q.String() != tt.canon {
			t.Errorf("%q prints as %q, want %q", tt.text, q, tt.canon)
		}
		if again, err := Parse(q.String()); err != nil || again.String() != tt.canon {
			t.Errorf("%q: canonical text %q reads as %v, %v", tt.text, q, again, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	text := "tcp and (port [80 443] or not ip 10.0.0.1 - 10.0.0.9)"
	q, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	cut := func(p Place) string { return text[p.Start:p.End] }
	and := q.Root().(*AndNode)
	or := and.Kids[1].(*OrNode)
	port := or.Kids[0].(*Compare)
	ip := or.Kids[1].(*NotNode).Kid.(*Compare)
	for _, tt := range []struct {
		at   Place
		want string
	}{
		{and.At(), text},
		{and.Kids[0].At(), "tcp"},
		{port.At(), "port [80 443]"},
		{port.Set[1].At(), "443"},
		{or.Kids[1].At(), "not ip 10.0.0.1 - 10.0.0.9"},
		{ip.Set[0].At(), "10.0.0.1 - 10.0.0.9"},
		{or.At(), "port [80 443] or not ip 10.0.0.1 - 10.0.0.9"},
	} {
		if got := cut(tt.at); got != tt.want {
			t.Errorf("place is %q, want %q", got, tt.want)
		}
	}
}

func TestBounds(t *testing.T) {
	deep := strings.Repeat("(", MaxDepth-1) + "any" + strings.Repeat(")", MaxDepth-1)
	if _, err := Parse(deep); err != nil {
		t.Errorf("%d parentheses: %v", MaxDepth-1, err)
	}
	for name, text := range map[string]string{
		"parentheses":       strings.Repeat("(", 30_000),
		"not":               strings.Repeat("not ", 10_000) + "any",
		"too long":          strings.Repeat(" ", MaxText+1),
		"too long to print": strings.Repeat("!tcp", MaxText/4),
		"spans":             strings.Repeat("start in now-1..now ", MaxText/20) + "x",
		"defaults":          "port " + strings.Repeat("?a:", 20_000) + "80",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s: no error", name)
		} else if len(err.Error()) > 300 {
			t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
		}
	}
}
