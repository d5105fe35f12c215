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
		{`""|`, []string{`""and`, `""port`}, false},
		{`node ""|`, []string{`node ""and`}, false},
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

// What cannot be read before the cursor is passed over.
func TestCompleteBehindErrors(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
		not  string
	}{
		{"bogus |", []string{"bogus and", "bogus port"}, "bogus )"},
		{"bogus and sta|", []string{"bogus and start", "bogus and state"}, ""},
		{"dst prot 443 and src |", []string{"dst prot 443 and src port"}, "dst prot 443 and src tcp"},
		{"dst prot 443 and state r|", []string{"dst prot 443 and state REJ"}, ""},
		{"prot 443 port ss|", []string{"prot 443 port ssh"}, ""},
		{"port [htps ssh |", []string{"port [htps ssh http", "port [htps ssh ]"}, "port [htps ssh and"},
		{"port [htps] and node e|", []string{"port [htps] and node eth1"}, ""},
		{"(tcp adn udp |", []string{"(tcp adn udp )", "(tcp adn udp or"}, ""},
		{"(tcp adn udp) |", []string{"(tcp adn udp) or"}, "(tcp adn udp) )"},
		{"(bogus) and (tcp |", []string{"(bogus) and (tcp )"}, ""},
		{"port > 80-90 |", []string{"port > 80-90 and"}, ""},
		{"port > 80-90 and src |", []string{"port > 80-90 and src ip"}, ""},
		{"tcp \x00and u|", []string{"tcp \x00and udp"}, ""},
		{"node 'x' and u|", []string{"node 'x' and udp"}, ""},
		{"dst prot | and tcp", []string{"dst prot and and tcp"}, ""},
		{"not prot 5 and not t|", []string{"not prot 5 and not tcp"}, ""},
	} {
		cursor := strings.Index(tt.text, "|")
		text := tt.text[:cursor] + tt.text[cursor+1:]
		got := apply(text, Complete(text, cursor, testVocabulary))
		for _, want := range tt.want {
			if !slices.Contains(got, want) {
				t.Errorf("%q: no %q in %q", tt.text, want, got)
			}
		}
		if tt.not != "" && slices.Contains(got, tt.not) {
			t.Errorf("%q: %q is offered", tt.text, tt.not)
		}
	}
}

// Thousands of errors are not a wait.
func TestCompleteBehindManyErrors(t *testing.T) {
	for _, part := range []string{"bogus ", "port [x ", "(", "tcp)", "x and ", "'"} {
		text := strings.Repeat(part, MaxText/len(part))
		if got := apply(text, Complete(text, len(text), testVocabulary)); len(got) > 0 && !strings.HasPrefix(got[0], text) {
			t.Errorf("%q: %.20q", part, got)
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
			if e := errorOf(text[:c.Start]); e != nil && e.Offset+e.Length < c.Start { // the error was there before
				continue
			}
			if e, ok := err.(*Error); ok && e.Offset < c.Start+len(c.Text) {
				t.Fatalf("%q + %q: %v", text, c.Text, err)
			}
		}
	})
}

func errorOf(text string) *Error {
	_, err := Parse(text)
	e, _ := err.(*Error)
	return e
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
