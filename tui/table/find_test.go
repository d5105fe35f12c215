package table

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// TestFindAgainstModel: a search finds the row that reading the cells one by one would.
func TestFindAgainstModel(t *testing.T) {
	m, _ := newModel(200)
	m.SetSize(250, 12)
	m.SetColumns([]flow.Column{flow.ColStart, flow.ColSrcIP, flow.ColSrcBytes, flow.ColDstPort, flow.ColDuration, flow.ColProto, flow.ColBPP, flow.ColState})
	rapid.Check(t, func(t *rapid.T) {
		if m.Exact() != rapid.Bool().Draw(t, "exact") {
			m.ToggleExact()
		}
		drive(m, m.SortBy(rapid.SampledFrom([][]flow.SortKey{newest, bySrc, {{Column: flow.ColSrcIP}}}).Draw(t, "order")))
		m.goPlace(rapid.IntRange(0, 199).Draw(t, "cursor"))
		m.View()
		text := rapid.OneOf(rapid.StringMatching(`[0-9.:kMs]{1,5}`), rapid.SampledFrom([]string{"tcp", "TCP", "https", "17:5", "10.0.0.19", "S0", "s0", "zz", "0s", ",1"})).Draw(t, "text")
		back := rapid.Bool().Draw(t, "back")
		from := m.cursor
		drive(m, m.Find(text, back))
		want, by := -1, 1
		if back {
			by = -1
		}
		for i := 0; i < 200 && want < 0; i++ {
			place := ((from+i*by)%200 + 200) % 200
			var r flow.Record
			m.view.Record(m.row(place), &r)
			for i, c := range m.columns {
				cell := string(appendCell(nil, m.view, m.row(place), &r, c, m.formAt(i)))
				if text == strings.ToLower(text) {
					cell = strings.ToLower(cell)
				}
				if want < 0 && strings.Contains(cell, text) {
					want = place
				}
			}
		}
		outcome := m.TakeOutcome()
		switch {
		case want < 0 && (outcome != FoundNone || m.cursor != from):
			t.Fatalf("%q is nowhere; outcome %d, the cursor at %d", text, outcome, m.cursor)
		case want >= 0 && m.cursor != want:
			t.Fatalf("%q is in row %d; outcome %d, the cursor at %d", text, want, outcome, m.cursor)
		case want >= 0 && (outcome == FoundWrapped) != ((want-from)*by < 0):
			t.Fatalf("from %d to %d: outcome %d", from, want, outcome)
		}
		if got := strings.ToLower(strings.Join(m.View(), "")); want >= 0 && !strings.Contains(ansi.Strip(got), strings.ToLower(text)) {
			t.Fatalf("%q is not on the screen", text)
		}
	})
}

func TestFindNextAndBack(t *testing.T) {
	m, tab := newModel(100)
	drive(m, m.Find("10.0.0.1", false)) // 1, 10 to 19, 100 and more
	var places []int
	step := func(back bool) {
		cmd, ok := m.FindNext(back)
		if !ok {
			t.Fatal("nothing is searched for")
		}
		drive(m, cmd)
		places = append(places, m.cursor)
	}
	step(false)
	step(false)
	if m.Column() != flow.ColSrcIP || m.cursor != 11 {
		t.Errorf("the cursor is on row %d, %v", m.cursor, m.Column())
	}
	drive(m, m.Rows(fill(tab, 100, 150), true)) // rows that come do not disturb
	step(true)
	step(true)
	step(true)
	if m.TakeOutcome() != FoundWrapped || m.cursor != 149 {
		t.Errorf("before the first one: row %d of %v", m.cursor, places)
	}
	if drive(m, m.Find("", false)); m.Searched() != "" {
		t.Error("the search did not end")
	}
	if _, ok := m.FindNext(false); ok {
		t.Error("there is a next match of nothing")
	}
}

func TestMatchesAreMarked(t *testing.T) {
	for _, mono := range []bool{true, false} {
		l := look.New(themes.Loader{}.Auto(false), mono)
		m, _ := newModel(20)
		m.SetLook(l)
		drive(m, m.Find("0.0.7", false))
		m.Do(Up)
		line := m.View()[8]
		if !strings.Contains(line, l.Paint(themes.Mark, "0.0.7")[:len(l.Paint(themes.Mark, "0.0.7"))-len("\x1b[m")]) {
			t.Errorf("mono %v: the match is not marked in %q", mono, line)
		}
		if strings.Contains(m.View()[9], l.Paint(themes.Mark, "0")) {
			t.Error("a row without a match is marked")
		}
	}
}

// TestFindNextPressedFast: a key that is pressed again before the search has ended goes one match further.
func TestFindNextPressedFast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fast, _ := newModel(60)
		slow, _ := newModel(60)
		text := rapid.SampledFrom([]string{"10.0.0.1", "10.0.0.59", "tcp", "zz"}).Draw(t, "text")
		at := rapid.IntRange(0, 59).Draw(t, "at")
		for _, m := range []*Model{fast, slow} {
			m.SetColumns([]flow.Column{flow.ColStart, flow.ColSrcIP, flow.ColProto, flow.ColState}) // no port: each search makes much room for those
			m.goPlace(at)
			drive(m, m.Find(text, false))
		}
		back, n := rapid.Bool().Draw(t, "back"), rapid.IntRange(1, 30).Draw(t, "times")
		var last tea.Cmd
		for range n {
			last, _ = fast.FindNext(back)
			cmd, _ := slow.FindNext(back)
			drive(slow, cmd)
		}
		drive(fast, last)
		if fast.cursor != slow.cursor {
			t.Fatalf("%d times fast leads to row %d, slow to %d", n, fast.cursor, slow.cursor)
		}
	})
}

func TestSmartCase(t *testing.T) {
	for _, c := range []struct {
		text, cell string
		want       bool
	}{
		{"sf", "SF", true}, {"SF", "SF", true}, {"Sf", "SF", false}, {"ß", "STRAßE", true}, {"i", "İx", false}, {"x", "İx", true}, {"日", "日本", true},
	} {
		if got := newNeedle(c.text).in(c.cell); got != c.want {
			t.Errorf("%q in %q: %v", c.text, c.cell, got)
		}
	}
}

func TestFindCanBeCancelled(t *testing.T) {
	m, _ := newModel(2000)
	cmd := m.Find("no such text", false)
	if _, ok := m.Finding(); !ok || !m.Cancel() {
		t.Fatal("no search runs")
	}
	msg := cmd().(Found)
	if !errors.Is(msg.err, context.Canceled) {
		t.Errorf("the search ended with %v", msg.err)
	}
	m.Update(msg)
	if o := m.TakeOutcome(); o != NoSearch {
		t.Errorf("a cancelled search has outcome %d", o)
	}
	slow := m.Find("tcp", false)
	drive(m, m.Find("udp", false))
	if m.Update(slow()); m.TakeOutcome() != FoundNone || m.cursor != 0 {
		t.Error("the answer of a replaced search is taken in")
	}
}

func TestGoto(t *testing.T) {
	m, _ := newModel(1001) // one a second, down from 18:00:00
	m.SetSize(100, 11)
	for _, c := range []struct {
		text string
		want int
		err  string
	}{
		{"1", 0, ""},
		{"1001", 1000, ""},
		{"1,000", 999, ""},
		{"1002", 0, "the rows here are 1 to 1,001"},
		{"0", 0, "the rows here"},
		{"50%", 500, ""},
		{"100 %", 1000, ""},
		{"101%", 0, "not from 0% to 100%"},
		{"NaN%", 0, "not from"},
		{"17:59", 60, ""},
		{"17:58:30", 90, ""},
		{"17:58:29.5", 90, ""},
		{"2026-11-22 17:50", 600, ""},
		{"11-22 17:50:01", 599, ""},
		{"2026-11-22T17:50:00Z", 600, ""},
		{"2026-11-22T18:50:00+01:00", 600, ""},
		{"2026-11-22", 1000, ""},
		{"noon", 0, `"noon" is no row`},
		{"", 0, "is no row"},
	} {
		m.goPlace(3)
		cmd, err := m.Goto(c.text)
		drive(m, cmd)
		switch {
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%q: %v, want %q", c.text, err, c.err)
		case c.err == "" && (err != nil || m.cursor != c.want):
			t.Errorf("%q: row %d, %v; want %d", c.text, m.cursor, err, c.want)
		}
		if m.cursor < m.top || m.cursor >= m.top+m.page() {
			t.Errorf("%q: the cursor %d is not on the screen from %d", c.text, m.cursor, m.top)
		}
	}
	cmd, err := m.Goto("18:01")
	drive(m, cmd)
	if err != nil || m.TakeOutcome() != WentNowhere {
		t.Error("a time behind the last flow is there")
	}
	drive(m, m.SortBy(bySrc)) // in any order
	cmd, _ = m.Goto("17:55")
	drive(m, cmd)
	if r := current(t, m); r.Start != record(300).Start {
		t.Errorf("sorted by bytes, 17:55 leads to %v", time.UnixMicro(r.Start).UTC())
	}
	m.Reset(newest)
	if _, err := m.Goto("1"); !errors.Is(err, ErrNoRows) {
		t.Errorf("without rows: %v", err)
	}
}

func TestZone(t *testing.T) {
	m, _ := newModel(3)
	m.SetSize(200, 5)
	paris := time.FixedZone("CET", 3600)
	m.SetZone(paris)
	if row := ansi.Strip(m.View()[1]); !strings.Contains(row, "2026-11-22 19:00:00") {
		t.Errorf("the row is %q", row)
	}
	if got, _ := m.CellText(); got != "2026-11-22T18:00:00.000000Z" {
		t.Errorf("copied is %q", got)
	}
	cmd, err := m.Goto("18:59:59")
	if drive(m, cmd); err != nil || m.cursor != 1 {
		t.Errorf("a time in the zone leads to row %d, %v", m.cursor, err)
	}
	drive(m, m.Find("18:59:5", false))
	if m.cursor != 1 {
		t.Errorf("the cell of the zone is not found: row %d", m.cursor)
	}
}

// BenchmarkFind searches all of a million rows, and of ten, for an address, a count and a state that only the last one has,
// and for what is nowhere.
func BenchmarkFind(b *testing.B) {
	for _, size := range []struct {
		name string
		rows int
	}{{"1M", 1_000_000}, {"10M", 10_000_000}} {
		b.Run(size.name, func(b *testing.B) {
			m := New(Keys(), plain, func() time.Time { return evening })
			m.SetSize(200, 50)
			m.Reset(newest)
			tab := flow.NewTable()
			for i := range size.rows {
				r := flow.Record{
					ID: uint64(i), Start: evening.UnixMicro() - int64(i)*1000, End: evening.UnixMicro(), Proto: flow.TCP, IPVersion: 4,
					Src: flow.AddrFrom4(0x0a000000 + uint32(i)*2654435761>>12), Dst: flow.AddrFrom4(0xc0000201), SrcPort: uint16(i), DstPort: 443,
					SrcPackets: 5, SrcBytes: uint64(i) * 2654435761 % 1e9, DstPackets: 3, DstBytes: 500, SrcFlags: flow.SYN, Offset: -1, EndOffset: -1,
				}
				if i == size.rows-1 {
					r.Src, r.SrcBytes, r.Proto = flow.AddrFrom4(0xcb007109), 8_888_000_000_000, 132
				}
				tab.Append(&r)
			}
			drive(m, m.Rows(tab.View(), true))
			m.View()
			for _, text := range []string{"203.0.113.9", "8.89T", "sctp", "qq"} {
				b.Run(text, func(b *testing.B) {
					busy := cpuTime()
					defer func() { b.ReportMetric(float64((cpuTime()-busy).Milliseconds())/float64(b.N), "cpu-ms/op") }()
					for b.Loop() {
						m.Do(Top)
						m.Update(m.Find(text, false)())
						if text != "qq" && m.cursor != size.rows-1 {
							b.Fatalf("found row %d", m.cursor)
						}
					}
				})
			}
		})
	}
}
