package query

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var testVocabulary = Vocabulary{
	Nodes: []string{"eth1", "eth 2", `q"x`, "dmz"}, Agents: []string{"sensor-a"}, Netgroups: []string{"lab"},
	Files: []string{"a.pcap"}, Names: []string{"servers", "printers"}, Params: []string{"host"},
}

// apply returns the texts that the candidates make.
func apply(text string, candidates []Candidate) []string {
	var out []string
	for _, c := range candidates {
		out = append(out, text[:c.Start]+c.Text+text[c.End:])
	}
	return out
}

func TestComplete(t *testing.T) {
	// The cursor is at |. With "only", nothing else may be offered.
	for _, tt := range []struct {
		text string
		want []string
		only bool
	}{
		{"|", []string{"ip", "port", "src", "not", "tcp", "active", "any"}, false},
		{"po|", []string{"port"}, true},
		{"PO|", []string{"port"}, true},
		{"p|ort 443", []string{"port 443", "packets 443", "proto 443", "pps 443"}, true},
		{"src |", []string{"src bytes", "src flags", "src host", "src ip", "src net", "src packets", "src port"}, true},
		{"tcp a|", []string{"tcp and", "tcp active", "tcp agent", "tcp any"}, true},
		{"tcp or u|", []string{"tcp or udp"}, true},
		{"(tcp |", []string{"(tcp )", "(tcp and", "(tcp udp"}, false},
		{"tcp &|", nil, true},
		{"proto gr|", []string{"proto gre"}, true},
		{"port |", []string{"port =", "port in", "port [", "port https", "port $servers", "port ?host"}, false},
		{"port >|", []string{"port >="}, true},
		{"port !|", []string{"port !="}, true},
		{"port https|", []string{"port https-alt"}, true},
		{"port > ss|", []string{"port > ssh", "port > ssdp"}, false},
		{"port [ssh ht|", []string{"port [ssh http", "port [ssh https"}, false},
		{"port [ssh |", []string{"port [ssh ]", "port [ssh dns"}, false},
		{"ip $|", []string{"ip $servers", "ip $printers"}, true},
		{"ip $s|", []string{"ip $servers"}, true},
		{"ip != ?|", []string{"ip != ?host"}, true},
		{"icmp |", []string{"icmp id", "icmp type", "icmp code", "icmp and"}, false},
		{"state r|", []string{"state REJ", "state RSTO", "state RSTR"}, true},
		{"node |", []string{"node eth1", `node "eth 2"`, `node "q\"x"`, "node dmz", "node ="}, false},
		{"node e|", []string{"node eth1", `node "eth 2"`}, true},
		{`node "e|`, []string{"node eth1", `node "eth 2"`}, true},
		{"agent = |", []string{"agent = sensor-a", "agent = ["}, false},
		{"file |", []string{"file a.pcap"}, false},
		{"flags a|", []string{"flags any"}, true},
		{"start |", []string{"start in", "start last", "start >="}, false},
		{"start > n|", []string{"start > now"}, true},
		{"start in now-2h |", []string{"start in now-2h .."}, true},
		{"bogus |", nil, true},
		{`""|`, nil, true},
		{`node ""|`, []string{`node ""and`}, false},
		{"tcp \x00|", nil, true},
		{"node \"ab\x01|", nil, true},
	} {
		cursor := strings.Index(tt.text, "|")
		text := tt.text[:cursor] + tt.text[cursor+1:]
		got := apply(text, Complete(text, cursor, testVocabulary))
		for _, want := range tt.want {
			if !slices.Contains(got, want) {
				t.Errorf("%q: no %q in %q", tt.text, want, got)
			}
		}
		if tt.only && len(got) != len(tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Whatever word is offered, the parser gets past it: an error, if there still is one, stands behind it.
func TestCompletionsAreAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := Text(genTree(t, 2, true))
		cursor := rapid.IntRange(0, len(text)).Draw(t, "cursor")
		text = text[:cursor]
		for _, c := range Complete(text, cursor, testVocabulary) {
			done := text[:c.Start] + c.Text + text[c.End:]
			_, err := Parse(done)
			if e, ok := err.(*Error); ok && e.Offset < c.Start+len(c.Text) {
				t.Fatalf("%q + %q: %v", text, c.Text, err)
			}
		}
	})
}

func FuzzComplete(f *testing.F) {
	for _, tt := range canonTests {
		f.Add(tt.text, len(tt.text)/2)
	}
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		for _, c := range Complete(text, cursor, testVocabulary) {
			if c.Start < 0 || c.End < c.Start || c.End > len(text) || c.Text == "" {
				t.Fatalf("%q at %d: %+v", text, cursor, c)
			}
		}
	})
}

func TestEveryTermWordHasHelp(t *testing.T) {
	for _, word := range append(termWords(), "id", "type", "code") {
		if termHelp[word] == "" {
			t.Errorf("no help for %q", word)
		}
	}
}
