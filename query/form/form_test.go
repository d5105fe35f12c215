package form

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cxlens/internal/flow"
	"cxlens/query"
)

const (
	src, dst, either = query.Src, query.Dst, query.Either
	inside           = "[" + Blocks + "]"
)

// formTests are forms in canonical spelling and the text of the query that they stand for.
var formTests = []struct {
	form Form
	text string
}{
	{Form{}, "any"},
	{Form{Proto: Row{Values: "tcp"}}, "tcp"},
	{Form{Proto: Row{Not: true, Values: "tcp 47-50"}}, "proto != in [tcp 47-50]"},
	{Form{Direction: Outbound}, "src net in " + inside + " and dst net != in " + inside},
	{Form{Direction: Inbound, Internal: Named}, "src ip != $internal and dst ip $internal"},
	{Form{Direction: Inside, Internal: Named}, "src ip $internal and dst ip $internal"},
	{Form{Direction: Elsewhere, Internal: Named, Proto: Row{Values: "udp"}}, "udp and src ip != $internal and dst ip != $internal"},
	{
		Form{Addrs: []Row{{Values: "10.0.0.0/8"}, {Side: src, Not: true, Values: "10.0.0.1 10.0.0.5-10.0.0.9"}, {Side: dst, Values: ">10.0.0.7"}}},
		"net 10.0.0.0/8 and src ip != in [10.0.0.1 10.0.0.5-10.0.0.9] and dst ip > 10.0.0.7",
	},
	{Form{Ports: []Row{{Values: "https"}, {Side: dst, Values: ">1023"}, {Side: src, Not: true, Values: "80 8000-8080"}}}, "port https and dst port > 1023 and src port != in [80 8000-8080]"},
	{Form{Bytes: []Bounds{{Min: "1M"}}}, "bytes >= 1M"},
	{Form{Bytes: []Bounds{{Side: src, Min: ">1M", Max: "<2G"}, {Side: dst, Max: "1K"}}}, "src bytes > 1M and src bytes < 2G and dst bytes <= 1K"},
	{Form{Packets: []Bounds{{Min: "=1-3 7"}}}, "packets in [1-3 7]"},
	{Form{Packets: []Bounds{{Min: "!=5", Max: "9"}}}, "packets != 5 and packets <= 9"},
	{Form{Duration: Bounds{Min: "90s", Max: "2h"}, PPS: Bounds{Min: "0.5"}, BPS: Bounds{Max: "1G"}, BPP: Bounds{Min: ">64"}}, "duration >= 90s and duration <= 2h and pps >= 0.5 and bps <= 1G and bpp > 64"},
	{Form{Duration: Bounds{Min: "=-5s--1s"}}, "duration = -5s--1s"},
	{
		Form{Flags: [3]Flags{{Mode: query.FlagsAny, Set: flow.FIN | flow.RST}, {Set: flow.SYN}, {Mode: query.FlagsMasked, Set: flow.SYN, Mask: flow.SYN | flow.ACK}}},
		"flags any FR and src flags S and dst flags S/SA",
	},
	{Form{Flags: [3]Flags{{Mode: query.FlagsExact}, {Mode: query.FlagsExact, Set: flow.SYN}, {}}}, "flags = 0 and src flags = S"},
	{
		Form{State: Row{Values: "S0 REJ"}, Node: Row{Values: "eth*"}, Agent: Row{Not: true, Values: `"a b"`}, Netgroup: Row{Values: `""`}},
		`state in [S0 REJ] and node eth* and agent != "a b" and netgroup ""`,
	},
	{Form{Proto: Row{Values: "tcp"}, Also: "tcp or udp"}, "tcp and (tcp or udp)"},
	{Form{Ports: []Row{{Values: "80"}}, Also: "not ip 10.0.0.1 and start last 1h"}, "port 80 and not ip 10.0.0.1 and start last 1h"},
	{Form{Proto: Row{Values: "tcp"}, Version: 6, Service: Row{Not: true, Values: "https ssh"}}, "tcp and ip6 and service != in [https ssh]"},
	{Form{Version: 4, ICMPID: Row{Values: "7 9-11"}, ID: Row{Values: ">5"}, File: Row{Values: "eth1*"}}, "ip4 and icmp id in [7 9-11] and id > 5 and file eth1*"},
	{Form{Ports: []Row{{Values: "?web:80"}}, Bytes: []Bounds{{Min: "?size:1M"}}}, "port ?web:80 and bytes >= ?size:1M"},
	{Form{Proto: Row{Values: "tcp"}, Also: "udp"}, "tcp and udp"},
	{Form{Also: "flags 0/0"}, "flags 0/0"},
}

func TestFormToTextAndBack(t *testing.T) {
	for _, c := range formTests {
		q, errs := c.form.Query()
		if len(errs) > 0 || q.String() != c.text {
			t.Errorf("%+v is %s, want %s; %v", c.form, q, c.text, errs)
		}
		parsed, err := query.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.form, FromQuery(parsed)); diff != "" {
			t.Errorf("%s: want, got\n%s", c.text, diff)
		}
	}
}

// TestTyped are texts that a person may type in other spellings.
func TestTyped(t *testing.T) {
	for _, c := range []struct {
		form Form
		text string
	}{
		{Form{Ports: []Row{{Values: "  "}, {Values: "443, HTTPS"}}}, "port in [443 https]"},
		{Form{Ports: []Row{{Values: "!= 443"}, {Not: true, Values: "= 80"}, {Values: " >= 1024"}}}, "port != 443 and port != 80 and port >= 1024"},
		{Form{Bytes: []Bounds{{Min: "1K-1M"}, {Min: "1K 2K"}, {Min: ">= 5", Max: "<= 7"}, {Min: "== 9"}}}, "bytes = 1K-1M and bytes in [1K 2K] and bytes >= 5 and bytes <= 7 and bytes = 9"},
		{Form{Proto: Row{Values: "TCP"}, State: Row{Values: "s0"}}, "tcp and state S0"},
		{Form{Flags: [3]Flags{{Mode: query.FlagsAny}, {Mode: query.FlagsMasked}, {}}}, "any"},
		{Form{Direction: Outbound, Internal: "10/8"}, "src net 10.0.0.0/8 and dst net != 10.0.0.0/8"},
		{Form{Also: "any"}, "any"},
		{Form{Ports: []Row{{Values: "TLS 80"}}, Service: Row{Values: "tls"}}, "port in [https 80] and service https"},
	} {
		q, errs := c.form.Query()
		if len(errs) > 0 || q.String() != c.text {
			t.Errorf("%+v is %s, want %s; %v", c.form, q, c.text, errs)
		}
	}
}

func TestFieldErrors(t *testing.T) {
	for _, c := range []struct {
		form Form
		want FieldError
	}{
		{Form{Addrs: []Row{{}, {Values: "10.0.0.1 10.0.0"}}}, FieldError{Part: PartAddrs, Row: 1, Offset: 9, Length: 6, Message: `ip: "10.0.0" is not an IP address, a CIDR block or a range of addresses`}},
		{Form{Addrs: []Row{{Values: "10/33"}}}, FieldError{Part: PartAddrs, Length: 5, Message: `ip: "10/33" has a prefix length out of range`}},
		{Form{Ports: []Row{{Values: "htps"}}}, FieldError{Part: PartPorts, Length: 4, Message: `expected a port number, range or service name, found "htps"; did you mean "https" or "ftps"?`}},
		{Form{Ports: []Row{{Values: "70000"}}}, FieldError{Part: PartPorts, Length: 5, Message: `port: "70000" is out of range, the largest is 65535`}},
		{Form{Ports: []Row{{Not: true, Values: "> 80"}}}, FieldError{Part: PartPorts, Length: 1, Message: `a comparison cannot be turned round with "not": write <= instead`}},
		{Form{Ports: []Row{{Values: ">80 81"}}}, FieldError{Part: PartPorts, Offset: 1, Length: 5, Message: `">" takes one value, not a list`}},
		{Form{Bytes: []Bounds{{Min: "1X"}}}, FieldError{Part: PartBytes, Length: 2, Message: `bytes: "1X" is not a number`}},
		{Form{Bytes: []Bounds{{}, {Max: "5-9"}}}, FieldError{Part: PartBytes, Row: 1, Max: true, Length: 3, Message: `"<=" takes one value, not a range`}},
		{Form{Packets: []Bounds{{Max: ">5"}}}, FieldError{Part: PartPackets, Max: true, Length: 1, Message: `expected the largest value, or < and a value, found ">"`}},
		{Form{Packets: []Bounds{{Min: "<5"}}}, FieldError{Part: PartPackets, Length: 1, Message: `expected the smallest value, or >, = or != and values, found "<"; the largest stands to the right`}},
		{Form{Duration: Bounds{Min: "> 5x"}}, FieldError{Part: PartDuration, Offset: 2, Length: 2, Message: `duration: "5x" has an unknown unit; units are us, ms, s, m, h, d and w`}},
		{Form{State: Row{Values: "S9"}}, FieldError{Part: PartState, Length: 2, Message: `expected a state, found "S9"; did you mean "S0", "S1" or "SF"?`}},
		{Form{Node: Row{Values: ">x"}}, FieldError{Part: PartNode, Offset: 1, Length: 1, Message: `node takes = and != only`}},
		{Form{ICMPID: Row{Values: "70000"}}, FieldError{Part: PartICMPID, Length: 5, Message: `icmp id: "70000" is out of range, the largest is 65535`}},
		{Form{Service: Row{Values: "tlss"}}, FieldError{Part: PartService, Length: 4, Message: `expected a service name, found "tlss"; did you mean "tls"?`}},
		{Form{Also: "dts port 5"}, FieldError{Part: PartAlso, Length: 3, Message: `expected a term such as ip, port, proto, bytes or flags, found "dts"; did you mean "dst"?`}},
		{Form{Direction: Outbound, Internal: "x"}, FieldError{Part: PartDirection, Length: 1, Message: `expected an IP address, CIDR block or range, found "x"`}},
	} {
		q, errs := c.form.Query()
		if len(errs) != 1 {
			t.Errorf("%+v has the errors %v, want one; the query is %s", c.form, errs, q)
			continue
		}
		if diff := cmp.Diff(c.want, errs[0]); diff != "" {
			t.Errorf("%+v: want, got\n%s", c.form, diff)
		}
	}
}

// TestErrorsLeaveTheRest: fields without an error stand in the query all the same, and errors come in
// the order of the parts.
func TestErrorsLeaveTheRest(t *testing.T) {
	f := Form{Proto: Row{Values: "tcp"}, Ports: []Row{{Values: "x"}}, Bytes: []Bounds{{Min: "?", Max: "5"}}, Also: "("}
	q, errs := f.Query()
	if q.String() != "tcp and bytes <= 5" {
		t.Errorf("the query is %s", q)
	}
	var parts []Part
	for _, e := range errs {
		parts = append(parts, e.Part)
	}
	if !slices.Equal(parts, []Part{PartPorts, PartBytes, PartAlso}) {
		t.Errorf("errors of the parts %v: %v", parts, errs)
	}
}

// TestWhatHasNoFieldStays: a second term of a single field, and what only text can say.
func TestWhatHasNoFieldStays(t *testing.T) {
	for _, c := range []struct{ text, also string }{
		{"tcp or udp", "tcp or udp"},
		{"not tcp", "not tcp"},
		{"proto tcp and proto != 47", "proto != gre"},
		{"src flags S and not src flags A and src flags any FR", "not src flags A and src flags any FR"},
		{"duration > 5s and duration > 6s", "duration > 6s"},
		{"start last 1h and ip4 and port 5 and icmp type 8 and ip6 and not ip4", "start last 1h and icmp type 8 and ip6 and not ip4"},
		{"service ssh and service dns and id 5 and id > 6", "service dns and id > 6"},
		{"(tcp and (udp or icmp)) and port 5", "udp or icmp"},
		{"any and any", ""},
	} {
		q, err := query.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if f := FromQuery(q); f.Also != c.also {
			t.Errorf("%s: also %q, want %q", c.text, f.Also, c.also)
		}
	}
}

// TestLongListsStay: what is too long for a field is not cut.
func TestLongListsStay(t *testing.T) {
	text := "port in [1"
	for len(text) < MaxValues+10 {
		text += " 65535"
	}
	text += "]"
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	f := FromQuery(q)
	if len(f.Ports) != 0 || f.Also != text {
		t.Errorf("%d rows, also of %d bytes", len(f.Ports), len(f.Also))
	}
}

func TestInternal(t *testing.T) {
	if got := Internal(map[string]string{"internal": "10/8"}); got != Named {
		t.Errorf("a configured $internal is not used: %q", got)
	}
	if got := Internal(nil); got != "" {
		t.Errorf("without a name the internal networks are %q", got)
	}
}
