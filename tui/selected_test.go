package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestPromptsSelectTheirText: what is typed into a prompt that opens with an old text takes its place, and a motion keeps it.
func TestPromptsSelectTheirText(t *testing.T) {
	for name, c := range map[string]struct {
		open []string
		text string
	}{
		"span":   {[]string{"L"}, "all limit 100k"},
		"around": {[]string{"~"}, "5"},
		"export": {[]string{"x"}, "out/cxlens-20261122-135807.csv"},
		"rename": {[]string{"R", "o", "l", "d", "enter", "R"}, "old"},
		"search": {[]string{"ctrl+f", "t", "c", "p", "enter", "ctrl+f"}, "tcp"},
		"refine": {[]string{"/", "t", "c", "p", "enter", "/"}, "tcp"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, 80, 24, newSource(), nil)
			s.mono()
			s.keys(c.open...)
			if line := "\x1b[7m" + c.text + "\x1b[m"; !strings.Contains(s.m.View().Content, line) {
				t.Errorf("the old text is not shown as selected:\n%s", s.text())
			}
			s.keys("end")
			s.typed("Q")
			s.sees("❯ " + c.text + "Q ")
			s.keys("esc", c.open[len(c.open)-1])
			s.typed("Q")
			s.sees("❯ Q  ")
			s.keys("ctrl+_")
			s.sees("❯ " + c.text + " ")
		})
	}
}

// TestGroupingGoesOn: the prompt for the columns to group by goes on behind those that are there.
func TestGroupingGoesOn(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.keys("A")
	s.typed("proto")
	s.keys("enter", "A")
	s.typed("dst_port")
	s.sees("❯ proto, dst_port")
}

// TestErasingInOneLineOfTheQuery: ^u and ^k leave the other lines of a query.
func TestErasingInOneLineOfTheQuery(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.keys(":")
	s.send(tea.PasteMsg{Content: "dst port 443\nand (tcp\nor udp)"})
	s.keys("up", "end", "ctrl+u")
	if got := s.m.bar.Text(); got != "dst port 443\n\nor udp)" {
		t.Errorf("ctrl-u leaves %q", got)
	}
	s.keys("ctrl+u")
	s.sees("nothing to erase before the cursor")
	s.keys("up", "right", "right", "right", "ctrl+k")
	if got := s.m.bar.Text(); got != "dst\n\nor udp)" {
		t.Errorf("ctrl-k leaves %q", got)
	}
	s.keys("ctrl+k")
	s.sees("nothing to erase behind the cursor")
}

// TestTypingBesideAChoice: a person tabs to a field and types.
func TestTypingBesideAChoice(t *testing.T) {
	s, _ := openedForm(t, 80, 24, "")
	s.keys("7", "d", "tab", "tab") // the span, direction, and the choice before an address
	s.typed("10.0.0.7")
	s.keys("tab")
	s.keys("tab") // the choice of a further address
	s.keys("tab", "tab")
	s.typed("443")
	s.sees("query     ip 10.0.0.7 and port 443")
	s.keys("down", "down")
	s.send(tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}) // from the protocols to "is"
	s.typed("icmp")
	s.sees("query     icmp and ip 10.0.0.7 and port 443")
	s.keys("ctrl+u")
	s.send(tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift})
	s.send(tea.PasteMsg{Content: "udp"})
	s.sees("query     udp and ip 10.0.0.7 and port 443")
	s.keys("enter")
	if req := s.src.last().req; req.Query != "udp and ip 10.0.0.7 and port 443" || s.m.span.Text() != "last 7d" {
		t.Errorf("ran %q, %s", req.Query, s.m.span.Text())
	}
}

// TestTypingBesideFlags: letters of flags go to the flags, also from the choice how they count.
func TestTypingBesideFlags(t *testing.T) {
	s, _ := openedForm(t, 120, 40, "")
	s.keys("pgdown", "tab") // the values of state
	s.keys("tab")           // how the source's flags count
	s.typed("sa")
	s.sees("query     src flags SA")
	s.send(tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift})
	s.typed("e") // exactly
	s.sees("query     src flags = SA")
	s.typed("x")
	s.sees("no other choice begins with x")
}

// TestFormSelectsASpan: a span that is none of the choices is typed over as one that is.
func TestFormSelectsASpan(t *testing.T) {
	s := start(t, 100, 40, newSource(), func(o *Options) { o.Last = "3h" })
	s.keys("f")
	s.typed("7d")
	s.keys("enter")
	if got := s.m.span.Text(); got != "last 7d" {
		t.Errorf("the span is %q", got)
	}
}
