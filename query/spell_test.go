package query

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSpelled(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "any"},
		{"tcp", "tcp"},
		{"dst port 443 and (src bytes > 1M or tcp)", "(dst port = 443) and ((src bytes > 1000000) or (tcp))"},
		{"tcp udp or icmp", "((tcp) and (udp)) or (icmp)"},
		{"not tcp and not (udp or ip6)", "(not (tcp)) and (not ((udp) or (ip6)))"},
		{"port [80 8000-8080]", "port in [80 8000-8080]"},
		{"ip != [10.0.0.1 $internal]", "ip not in [10.0.0.1 $internal]"},
		{"src net 10.0.0.0/8", "src net = 10.0.0.0/8"},
		{"bps > 1.5M", "bps > 1500000"},
		{"packets 1K-2K", "packets = 1000-2000"},
		{"flags S/SA duration > 90s", "(flags S/SA) and (duration > 90s)"},
		{"start last 1h state S0", "(start last 1h) and (state = S0)"},
	} {
		q, err := Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Spelled(q.Root()); got != tt.want {
			t.Errorf("%q is %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestSpelledIsTheSameTree: what is spelled out reads back as the tree that it came of.
func TestSpelledIsTheSameTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := genTree(t, 3, true)
		text := Spelled(n)
		q, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if q.String() != Text(n) {
			t.Fatalf("%s reads as %s, want %s", text, q, Text(n))
		}
	})
}

func TestMeanings(t *testing.T) {
	q, err := Parse("src ip $internal and dst ip != $internal and dst port [https $web ?port:22] and ip [$none $loop] and port https and port ?other")
	if err != nil {
		t.Fatal(err)
	}
	env := Env{Names: map[string]string{"internal": "[10.0.0.0/8 $lab]", "lab": "192.168.0.0/16", "web": "[http 8080]", "loop": "$loop"}}
	var got []string
	for _, m := range q.Meanings(env) {
		text := m.Name + " = " + m.Values
		if m.Err != nil {
			text = fmt.Sprintf("%s: %v", m.Name, m.Err)
		}
		got = append(got, text)
	}
	want := []string{
		"$internal = 10.0.0.0/8 192.168.0.0/16", "https = 443", "$web = http 8080", "?port = 22",
		"$none: column 85: $none is not defined", "$loop: column 91: $loop is defined by itself", "?other: column 122: the parameter ?other has no value",
	}
	if len(got) != len(want) {
		t.Fatalf("got\n%s", strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
}
