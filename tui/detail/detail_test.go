package detail

import (
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

func TestWhy(t *testing.T) {
	const s, a, f, r = flow.SYN, flow.ACK, flow.FIN, flow.RST
	for _, c := range []struct {
		proto      uint8
		src, dst   flow.Flags
		dstPackets uint64
		state      flow.State
		why        string
	}{
		{flow.UDP, 0, 0, 0, flow.S0, "unanswered: UDP"},
		{flow.UDP, 0, 0, 2, flow.SF, "answered: UDP"},
		{flow.ICMP, 0, 0, 2, flow.OTH, "neither TCP nor UDP"},
		{flow.TCP, s, 0, 0, flow.S0, "nothing came back"},
		{flow.TCP, s, r | a, 1, flow.REJ, "refused"},
		{flow.TCP, s | a, s | a, 9, flow.S1, "open"},
		{flow.TCP, s | a | f, s | a | f, 9, flow.SF, "no RST"},
		{flow.TCP, s | a | r, s | a, 9, flow.RSTO, "reset by the source"},
		{flow.TCP, s | a, s | a | r, 9, flow.RSTR, "reset by the destination"},
		{flow.TCP, a, a, 9, flow.OTH, "midstream"},
		{flow.TCP, s, a, 9, flow.OTH, "neither SYN nor RST"},
	} {
		rec := flow.Record{Proto: c.proto, SrcFlags: c.src, DstFlags: c.dst, SrcPackets: 1, DstPackets: c.dstPackets}
		if got := rec.State(); got != c.state {
			t.Errorf("%+v has state %v, want %v", c, got, c.state)
		}
		if got := Why(&rec); !strings.Contains(got, c.why) {
			t.Errorf("why %v: %q, want %q", c.state, got, c.why)
		}
	}
}

func dangerous(r rune) bool { return unicode.IsControl(r) || r == 0x202e }

// A peer's names reach the detail as they came; they must not reach the terminal so.
func TestDetailIsClean(t *testing.T) {
	l := look.New(themes.Loader{}.Auto(false), true)
	m := New(Keys(), time.FixedZone("CET", 3600))
	m.Show(&flow.Record{
		Proto: flow.TCP, IPVersion: 4, Node: 7, File: "a\x1b]0;owned\x07.pcap", EndFile: "\u202eb", Start: 5, End: 2,
	}, flow.NodeInfo{ID: 7, Name: "n\x1b[2J", Agent: "x\ny", Netgroup: "\x9b31m"}, "1 of 1", nil)
	for w := 40; w < 130; w += 7 {
		for _, line := range m.View(l, w, 80) {
			if strings.ContainsFunc(ansi.Strip(line), dangerous) || strings.Contains(line, "\x1b[2J") {
				t.Fatalf("a control character is left in %q", line)
			}
			if ansi.StringWidth(line) > w {
				t.Fatalf("a line is %d wide on a screen of %d", ansi.StringWidth(line), w)
			}
		}
	}
	if text := m.text(); strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), dangerous) {
		t.Errorf("a control character is left in what is copied: %q", text)
	}
	text := ansi.Strip(strings.Join(m.View(l, 120, 80), "\n"))
	for _, want := range []string{"negative", "none: no duration", "none: no packets"} {
		if !strings.Contains(text, want) {
			t.Errorf("the detail does not say %q", want)
		}
	}
}

// On a small screen the field under the cursor is always visible, whatever way it was reached.
func TestCursorIsVisible(t *testing.T) {
	l := look.New(themes.Loader{}.Auto(false), true)
	m := New(Keys(), time.FixedZone("CET", 3600))
	var said, opened []string
	m.Say = func(text string) { said = append(said, text) }
	m.Open = func(action string) (tea.Cmd, bool) { opened = append(opened, action); return nil, true }
	var copied string
	m.Copy = func(text, _ string) tea.Cmd { copied = text; return nil }
	m.Show(&flow.Record{Proto: flow.TCP, IPVersion: 4, Start: 1795355793_257697, SrcBytes: 300, DstBytes: 100, SrcFlags: flow.SYN}, flow.NodeInfo{}, "1 of 1",
		[]Related{{Action: "pivot.pair", Name: "pair", Query: "ip 10.0.0.1"}, {Action: "pivot.target", Name: "target", Why: "gre has no ports"}})
	press := func(code rune) { m.Update(tea.KeyPressMsg{Code: code, Text: string(code)}) }
	for n := len(m.fields()); n > 0; n-- {
		if lines := ansi.Strip(strings.Join(m.View(l, 60, 12), "\n")); !strings.Contains(lines, "❯ "+m.fields()[m.cursor].name) {
			t.Fatalf("field %s is not visible:\n%s", m.fields()[m.cursor].name, lines)
		}
		press('j')
	}
	if len(said) != 1 || said[0] != "this is the last field" {
		t.Errorf("said %q", said)
	}
	if text := m.text(); !strings.Contains(text, "local 2026-11-22 14:56:33.257697 +0100 CET") || !strings.Contains(text, "75.0 % up, 25.0 % down") {
		t.Errorf("the whole flow is\n%s", text)
	}
	press('k')
	press('y')
	m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	press('d')
	if copied != "ip 10.0.0.1" || strings.Join(opened, " ") != "pivot.pair pivot.target" {
		t.Errorf("copied %q, opened %q", copied, opened)
	}
	press('k')
	press('Z')
	if last := said[len(said)-1]; !strings.Contains(last, "Z has no action") {
		t.Errorf("said %q", last)
	}
}
