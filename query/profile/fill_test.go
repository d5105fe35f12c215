package profile

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/query"
)

func TestFill(t *testing.T) {
	for _, c := range []struct {
		text   string
		values map[string]string
		query  string
		span   string
	}{
		{`query = "src  net $internal"`, nil, "src  net $internal", ""},
		{`query = "src net $internal and src bytes > ?min:1M"`, nil, "src net $internal and src bytes > 1M", ""},
		{`query = "src net $internal and src bytes > ?min:1M"`, map[string]string{"min": "10K"}, "src net $internal and src bytes > 10K", ""},
		{`query = "port ?p:53 or not (dst port ?p and udp)"`, map[string]string{"p": "https, 8000-8080"}, "port in [https 8000-8080] or not (dst port in [https 8000-8080] and udp)", ""},
		{`query = "port [?p 25]"`, map[string]string{"p": "53 80"}, "port in [53 80 25]", ""},
		{`query = "ip ?host:?other"
[parameters.other]
default = "$dmz"`, nil, "ip $dmz", ""},
		{`query = "ip ?host"`, map[string]string{"host": "$dmz 10.0.0.1"}, "ip in [$dmz 10.0.0.1]", ""},
		{`query = "node ?n"`, map[string]string{"n": `x" or any`}, `node "x\" or any"`, ""},
		{"query = 'udp'\nspan = 'last ?w'", map[string]string{"w": "90m"}, "udp", "last 90m"},
		{"query = 'udp'\nspan = '?a .. ?b'", map[string]string{"a": "2026-11-20", "b": "now-1h"}, "udp", "2026-11-20T00:00:00Z .. 2026-11-22T13:00:00Z"},
	} {
		text, span, err := mustRead(t, c.text).Fill(c.values, now)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		canon := func(s string) string {
			q, err := query.Parse(s)
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			return q.String()
		}
		if canon(text) != canon(c.query) || span != c.span {
			t.Errorf("%s %v: %q, %q; want %q, %q", c.text, c.values, text, span, canon(c.query), c.span)
		}
	}
}

func TestFillRefuses(t *testing.T) {
	p := mustRead(t, "query = 'ip ?host and port ?p:53'\nspan = 'last ?w'\n[parameters.w]\ndefault='1h'")
	for want, values := range map[string]map[string]string{
		"the parameter host (host) has no value": nil,
		"parameter host: ":                       {"host": "here"},
		"parameter p: ":                          {"host": "10.0.0.1", "p": "70000"},
		"parameter w: ":                          {"host": "10.0.0.1", "w": "soon"},
		`no parameter "q"`:                       {"host": "10.0.0.1", "q": "1"},
	} {
		if _, _, err := p.Fill(values, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", values, err, want)
		}
	}
}

// TestFillIsWhatBindRuns: the text that a person sees is the query that Bind makes, names aside.
func TestFillIsWhatBindRuns(t *testing.T) {
	names := map[string]string{"internal": "[10.0.0.0/8 fc00::/7]", "web": "[http https 8000-8080]"}
	addresses := rapid.SampledFrom([]string{"10.0.0.1", "$internal", "10.0.0.0/8 192.0.2.1", "2001:db8::/32,$internal", "10.0.0.1-10.0.0.9"})
	ports := rapid.SampledFrom([]string{"53", "$web", "https, 25", "1-1024 8080"})
	numbers := rapid.SampledFrom([]string{"0", "10M", "1.5K", "7"})
	nodes := rapid.SampledFrom([]string{"eth1", "a b", `"`, "*", "]"})
	p := mustRead(t, `query = "src net $internal and (ip ?host or not dst port [?port 22]) and src bytes > ?min:1M and node ?node"`)
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]string{"host": addresses.Draw(t, "host"), "port": ports.Draw(t, "port"), "node": nodes.Draw(t, "node")}
		if rapid.Bool().Draw(t, "given") {
			values["min"] = numbers.Draw(t, "min")
		}
		text, _, err := p.Fill(values, now)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "?") || !strings.Contains(text, "$internal") {
			t.Fatalf("filled in: %s", text)
		}
		want, err := p.Bind(values, names, now)
		if err != nil {
			t.Fatal(err)
		}
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := query.Expand(q, query.Env{Now: now, Names: names})
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != want.Query.String() {
			t.Fatalf("%s\nBind has %s", got, want.Query)
		}
	})
}
