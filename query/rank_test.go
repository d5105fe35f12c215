package query

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// used counts the words of texts.
func used(texts ...string) *Use {
	var u Use
	for _, text := range texts {
		u.Add(text)
	}
	return &u
}

// seenTable has flows from 10.0.0.1 and 10.0.0.2 to ports 443 (three) and 53 (two), and a ping.
func seenTable() *flow.View {
	t := flow.NewTable()
	t.SetNode(flow.NodeInfo{ID: 1, Name: "eth1", Agent: "sensor-a", Netgroup: "my lab"})
	for i, port := range []uint16{443, 53, 443, 53, 443, 9} {
		r := flow.Record{
			ID: uint64(i), IPVersion: 4, Proto: flow.TCP, Src: flow.AddrFrom4(0x0a000001 + uint32(i%2)), Dst: flow.AddrFrom4(0xc0000201),
			SrcPort: uint16(40000 + i), DstPort: port, Node: 1, File: "a b.pcap",
		}
		switch port {
		case 53:
			r.Proto = flow.UDP
		case 9:
			r.Proto, r.SrcPort = flow.ICMP, 9
		}
		t.Append(&r)
	}
	return t.View()
}

func seen(t testing.TB) *Seen {
	t.Helper()
	s, err := CollectSeen(t.Context(), seenTable())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCandidatesAreRanked(t *testing.T) {
	vocab := testVocabulary
	vocab.Used = used("dst port 8443", "dst port 8443 and src bytes > 5M", "state SF", "state SF or state REJ", "service ssh",
		"ip $servers and ip 192.0.2.7", "ip $servers", "not bogus bogus")
	vocab.Seen = seen(t)
	for _, tt := range []struct{ text, want string }{
		{"dst port ", "dst port 8443, dst port 443, dst port 53, dst port =, dst port !="},           // used, then seen, then the language
		{"src port ", "src port 8443, src port =, src port !="},                                      // what clients chose once is not offered
		{"ip ", "ip $servers, ip 192.0.2.7, ip 192.0.2.1, ip 10.0.0.1, ip 10.0.0.2, ip ="},           // either side
		{"src ip ", "src ip $servers, src ip 192.0.2.7, src ip 10.0.0.1, src ip 10.0.0.2, src ip ="}, // one side
		{"ip 10", "ip 10.0.0.1, ip 10.0.0.2"},
		{"state ", "state SF, state REJ, state OTH"},
		{"src bytes > ", "src bytes > 5M"},
		{"dst p", "dst port, dst packets"},
		{"src bytes ", "src bytes >, src bytes 5M, src bytes ="},
		{"tcp o", "tcp or"},
		{"service ", "service ssh, service https, service dns"},
		{"file ", "file \"a b.pcap\", file =, file !="},
		{"netgroup ", "netgroup \"my lab\", netgroup ="},
		{"proto ", "proto tcp, proto udp, proto icmp, proto ="},
		{"port > ", "port > 8443, port > 443"},
	} {
		got := apply(tt.text, Complete(tt.text, len(tt.text), vocab))
		if joined := strings.Join(got, ", "); joined != tt.want && !strings.HasPrefix(joined, tt.want+", ") {
			t.Errorf("%q: %.300s, want first %s", tt.text, joined, tt.want)
		}
	}
	if c := Complete("dst port ", 9, vocab); c[0].Used != 2 || c[0].Seen != 0 || c[1].Used != 0 || c[1].Seen != 3 {
		t.Errorf("counted %+v and %+v", c[0], c[1])
	}
	first := Complete("", 0, vocab)
	words := make([]string, len(first))
	for i, c := range first {
		words[i] = c.Text
	}
	if got := strings.Join(words[:9], " "); got != "dst ip port state bytes service src tcp udp" {
		t.Errorf("an empty line begins with %s", got)
	}
}

// A value that < and > cannot take is not offered behind them.
func TestUsedRangesAreNotOfferedBehindAnOrder(t *testing.T) {
	vocab := Vocabulary{Used: used("port 80-90", "port [22 23]", "ip 10.0.0.0/8")}
	for _, text := range []string{"port > ", "ip > "} {
		for _, c := range apply(text, Complete(text, len(text), vocab)) {
			if _, err := Parse(c); err != nil {
				t.Errorf("%s: %v", c, err)
			}
		}
	}
	if got := apply("port 8", Complete("port 8", 6, vocab)); !slices.Contains(got, "port 80-90") {
		t.Errorf("port 8: %q", got)
	}
}

func TestRankedCandidatesAreAccepted(t *testing.T) {
	view := seenTable()
	found, err := CollectSeen(context.Background(), view)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var u Use
		for range 3 {
			u.Add(Text(genTree(t, 2, true)))
		}
		vocab := Vocabulary{Used: &u, Seen: found}
		text := Text(genTree(t, 2, true))
		text = text[:rapid.IntRange(0, len(text)).Draw(t, "cursor")]
		for _, c := range Complete(text, len(text), vocab) {
			if e := errorOf(text[:c.Start]); e != nil && e.Offset+e.Length < c.Start {
				continue
			}
			done := text[:c.Start] + c.Text + text[c.End:]
			if c.Text == "now" { // it may go on, and a span of which it is the end may need that
				done = text[:c.Start] + "now+9w" + text[c.End:]
			}
			if e := errorOf(done); e != nil && e.Offset < c.Start+len(c.Text) {
				t.Fatalf("%q + %q: %v", text, c.Text, e)
			}
		}
	})
}

func TestUseJoins(t *testing.T) {
	a, b := used("dst port 443", "tcp"), used("dst port 443 or udp")
	a.Join(b)
	a.Join(nil)
	if want := used("dst port 443", "tcp", "dst port 443 or udp"); !maps.Equal(a.words, want.words) || !maps.Equal(a.values[FieldPort], want.values[FieldPort]) {
		t.Errorf("joined %v %v", a.words, a.values[FieldPort])
	}
	if a.word("dst") != 2 || a.value(FieldPort, "443") != 2 || a.word("443") != 0 {
		t.Errorf("counted %v", a.words)
	}
}

func TestUseIsBounded(t *testing.T) {
	var u Use
	for block := range 5 {
		var b strings.Builder
		b.WriteString("id [")
		for i := range 6000 {
			b.WriteString(itemText(FieldID, &Number{Lo: uint64(block*10000 + i), Hi: uint64(block*10000 + i)}) + " ")
		}
		u.Add(b.String() + "]")
	}
	if u.n != maxUses {
		t.Errorf("%d are counted, want %d", u.n, maxUses)
	}
}

func TestCollectSeenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CollectSeen(ctx, seenTable()); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
	empty, err := CollectSeen(t.Context(), flow.NewTable().View())
	if err != nil || len(empty.texts(FieldIP, Either)) != 0 {
		t.Errorf("of no rows: %v, %v", empty.texts(FieldIP, Either), err)
	}
}

func TestSeenIsBounded(t *testing.T) {
	tb := flow.NewTable()
	for i := range 3000 {
		tb.Append(&flow.Record{ID: uint64(i), IPVersion: 4, Proto: flow.TCP, Src: flow.AddrFrom4(uint32(i)), Dst: flow.AddrFrom4(1)})
	}
	s, err := CollectSeen(t.Context(), tb.View())
	if err != nil || len(s.texts(FieldIP, Src)) != SeenValues || len(s.texts(FieldIP, Dst)) != 1 {
		t.Errorf("%d and %d addresses, %v", len(s.texts(FieldIP, Src)), len(s.texts(FieldIP, Dst)), err)
	}
}

func BenchmarkCollectSeen(b *testing.B) {
	tb := flow.NewTable()
	for i := range SeenRows {
		tb.Append(&flow.Record{
			ID: uint64(i), IPVersion: 4, Proto: flow.TCP, Src: flow.AddrFrom4(uint32(i % 70000)), Dst: flow.AddrFrom4(uint32(i % 999)),
			SrcPort: uint16(i), DstPort: uint16(i % 100),
		})
	}
	v := tb.View()
	for b.Loop() {
		if _, err := CollectSeen(b.Context(), v); err != nil {
			b.Fatal(err)
		}
	}
}
