package query

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestQuoteReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		for _, text := range []string{Quote(s), wordText(s)} {
			q, err := Parse("node " + text)
			if err != nil {
				t.Fatalf("%q as %s: %v", s, text, err)
			}
			if got := q.Root().(*Compare).Set[0].(*Word).Text; got != s {
				t.Fatalf("%q as %s reads back as %q", s, text, got)
			}
			if strings.ContainsAny(text, "\n\r\x1b\x00") {
				t.Fatalf("%q has control characters", text)
			}
		}
	})
	if got := Quote("a\xffb"); !utf8.ValidString(got) || got != `"a`+"\ufffd"+`b"` {
		t.Errorf("not UTF-8: %q", got)
	}
}

func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64().Draw(t, "n")
		if got, err := parseUint(uintText(n), math.MaxUint64, true); err != nil || got != n {
			t.Fatalf("%d as %s: %d, %v", n, uintText(n), got, err)
		}
		f := math.Abs(rapid.Float64Range(0, 1e19).Draw(t, "f"))
		if text := decimalText(f); len(text) <= numberMost {
			if got, err := parseDecimal(text); err != nil || got != f {
				t.Fatalf("%v as %s: %v, %v", f, text, got, err)
			}
		}
		d := rapid.Int64Range(-durationMost, durationMost).Draw(t, "d")
		if got, err := parseDuration(durationText(d)); err != nil || got != d {
			t.Fatalf("%d as %s: %d, %v", d, durationText(d), got, err)
		}
		m := Moment{Micros: rapid.Int64Range(momentFirst, momentLast).Draw(t, "m")}
		if got, err := parseMoment(momentText(m), time.UTC); err != nil || got != m {
			t.Fatalf("%v as %s: %v, %v", m, momentText(m), got, err)
		}
	})
}

func TestGlobMatch(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "abc", true},
		{"a*", "abc", true},
		{"*c", "abc", true},
		{"a*c", "ac", true},
		{"a*c", "a", false},
		{"a*a", "a", false},
		{"*b*", "abc", true},
		{"*b*", "ac", false},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "acb", false},
		{"**", "x", true},
		{"a**b", "ab", true},
		{"*ab*ab", "xab", false},
		{"*ab*ab", "abab", true},
	} {
		if got := globMatch(tt.pattern, tt.name); got != tt.want {
			t.Errorf("%q, %q: %v", tt.pattern, tt.name, got)
		}
	}
}

func TestAnd(t *testing.T) {
	for _, tt := range []struct {
		parts []string
		want  string
	}{
		{nil, "any"},
		{[]string{"", "any"}, "any"},
		{[]string{"", "tcp"}, "tcp"},
		{[]string{"tcp", "port 443"}, "tcp and port 443"},
		{[]string{"tcp or udp", "port 443"}, "(tcp or udp) and port 443"},
		{[]string{"tcp and ip4", "", "port 443 and not udp"}, "tcp and ip4 and port 443 and not udp"},
	} {
		var qs []*Query
		for _, text := range tt.parts {
			qs = append(qs, mustParse(t, text))
		}
		q := And(qs...)
		if q.String() != tt.want {
			t.Errorf("%q: %s, want %s", tt.parts, q, tt.want)
		}
	}
	// The places of a joined query are those of its own text.
	q := And(mustParse(t, "tcp"), mustParse(t, "ip $x"))
	if _, err := q.Filter(Env{}); err == nil || err.(*Error).Offset != strings.Index(q.String(), "$x") {
		t.Errorf("%v", err)
	}
}
