package query

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestParseCompare(t *testing.T) {
	for _, c := range []struct {
		side   Side
		field  Field
		rel    Rel
		values string
		want   string
	}{
		{Src, FieldIP, EQ, "10/8, 192.168.0.0/16", "src net in [10.0.0.0/8 192.168.0.0/16]"},
		{Either, FieldPort, NE, "[https 8000 - 8080]", "port != in [https 8000-8080]"},
		{Dst, FieldPort, GT, " 1023 ", "dst port > 1023"},
		{Either, FieldBytes, GE, "1.5m", "bytes >= 1.5M"},
		{Either, FieldNode, EQ, `"and" eth*`, `node in ["and" eth*]`},
		{Either, FieldIP, EQ, "$internal", "ip $internal"},
		{Either, FieldDuration, EQ, "-5s--1s", "duration = -5s--1s"},
	} {
		n, err := ParseCompare(c.side, c.field, c.rel, c.values)
		if err != nil {
			t.Errorf("%q: %v", c.values, err)
			continue
		}
		if got := Text(n); got != c.want {
			t.Errorf("%q is %s, want %s", c.values, got, c.want)
		}
	}
}

func TestParseCompareRefuses(t *testing.T) {
	for _, c := range []struct {
		side   Side
		field  Field
		rel    Rel
		values string
		offset int
		text   string
	}{
		{Either, FieldIP, EQ, "10.0.0.1] or ip [10.0.0.2", 8, `column 9: expected an IP address, CIDR block or range, found "]"`},
		{Either, FieldPort, EQ, "80 htps", 3, `column 4: expected a port number, range or service name, found "htps"; did you mean "https" or "ftps"?`},
		{Either, FieldPort, EQ, "[80] 81", 5, `column 6: expected the end, found "81"`},
		{Either, FieldPort, EQ, "[80", 3, `column 4: expected a port number, range or service name, found the end`},
		{Either, FieldPort, EQ, "", 0, `column 1: expected a port number, range or service name, found the end`},
		{Either, FieldPort, GT, "80 81", 0, `column 1: ">" takes one value, not a list`},
		{Either, FieldNode, GT, "eth1", 0, `column 1: node takes = and != only`},
		{Src, FieldState, EQ, "SF", 0, `column 1: state has no sides`},
	} {
		_, err := ParseCompare(c.side, c.field, c.rel, c.values)
		var e *Error
		if !errors.As(err, &e) || e.Offset != c.offset || e.Error() != c.text {
			t.Errorf("%q: %v, want at %d %s", c.values, err, c.offset, c.text)
		}
	}
}

// TestSetTextReadsBack holds SetText and ParseCompare to each other.
func TestSetTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := genCompare(t, true).(*Compare)
		again, err := ParseCompare(n.Side, n.Field, n.Rel, SetText(n.Field, n.Set))
		if err != nil {
			t.Fatalf("%s: %v", Text(n), err)
		}
		if Text(again) != Text(n) {
			t.Fatalf("%s came back as %s", Text(n), Text(again))
		}
	})
}

// TestServiceAliases: other words for a service are read, and printed as its name.
func TestServiceAliases(t *testing.T) {
	for text, want := range map[string]string{
		"dst port tls": "dst port https", "service [TLS domain]": "service in [https dns]", "port in [ssl 80]": "port in [https 80]",
	} {
		q, err := Parse(text)
		if err != nil || q.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, q, err, want)
		}
	}
}
