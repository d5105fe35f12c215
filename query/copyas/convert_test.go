package copyas_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cxlens/query"
	"cxlens/query/copyas"
)

var (
	clock = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	env   = query.Env{
		Now:    clock,
		Names:  map[string]string{"inside": "[10.0.0.0/8 192.168.0.0/16]", "web": "10.0.0.7"},
		Params: map[string]string{"port": "8443"},
	}
)

// convertCases are texts and what they lack; "~" before a missing part says that it differs only.
var convertCases = []struct {
	query   string
	target  copyas.Target
	want    string
	missing string
}{
	{"", copyas.BPF, "ip or ip6", ""},
	{"any", copyas.Wireshark, "ip || ipv6", ""},
	{"any", copyas.Nfdump, "any", ""},
	{"any", copyas.SQL, "SELECT * FROM flows WHERE TRUE", ""},
	{"not any", copyas.BPF, "len = 0", ""},
	{"not any", copyas.Nfdump, "not any", ""},
	{"not any", copyas.Wireshark, "frame.len == 0", ""},
	// The direction of a flow.
	{"dst port 443", copyas.BPF, "port 443", ""},
	{"dst port 443", copyas.Nfdump, "dst port 443", ""},
	{"tcp and src ip $web and dst port ?port", copyas.BPF, "tcp and ((src host 10.0.0.7 and dst port 8443) or (dst host 10.0.0.7 and src port 8443))", ""},
	{"tcp and src ip $web and dst port ?port", copyas.Wireshark, "tcp && ((ip.src == 10.0.0.7 && tcp.dstport == 8443) || (ip.dst == 10.0.0.7 && tcp.srcport == 8443))", ""},
	{"tcp and src ip $web and dst port ?port", copyas.Nfdump, "proto tcp and src ip 10.0.0.7 and dst port 8443", ""},
	{"ip $web and port 53", copyas.BPF, "host 10.0.0.7 and port 53", ""},
	{"src net $inside or dst net $inside", copyas.BPF, "net 10.0.0.0/8 or net 192.168.0.0/16", ""},
	// Sets and ranges.
	{"port [22 80-90]", copyas.BPF, "port 22 or portrange 80-90", ""},
	{"tcp port [22 80-90]", copyas.Wireshark, "tcp && tcp.port in {22, 80..90}", ""},
	{"tcp port [22 80-90]", copyas.Nfdump, "proto tcp and ((src port > 79 and src port < 91) or (dst port > 79 and dst port < 91) or port 22)", ""},
	{"dst port > 1023", copyas.Nfdump, "dst port > 1023", ""},
	{"ip 10.0.0.1-10.0.0.4", copyas.BPF, "host 10.0.0.1 or net 10.0.0.2/31 or host 10.0.0.4", ""},
	{"ip 10.0.0.1-10.0.0.4", copyas.Wireshark, "ip.addr in {10.0.0.1..10.0.0.4}", ""},
	{"ip [10.0.0.1 2001:db8::/32]", copyas.Wireshark, "ip.addr == 10.0.0.1 || ipv6.addr == 2001:db8::/32", ""},
	{"ip 0.0.0.0/0", copyas.BPF, "ip", ""},
	{"ip >= ::", copyas.Wireshark, "ipv6", ""},
	{"ip < 0.0.0.0", copyas.BPF, "len = 0", ""},
	{"proto gre", copyas.BPF, "proto 47", ""},
	{"proto gre", copyas.Wireshark, "ip.proto == 47 || ipv6.nxt == 47", ""},
	{"proto 250-255", copyas.Nfdump, "proto 250 or proto 251 or proto 252 or proto 253 or proto 254 or proto 255", ""},
	// Not.
	{"tcp and port != 22", copyas.Wireshark, "tcp && !(tcp.port == 22)", ""},
	{"ip4 and not (port 22 or proto udp)", copyas.BPF, "ip and not (port 22 or udp)", ""},
	{"src net $inside and not dst net $inside", copyas.Nfdump, "(src net 10.0.0.0/8 or src net 192.168.0.0/16) and not (dst net 10.0.0.0/8 or dst net 192.168.0.0/16)", ""},
	// Flags.
	{"ip4 and flags any FR", copyas.BPF, "ip and tcp[tcpflags] & (tcp-fin|tcp-rst) != 0", ""},
	{"ip6 and src flags S/SA", copyas.BPF, "ip6 and ip6[6] = 6 and ip6[53] & 0x12 = 0x02", "~src flags S/SA"},
	{"src flags S/SA", copyas.Wireshark, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "~src flags S/SA"},
	{"src flags S/SA", copyas.Nfdump, "flags S and not (flags A)", ""},
	{"src flags S and dst flags any R", copyas.Wireshark, "tcp.flags.syn == 1", "dst flags any R"},
	{"tcp and not flags any R", copyas.Wireshark, "tcp && !(tcp.flags.reset == 1)", "~flags any R"},
	{"tcp and not flags S/SA", copyas.Wireshark, "tcp", "not flags S/SA"},
	{"flags = 0", copyas.BPF, "ip or ip6", "flags = 0"},
	{"dst flags any R", copyas.Nfdump, "any", "dst flags any R"},
	{"flags any C", copyas.Nfdump, "any", "flags any C"},
	// What is missing: a part of "and" goes alone, an "or" or a "not" goes whole.
	{"tcp and bytes > 1M", copyas.BPF, "tcp", "bytes > 1M"},
	{"tcp and (port 22 or bytes > 1M)", copyas.BPF, "tcp", "port 22 or bytes > 1M"},
	{"tcp and not (port 22 and state SF)", copyas.Wireshark, "tcp", "not (port 22 and state SF)"},
	{"tcp or (udp and state S0)", copyas.BPF, "tcp or udp", "state S0"},
	{"tcp and (udp or not (icmp and node eth1))", copyas.BPF, "tcp", "udp or not (icmp and node eth1)"},
	{"bytes > 1M", copyas.BPF, "ip or ip6", "bytes > 1M"},
	{"state != SF", copyas.Wireshark, "ip || ipv6", "state != SF"},
	{"src bytes > 1M and dst bytes > 5", copyas.Nfdump, "bytes > 1000000", "~src bytes > 1M; dst bytes > 5"},
	{"duration > 5m and udp", copyas.Nfdump, "duration > 300000 and proto udp", "~duration > 5m"},
	{"bps 1.5-2.5", copyas.Nfdump, "bps > 0 and bps < 4", "~bps = 1.5-2.5"},
	{"start last 1h and udp", copyas.BPF, "udp", "start last 1h"},
	{"start last 1h and udp", copyas.Wireshark, "frame.time_epoch >= 1795161600.000000 && udp", "~start last 1h"},
	{"active in 2026-11-20 .. 2026-11-21", copyas.Wireshark, "ip || ipv6", "active in 2026-11-20T00:00:00Z .. 2026-11-21T00:00:00Z"},
	// ICMP.
	{"icmp type 8", copyas.BPF, "(icmp and icmp[0] = 8) or (ip6[6] = 58 and ip6[40] = 8)", ""},
	{"icmp type 8", copyas.SQL, "SELECT * FROM flows WHERE TRUE", "icmp type 8"},
	{"tcp or icmp type 8", copyas.SQL, "SELECT * FROM flows WHERE TRUE", "tcp or icmp type 8"},
	{"icmp id 7", copyas.Wireshark, "icmp.ident == 7 || icmpv6.echo.identifier == 7", ""},
	{"icmp id 7", copyas.Nfdump, "any", "icmp id 7"},
	{"udp and not dst port 2048", copyas.Nfdump, "proto udp and not (dst port 2048)", ""},
	{"not dst port 2048", copyas.Nfdump, "not (dst port 2048 and not (proto icmp or proto icmp6))", ""},
	// Values cannot break out of their quotes.
	{`node "it's"`, copyas.SQL, `SELECT * FROM flows WHERE node IN (SELECT id FROM nodes WHERE (name = 'it''s'))`, ""},
	{`file "a'--\u0000?*"`, copyas.SQL, `SELECT * FROM flows WHERE ((pcap_file LIKE ('a''--' || chr(0) || '?%') ESCAPE '\') OR (pcap_end_file LIKE ('a''--' || chr(0) || '?%') ESCAPE '\'))`, ""},
}

func TestConvert(t *testing.T) {
	for _, c := range convertCases {
		q, err := query.Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		got, missing, err := copyas.Convert(q, env, c.target)
		if err != nil {
			t.Errorf("%s as %s: %v", c.query, c.target, err)
			continue
		}
		if got != c.want || listed(t, missing) != c.missing {
			t.Errorf("%s as %s:\n got %s\nwant %s\nmissing %q, want %q", c.query, c.target, got, c.want, listed(t, missing), c.missing)
		}
	}
}

func listed(t *testing.T, missing []copyas.Missing) string {
	t.Helper()
	var parts []string
	for _, m := range missing {
		if m.Part == "" || m.Why == "" {
			t.Errorf("missing %+v does not name the part and why", m)
		}
		if m.Kept != "" {
			m.Part = "~" + m.Part
		}
		parts = append(parts, m.Part)
	}
	return strings.Join(parts, "; ")
}

func TestErrorsAreTheQuerys(t *testing.T) {
	for _, text := range []string{"ip $nowhere", "tcp or port ?unset", "icmp type ?unset", "port > $many"} {
		for _, target := range copyas.Targets() {
			out, _, err := copyas.Convert(parse(t, text), query.Env{Now: clock, Names: map[string]string{"many": "[1 2]"}}, target)
			var qe *query.Error
			if target == copyas.SQL && text == "icmp type ?unset" {
				continue // it is left out before it is looked up
			}
			if !errors.As(err, &qe) {
				t.Errorf("%s as %s: %q, %v", text, target, out, err)
			}
		}
	}
}

func TestTooManyAddresses(t *testing.T) {
	text := "tcp and ip [" + strings.Repeat("10.0.0.1-10.255.255.254 ", 40) + "]"
	for _, target := range []copyas.Target{copyas.BPF, copyas.Nfdump} {
		out, missing := convert(t, text, target)
		if len(missing) != 1 || len(out) > 20 {
			t.Errorf("%s: %d missing, %s", target, len(missing), out)
		}
	}
}
