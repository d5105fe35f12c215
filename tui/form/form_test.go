package form

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
	model "cxlens/query/form"
	"cxlens/themes"
	"cxlens/tui/look"
)

var now = time.Date(2026, 11, 22, 13, 58, 7, 0, time.UTC)

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// open opens a form that nothing waits for.
func open(t failer, text string) *Model {
	t.Helper()
	m, err := New(context.Background(), Keys(), Search{Text: text, Order: []flow.SortKey{{Column: flow.ColStart, Desc: true}}, Limit: 1000}, Options{
		Names: func() map[string]string { return map[string]string{"internal": "10/8"} },
		Known: func(f query.Field) []string { return []string{"eth1", "a b"} },
		Count: func(query.Request) (Counting, error) { return nil, nil },
		Now:   func() time.Time { return now }, After: func(time.Duration) <-chan time.Time { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	m.Run, m.Leave, m.Say = func(Search) (tea.Cmd, error) { return nil, nil }, func() {}, func(string) {}
	return m
}

// texts are queries whose terms stand in all fields of the form.
var texts = []string{
	"any", "tcp", "proto != in [tcp 47-50]", "src ip $internal and dst ip != $internal", "net 10.0.0.0/8 and src ip != in [10.0.0.1 ::1] and dst ip > 10.0.0.7",
	"port https and dst port > 1023", "bytes >= 1M", "src bytes > 1M and src bytes < 2G and dst bytes <= 1K", "packets in [1-3 7]",
	"duration >= 90s and pps >= 0.5 and bps <= 1G and bpp > 64", "flags any FR and src flags S and dst flags S/SA", "flags = 0 and src flags = S",
	`state in [S0 REJ] and node eth* and agent != "a b" and netgroup ""`, "tcp and (tcp or udp)", "port 80 and not ip 10.0.0.1 and service ssh",
	"proto tcp and proto udp", "src net in [" + model.Blocks + "] and dst net in [" + model.Blocks + "] and port ?web:80",
}

// TestFieldsHoldTheForm: what FromQuery made stands in the fields.
func TestFieldsHoldTheForm(t *testing.T) {
	for _, text := range texts {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := model.FromQuery(q).Query()
		if m := open(t, text); m.text != want.String() || m.wrong != 0 {
			t.Errorf("%s became %s, want %s; %d errors", text, m.text, want, m.wrong)
		}
	}
}

var keyNames = []tea.KeyPressMsg{
	{Code: tea.KeyDown},
	{Code: tea.KeyUp},
	{Code: tea.KeyTab},
	{Code: tea.KeyTab, Mod: tea.ModShift},
	{Code: tea.KeyLeft},
	{Code: tea.KeyRight},
	{Code: tea.KeySpace, Text: " "},
	{Code: tea.KeyPgDown},
	{Code: tea.KeyPgUp},
	{Code: tea.KeyBackspace},
	{Code: 'u', Mod: tea.ModCtrl},
	{Code: tea.KeyEnter},
	{Code: 'r', Mod: tea.ModCtrl},
}

// TestAnyKeys: whatever is typed, the text parses, the screen fits, and a form opened on the text has the same text.
func TestAnyKeys(t *testing.T) {
	l := look.New(themes.Loader{}.Auto(false), true)
	rapid.Check(t, func(t *rapid.T) {
		m := open(t, rapid.SampledFrom(texts).Draw(t, "text"))
		for range rapid.IntRange(1, 40).Draw(t, "keys") {
			key := rapid.SampledFrom(keyNames).Draw(t, "key")
			if rapid.Bool().Draw(t, "typed") {
				r := rapid.SampledFrom([]rune(`0159./:-,[<>=!"$?astnm KMä`)).Draw(t, "rune")
				key = tea.KeyPressMsg{Code: r, Text: string(r)}
			}
			m.Update(key)
		}
		q, err := query.Parse(m.text)
		if err != nil {
			t.Fatalf("%s: %v", m.text, err)
		}
		want, _ := model.FromQuery(q).Query()
		unnamed := slices.ContainsFunc(q.Refs(), func(name string) bool { return name != "internal" }) // an error of its own
		if again := open(t, m.text); again.text != want.String() || (again.wrong > 0) != unnamed {
			t.Fatalf("%s came back as %s with %d errors", m.text, again.text, again.wrong)
		}
		w, h := rapid.IntRange(40, 130).Draw(t, "w"), rapid.IntRange(8, 40).Draw(t, "h")
		box, x, y := m.View(l, w, h)
		if len(box) > h {
			t.Fatalf("%d lines in %d", len(box), h)
		}
		for _, line := range box {
			if n := ansi.StringWidth(line); n > w {
				t.Fatalf("%d columns in %d: %q", n, w, line)
			}
		}
		if x >= w || y >= len(box) {
			t.Fatalf("the cursor is at %d, %d of a box of %d", x, y, len(box))
		}
		if !strings.Contains(ansi.Strip(strings.Join(box, "\n")), "▌") {
			t.Fatal("the field with the keyboard is out of sight")
		}
	})
}

// TestLongTextStaysWhole: what a field cannot show is neither cut nor edited.
func TestLongTextStaysWhole(t *testing.T) {
	text := "tcp or port in [1" + strings.Repeat(" 65535", 3000) + "]"
	m := open(t, text)
	if m.text != text {
		t.Fatalf("%d bytes of %d are left", len(m.text), len(text))
	}
	m.land(m.rows[2][0])
	m.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
	if m.text != text {
		t.Error("a key changed a text that is not shown whole")
	}
	if !strings.Contains(m.hint(), "too long") {
		t.Errorf("the hint is %q", m.hint())
	}
}

// TestFlagsCycle: a flag is set, with a mask also asked to be unset, and left alone.
func TestFlagsCycle(t *testing.T) {
	m := open(t, "any")
	m.land(m.rows[1][1])
	s := tea.KeyPressMsg{Code: 's', Text: "s"}
	for _, c := range []struct {
		mode query.FlagsMode
		want []string
	}{
		{query.FlagsAll, []string{"src flags S", "any"}},
		{query.FlagsMasked, []string{"src flags S/S", "src flags 0/S", "any"}},
		{query.FlagsExact, []string{"src flags = S", "src flags = 0"}},
	} {
		m.on.cells[0].(*choice).at = int(c.mode)
		for _, want := range c.want {
			if m.Update(s); m.text != want {
				t.Errorf("mode %d: %s, want %s", c.mode, m.text, want)
			}
		}
	}
}

func TestTotalsText(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	day := totals{flows: 5192, bytes: 27_300_000, first: at("2026-11-20T08:00:07Z"), last: at("2026-11-20T09:57:48Z"), server: 3 * time.Millisecond}
	for _, c := range []struct {
		totals totals
		w      int
		want   string
	}{
		{totals{server: time.Millisecond}, 80, "no flow matches · counted in 1ms"},
		{totals{flows: 1, bytes: 60}, 80, "1 flow · 60 B · counted in 0s"},
		{day, 80, "5,192 flows · 27.3 MB · 2026-11-20 08:00:07 to 09:57:48 · counted in 3ms"},
		{day, 70, "5,192 flows · 2026-11-20 08:00:07 to 09:57:48 · counted in 3ms"},
		{day, 60, "5,192 flows · 2026-11-20 08:00 to 09:57 · counted in 3ms"},
		{day, 30, "5,192 flows · in 3ms"},
	} {
		if got := c.totals.text(c.w); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestRareFields: the IP version, the service, the ids and the file have fields of their own.
func TestRareFields(t *testing.T) {
	const text = "ip6 and icmp id 7 and service != https and id > 5 and file eth1*"
	m := open(t, text)
	if m.text != text || m.form().Also != "" {
		t.Fatalf("%s, also %q", m.text, m.form().Also)
	}
	for r := range m.all() {
		switch r.part {
		case model.PartVersion:
			m.land(r)
			m.Update(tea.KeyPressMsg{Code: tea.KeyLeft})
		case model.PartService:
			r.cells[0].(*choice).at = 0
			r.texts()[0].fill("tls dns")
		case model.PartID, model.PartFile, model.PartICMPID:
			r.texts()[0].fill("")
		}
	}
	m.changed()
	if want := "ip4 and service in [https dns]"; m.text != want {
		t.Errorf("%s, want %s", m.text, want)
	}
}
