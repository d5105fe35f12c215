package query

import (
	"strings"
	"testing"
)

// errorTests are texts that cannot be read: where, what the message says, and the nearest word.
var errorTests = []struct {
	text            string
	offset, length  int
	message         string
	nearest, others string
}{
	{"prot 443", 0, 4, "expected a term such as ip, port, proto, bytes or flags", "proto", "port"},
	{"tcp adn udp", 4, 3, `expected "and", "or" or a term`, "and", ""},
	{"tcp and", 7, 0, "expected a term such as ip, port, proto, bytes or flags, found the end", "", ""},
	{"tcp)", 3, 1, `expected "and", "or"`, "", ""},
	{"(tcp", 4, 0, `")"`, "", ""},
	{"()", 1, 1, "expected a term", "", ""},
	{"port htps", 5, 4, "expected a port number, range or service name", "https", "ftps"},
	{"port 70000", 5, 5, "out of range, the largest is 65535", "", ""},
	{"port 90-80", 5, 5, "ends before it begins", "", ""},
	{"port > 80-90", 5, 1, "one value, not a range", "", ""},
	{"port > [80 90]", 5, 1, "one value, not a list", "", ""},
	{"port []", 5, 2, "the list is empty", "", ""},
	{"port [80", 8, 0, `"]"`, "", ""},
	{"port [80,", 9, 0, `expected "]" or a port number`, "", ""},
	{"port", 4, 0, "expected a port number, range or service name, found the end", "", ""},
	{`port "80"`, 5, 4, "expected a port number", "", ""},
	{"proto 256", 6, 3, "the largest is 255", "", ""},
	{"proto tpc", 6, 3, "expected a protocol's name or number", "tcp", ""},
	{"ip 10.0.0.0/33", 3, 11, "prefix length out of range", "", ""},
	{"ip 10.0.0.256", 3, 10, "is not an IP address", "", ""},
	{"ip web", 3, 3, "expected an IP address", "", ""},
	{"ip 10.0.0.9-10.0.0.1", 3, 17, "ends before it begins", "", ""},
	{"ip 10.0.0.9-::1", 3, 12, "mixes IPv4 and IPv6", "", ""},
	{"ip > 10.0.0.0/8", 3, 1, "one value, not a range", "", ""},
	{"ip fe80::1%eth0", 3, 12, "is not an IP address", "", ""},
	{"10.0.0.7", 0, 8, "expected a term", "ip 10.0.0.7", ""},
	{"tcp 443", 4, 3, "expected", "port 443", ""},
	{"https", 0, 5, "expected a term", "port https", ""},
	{"gre", 0, 3, "expected a term", "proto gre", ""},
	{"sf", 0, 2, "expected a term", "state SF", ""},
	{"src proto tcp", 4, 5, "expected ip, net, port, bytes, packets or flags", "port", ""},
	{"src", 3, 0, "expected ip, net, port", "", ""},
	{"bytes > 1X", 8, 2, `"1X" is not a number`, "", ""},
	{"bytes > 1.5", 8, 3, "is not a whole number", "", ""},
	{"bytes > 99999999999999999999", 8, 20, "out of range", "", ""},
	{"bytes > ten", 8, 3, "expected a number", "", ""},
	{"duration > 5x", 11, 2, "units are us, ms, s, m, h, d and w", "", ""},
	{"duration > 0.5us", 11, 5, "finer than a microsecond", "", ""},
	{"duration > 99999999w", 11, 9, "ten thousand years", "", ""},
	{"flags X", 6, 1, `flag letters of FSRPAUEC, found "X"`, "", ""},
	{"flags != S", 6, 2, "expected", "not flags =", ""},
	{"flags any S/SA", 10, 4, "takes no mask", "", ""},
	{"flags S/A", 6, 3, "the flags S are not among those that are looked at (A)", "", ""},
	{"flags 0", 6, 1, "flags = 0", "", ""},
	{"state SX", 6, 2, "expected a state", "S0", "S1 SF"},
	{"state < S0", 6, 1, "state takes = and != only", "", ""},
	{"service htps", 8, 4, "expected a service name", "https", "ftps"},
	{"start 2026-11-22", 6, 10, `expected "<", "<=", ">", ">=", "in" or "last"`, "", ""},
	{"start > yesterday", 8, 9, "expected a time", "", ""},
	{"start > 2026-13-22", 8, 10, "expected a time", "", ""},
	{"start > 2026-11-22 13:61", 8, 16, "is not a time", "", ""},
	{"start > 2026-11-22T13:56:33.1234567Z", 8, 28, "at most 6 decimals", "", ""},
	{"start in now .. now-1h", 9, 13, "ends before it begins", "", ""},
	{"start in 2026-11-22 2026-11-23", 20, 10, `expected ".."`, "", ""},
	{"start last", 10, 0, "expected a duration", "", ""},
	{"start last 0s", 11, 2, "is 0", "", ""},
	{"node", 4, 0, "expected a node's name", "", ""},
	{"node and", 5, 3, "expected a node's name", "", ""},
	{`node "abc`, 5, 4, `expected " at the end of the string`, "", ""},
	{`node "a\qb"`, 7, 2, `expected \"`, "", ""},
	{"node \"a\x1bb\"", 7, 1, `control character in a string: write \u001b`, "", ""},
	{"node 'a'", 5, 1, "double quotes", "", ""},
	{"tcp & udp", 4, 1, `single "&"`, "&&", ""},
	{"tcp \x00", 4, 1, "control character", "", ""},
	{"tcp \xff", 4, 1, "not UTF-8", "", ""},
	{"ip $", 3, 1, "expected a name", "", ""},
	{"ip ?a/b", 3, 4, "expected a name", "", ""},
	{"ip ?a:", 3, 3, "expected an IP address", "", ""},
	{"port ?a:htps", 5, 7, "expected a port number", "https", "ftps"},
	{"icmp type 256", 10, 3, "the largest is 255", "", ""},
	{"icmp id 65536", 8, 5, "the largest is 65535", "", ""},
}

func TestErrors(t *testing.T) {
	for _, tt := range errorTests {
		_, err := Parse(tt.text)
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%q: error %v", tt.text, err)
			continue
		}
		if e.Offset != tt.offset || e.Length != tt.length || !strings.Contains(e.Message, tt.message) || e.Nearest != tt.nearest {
			t.Errorf("%q: %d+%d %q, nearest %q; want %d+%d %q, %q", tt.text, e.Offset, e.Length, e.Message, e.Nearest, tt.offset, tt.length, tt.message, tt.nearest)
		}
		if tt.others != "" && strings.Join(e.Others, " ") != tt.others {
			t.Errorf("%q: others %q, want %q", tt.text, e.Others, tt.others)
		}
	}
}

func TestErrorLineAndColumn(t *testing.T) {
	_, err := Parse("tcp and\n  node \"ä\" prot 80")
	e := err.(*Error)
	if e.Line != 2 || e.Column != 12 {
		t.Errorf("line %d, column %d: %v", e.Line, e.Column, e)
	}
	want := `line 2, column 12: expected "and", "or" or a term such as ip, port, proto, bytes or flags, found "prot"; did you mean "proto" or "port"?`
	if e.Error() != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
}
