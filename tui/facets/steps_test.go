package facets

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query/steps"
	"cxlens/tui/sums"
)

// TestHereInStepsIsTheSimpleSum: the rows here are summed up by steps as the steps of their values in a map are.
func TestHereInStepsIsTheSimpleSum(t *testing.T) {
	defer func(n int) { mostAtOnce = n }(mostAtOnce)
	rapid.Check(t, func(t *rapid.T) {
		v := someFlows.Draw(t, "flows")
		columns := []flow.Column{flow.ColStart, flow.ColEnd, flow.ColDuration, flow.ColBytes, flow.ColSrcPackets, flow.ColPPS, flow.ColBPP, flow.ColProto}
		by := rapid.SliceOfNDistinct(rapid.SampledFrom(columns), 1, 3, rapid.ID).Draw(t, "by")
		rows := []uint32{}
		for row := range v.Len() {
			if rapid.Bool().Draw(t, "row") {
				rows = append(rows, uint32(row))
			}
		}
		shift := rapid.SampledFrom([]int64{0, 1, -5_000_000}).Draw(t, "shift")
		want := make(map[string]sums.Sums)
		for _, row := range rows {
			var cells []string
			for _, c := range by {
				if !steps.Has(c) {
					cells = append(cells, string(v.AppendCell(nil, c, int(row))))
					continue
				}
				first, last := int64(math.MaxInt64), int64(math.MinInt64)
				for _, other := range rows {
					first, last = min(first, v.Int64(c, int(other))), max(last, v.Int64(c, int(other)))
				}
				cells = append(cells, steps.For(c, first, last, shift).Find(steps.KeyOf(v, c, int(row))).Text())
			}
			s := want[fmt.Sprintf("%q", cells)]
			s.Add(sums.Sums{1, v.Uint64(flow.ColBytes, int(row)), v.Uint64(flow.ColPackets, int(row))})
			want[fmt.Sprintf("%q", cells)] = s
		}
		mostAtOnce = rapid.SampledFrom([]int{1, 3, 1 << 20}).Draw(t, "groups at once")
		h := NewHere(v, rows, len(rows), by, 1000)
		h.InSteps(shift)
		for h.Step(context.Background()) {
		}
		a := h.Answer(sums.Flows)
		if h.Done() != 1 || a.Of != uint64(len(want)) || len(a.Groups) != len(want) {
			t.Fatalf("%d of %d steps, want %d", len(a.Groups), a.Of, len(want))
		}
		for _, g := range a.Groups {
			if want[fmt.Sprintf("%q", g.Values)] != g.Sums {
				t.Fatalf("%q has %v, want %v", g.Values, g.Sums, want[fmt.Sprintf("%q", g.Values)])
			}
		}
	})
}

func TestLabels(t *testing.T) {
	kolkata := time.FixedZone("IST", 19_800)
	for _, c := range []struct {
		col         flow.Column
		text        string
		form        form
		want, exact string
	}{
		{flow.ColBytes, "0", form{}, "0", "0"},
		{flow.ColBytes, "2..4", form{}, "2 to 4", "2 to 4"},
		{flow.ColBytes, "500..999", form{}, "500 to 999", "500 to 999"},
		{flow.ColBytes, "1000..1999", form{}, "1k to 2k", "1,000 to 1,999"},
		{flow.ColPackets, "500000..999999", form{}, "500k to 1M", "500,000 to 999,999"},
		{flow.ColBytes, "10000000000000000000..", form{}, "10E and more", "10,000,000,000,000,000,000 and more"},
		{flow.ColDuration, "..-0.000001", form{}, "below 0s", "below 0.000000s"},
		{flow.ColDuration, "0.000000", form{}, "0s", "0.000000s"},
		{flow.ColDuration, "0.000001", form{}, "1µs", "0.000001s"},
		{flow.ColDuration, "0.500000..0.999999", form{}, "500ms to 1s", "0.500000s to 0.999999s"},
		{flow.ColDuration, "30.000000..59.999999", form{}, "30s to 1m", "30.000000s to 59.999999s"},
		{flow.ColDuration, "1800.000000..3599.999999", form{}, "30m to 1h", "1800.000000s to 3599.999999s"},
		{flow.ColDuration, "43200.000000..86399.999999", form{}, "12h to 1d", "43200.000000s to 86399.999999s"},
		{flow.ColDuration, "86400000.000000..", form{}, "1,000d and more", "86400000.000000s and more"},
		{flow.ColPPS, "", form{}, "", ""},
		{flow.ColPPS, "0..0.001", form{}, "0 to 0.001", "0 to 0.001"},
		{flow.ColBPS, "200000..500000", form{}, "200k to 500k", "200000 to 500000"},
		{flow.ColBPS, "500000000000000000000000000..", form{}, "500000000E and more", "500000000000000000000000000 and more"},
		{flow.ColStart, "2026-11-22T00:00:00Z..2026-11-23T00:00:00Z", form{}, "2026-11-22", "2026-11-22"},
		{flow.ColStart, "2026-11-22T00:00:00Z..2026-11-24T00:00:00Z", form{}, "2026-11-22 to 2026-11-24", "2026-11-22 to 2026-11-24"},
		{flow.ColStart, "2026-11-21T18:30:00Z..2026-11-22T18:30:00Z", form{zone: kolkata}, "2026-11-22", "2026-11-22"},
		{flow.ColEnd, "2026-11-22T13:50:00Z..2026-11-22T14:00:00Z", form{}, "2026-11-22 13:50 to 14:00", "2026-11-22 13:50 to 14:00"},
		{flow.ColEnd, "2026-11-22T13:50:00Z..2026-11-22T14:00:00Z", form{zone: kolkata}, "2026-11-22 19:20 to 19:30", "2026-11-22 19:20 to 19:30"},
		{flow.ColEnd, "2026-11-22T13:56:30Z..2026-11-22T13:56:40Z", form{}, "11-22 13:56:30 to 13:56:40", "11-22 13:56:30 to 13:56:40"},
		{flow.ColEnd, "2026-11-22T13:56:30.12Z..2026-11-22T13:56:30.13Z", form{}, "13:56:30.120 to 13:56:30.130", "13:56:30.120 to 13:56:30.130"},
		{flow.ColEnd, "2026-11-22T13:56:30.12Z..2026-11-22T13:56:30.12001Z", form{}, "13:56:30.120000 to 30.120010", "13:56:30.120000 to 30.120010"},
	} {
		s, err := steps.Parse(c.col, c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := c.form.label(s); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.col, c.text, got, c.want)
		}
		c.form.exact = true
		if got := c.form.label(s); got != c.exact {
			t.Errorf("%s %s in full: %q, want %q", c.col, c.text, got, c.exact)
		}
	}
}

// TestEveryLabelHasRoom: what a step says fits beside its figures and their bar at 80 columns, and tells it from all
// others.
func TestEveryLabelHasRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]flow.Column{flow.ColStart, flow.ColDuration, flow.ColBytes, flow.ColPPS}).Draw(t, "column")
		first := rapid.Int64Range(0, 4_000_000_000_000_000).Draw(t, "first")
		span := rapid.Int64Range(0, 1<<rapid.IntRange(0, 50).Draw(t, "bits")).Draw(t, "span")
		scale := steps.For(c, first, first+span, 0)
		key := func(name string) uint64 {
			if c == flow.ColStart {
				return steps.Key(c, uint64(rapid.Int64Range(first, first+span).Draw(t, name)))
			}
			return steps.Key(c, rapid.Uint64Range(0, 1<<62).Draw(t, name))
		}
		a, b := scale.Find(key("a")), scale.Find(key("b"))
		text := form{}.label(a)
		if n := len([]rune(text)); n > 28 {
			t.Fatalf("%q has %d columns", text, n)
		}
		if a != b && text == (form{}).label(b) {
			t.Fatalf("%s and %s are both %q", a.Text(), b.Text(), text)
		}
	})
}

// TestStepsSortAndNarrow: steps stand in the order of their values, none first, and are found by what the screen says.
func TestStepsSortAndNarrow(t *testing.T) {
	m := New(Keys(), []flow.Column{flow.ColBPP}, sums.Flows)
	if !m.HasSteps() || !m.InSteps() {
		t.Fatal("bpp has no steps")
	}
	m.Show(Answer{Exact: true, All: sums.Sums{9, 9, 9}, Of: 4, Groups: []Group{
		{Values: []string{"1000..2000"}, Sums: sums.Sums{4, 1, 2}},
		{Values: []string{"0..0.001"}, Sums: sums.Sums{3, 1, 2}},
		{Values: []string{""}, Sums: sums.Sums{2, 1, 2}},
		{Values: []string{"200..500"}, Sums: sums.Sums{1, 1, 2}},
	}})
	if !m.SetOrder("by.bpp") {
		t.Fatal("no order by bpp")
	}
	var got []string
	for _, i := range m.shown {
		got = append(got, m.cells(m.answer.Groups[i])[0])
	}
	if strings.Join(got, "|") != "(none)|0 to 0.001|200 to 500|1k to 2k" {
		t.Errorf("%q", got)
	}
	m.field.Set("to 2k")
	m.find()
	if g, ok := m.Current(); !ok || g.Values[0] != "1000..2000" {
		t.Errorf("%v is found", g)
	}
	columns, rows := m.Rows()
	if columns[0] != "bpp_step" || rows[0][0] != "1000..2000" {
		t.Errorf("%v %v", columns, rows)
	}
}

// TestStepsAreNotCut: beside the values of other columns a step is written whole, for which the bar and the times give
// way, and the other columns last.
func TestStepsAreNotCut(t *testing.T) {
	by := []flow.Column{flow.ColStart, flow.ColProto, flow.ColSrcIP}
	m := New(Keys(), by, sums.Flows)
	m.Show(Answer{Exact: true, All: sums.Sums{9, 9, 9}, Of: 1, Groups: []Group{{
		Values: []string{"2026-11-22T13:50:00Z..2026-11-22T14:00:00Z", "tcp", "2001:db8:1111:2222:3333:4444:5555:6666"}, First: "1", Last: "2",
	}}})
	for _, w := range []int{80, 100, 120, 200} {
		pane, _, _ := m.Pane(mono, w, 10)
		row, title := ansi.Strip(pane[2]), ansi.Strip(pane[1])
		if !strings.Contains(row, "2026-11-22 13:50 to 14:00 tcp") {
			t.Errorf("%d columns: %q", w, row)
		}
		if strings.Index(title, "PROTO") != strings.Index(row, "tcp") {
			t.Errorf("%d columns: %q stands over %q", w, title, row)
		}
		if w == 200 && !strings.Contains(row, "6666") {
			t.Errorf("an address is cut though there is room: %q", row)
		}
	}
}
