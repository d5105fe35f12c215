package tui

import (
	"strings"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
)

// toColumn moves the cursor to a column of the table.
func (s *screen) toColumn(c flow.Column) {
	s.t.Helper()
	for range flow.NumColumns {
		s.keys("left")
	}
	for range flow.NumColumns {
		if s.m.table.Column() == c {
			return
		}
		s.keys("right")
	}
	s.t.Fatalf("no column %s", c)
}

func TestPivotOnly(t *testing.T) {
	src := newSource()
	s := start(t, 140, 40, src, func(o *Options) { o.Query, o.Last = "tcp or udp", "24h" })
	s.keys("j", "j")
	s.toColumn(flow.ColDstPort)
	row, _ := s.m.table.Mark()
	var r flow.Record
	s.m.table.Current(&r)
	s.keys("i")
	s.settle()
	want := "dst port " + cell(t, s)
	req := src.last().req
	if req.Query != want || s.m.bar.Text() != want {
		t.Errorf("ran %q with %q on the line, want %q", req.Query, s.m.bar.Text(), want)
	}
	if req.From != clock.Add(-24*time.Hour).Format(time.RFC3339Nano) {
		t.Errorf("the span is from %q", req.From)
	}
	s.sees("only " + want + "; backspace goes back")
	if now, _ := s.m.table.Mark(); now.ID != row.ID {
		t.Error("the cursor left its flow")
	}
	if s.m.mode != modeFlows {
		t.Error("the table does not have the keyboard")
	}
}

// cell is the text of the cell under the cursor.
func cell(t *testing.T, s *screen) string {
	t.Helper()
	text, ok := s.m.table.CellText()
	if !ok {
		t.Fatal("no cell")
	}
	return text
}

func TestPivotIncludeExcludeAndRows(t *testing.T) {
	cases := map[string]struct {
		column flow.Column
		want   func(r *flow.Record) string
	}{
		"+": {flow.ColSrcIP, func(r *flow.Record) string { return "(tcp or udp) and src ip " + r.Src.Text(4) }},
		"-": {flow.ColDstIP, func(r *flow.Record) string { return "(tcp or udp) and dst ip != " + r.Dst.Text(4) }},
		"P": {flow.ColStart, func(r *flow.Record) string { return "ip " + r.Src.Text(4) + " and ip " + r.Dst.Text(4) }},
		"B": {flow.ColStart, func(r *flow.Record) string { return "tcp and (src ip " + r.Src.Text(4) + " and src port " }},
		"D": {flow.ColStart, func(r *flow.Record) string { return "src ip " + r.Src.Text(4) + " and tcp and dst port " }},
	}
	for key, c := range cases {
		t.Run(key, func(t *testing.T) {
			src := newSource()
			s := start(t, 140, 40, src, func(o *Options) { o.Query = "tcp or udp" })
			s.toColumn(c.column)
			var r flow.Record
			if !s.m.table.Current(&r) || r.Proto != flow.TCP || r.IPVersion != 4 {
				t.Fatalf("the first row is %+v", r)
			}
			s.keys(key)
			got := src.last().req.Query
			if !strings.HasPrefix(got, c.want(&r)) {
				t.Errorf("ran %q, want %q", got, c.want(&r))
			}
			q, err := query.Parse(got)
			if err != nil || q.String() != got {
				t.Errorf("%q is not canonical: %v", got, err)
			}
			s.keys("esc")
			if got := src.last().req.Query; got != "tcp or udp" || s.m.bar.Text() != got {
				t.Errorf("Esc went back to %q with %q on the line", got, s.m.bar.Text())
			}
			s.keys("esc")
			s.sees("nothing is refined")
		})
	}
}

func TestPivotAround(t *testing.T) {
	for keys, want := range map[string]time.Duration{"": 5 * time.Minute, "30": 30 * time.Minute, "90s": 90 * time.Second} {
		src := newSource()
		s := start(t, 140, 40, src, func(o *Options) { o.Query, o.Last = "tcp", "24h" })
		s.keys("j", "j")
		var r flow.Record
		s.m.table.Current(&r)
		s.keys("~")
		s.sees("± minutes around this row")
		if keys != "" {
			s.keys("ctrl+u")
			s.typed(keys)
		}
		s.keys("enter")
		req := src.last().req
		row := time.UnixMicro(r.Start).UTC()
		from, to := row.Add(-want).Truncate(time.Second), row.Add(want).Truncate(time.Second).Add(time.Second)
		if req.Query != "tcp" || req.From != from.Format(time.RFC3339Nano) || req.To != to.Format(time.RFC3339Nano) {
			t.Errorf("%q: ran %q from %s to %s, want %s to %s", keys, req.Query, req.From, req.To, from, to)
		}
		s.sees(from.Format("2006-01-02 15:04:05") + " .. ")
		s.keys("backspace")
		if req := src.last().req; req.To != "" || req.From != clock.Add(-24*time.Hour).Format(time.RFC3339Nano) {
			t.Errorf("back to %s .. %s", req.From, req.To)
		}
	}
}

func TestPivotAroundRefusesWhatIsNoTime(t *testing.T) {
	src := newSource()
	s := start(t, 140, 40, src, nil)
	s.keys("~", "ctrl+u")
	s.typed("a while")
	s.keys("enter")
	if s.m.mode != modePrompt || len(src.results) != 1 {
		t.Error("it was taken")
	}
	s.keys("esc")
	if s.m.mode != modeFlows {
		t.Error("Esc did not leave the prompt")
	}
}

func TestMinutes(t *testing.T) {
	now := clock.Add(789 * time.Nanosecond)
	for text, want := range map[string]time.Duration{"5": 5 * time.Minute, " ±30 ": 30 * time.Minute, "0.5": 30 * time.Second, "90s": 90 * time.Second, "2h": 2 * time.Hour} {
		if got, err := minutes(text, now); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-5", "NaN", "1e3", "soon", "5 parsecs"} {
		if got, err := minutes(text, now); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestPivotsByName(t *testing.T) {
	src := newSource()
	s := start(t, 140, 40, src, nil)
	s.keys("ctrl+k")
	s.typed("30 minutes before")
	s.keys("enter")
	if req := src.last().req; req.To == "" || len(src.results) != 2 {
		t.Errorf("ran %d queries, the last to %q", len(src.results), req.To)
	}
}

func TestPivotSaysWhyNot(t *testing.T) {
	src := newSource()
	s := start(t, 250, 40, src, func(o *Options) { o.Query = "any" })
	for range 6 {
		s.keys("j")
	}
	s.keys("D")
	s.sees("icmp has no ports")
	s.toColumn(flow.ColSrcFlags)
	s.keys("i")
	s.sees("icmp has no TCP flags")
	s.keys("g")
	s.toColumn(flow.ColDuration)
	s.keys("[")
	s.sees("this is the first query")
	s.keys("]")
	s.sees("this is the last query")
	if len(src.results) != 1 {
		t.Errorf("%d queries ran", len(src.results))
	}
	s.keys("+")
	again := src.last().req.Query
	s.settle()
	s.keys("+")
	s.sees("the query has this already: duration >=")
	s.keys("-")
	s.sees("without it no flow would be left")
	if got := src.last().req.Query; got != again || len(src.results) != 2 {
		t.Errorf("ran %q", got)
	}
}

func TestPivotWithoutRows(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) { r.finish(0, 0) }
	s := start(t, 120, 40, src, nil)
	for _, key := range []string{"i", "+", "-", "P", "B", "D", "~"} {
		s.keys(key)
		s.sees("there is no row under the cursor")
	}
	if len(src.results) != 1 || s.m.mode != modeFlows {
		t.Error("a pivot ran")
	}
}

// TestBackAndForward: the way has the queries with their spans, refinements, order, column and row.
func TestBackAndForward(t *testing.T) {
	src := newSource()
	s := start(t, 140, 40, src, func(o *Options) { o.Query, o.Last = "tcp", "24h" })
	s.toColumn(flow.ColSrcBytes)
	s.keys("s")
	s.settle()
	s.keys("/")
	s.typed("dst port 443")
	s.keys("enter")
	s.settle()
	s.keys("j", "j", "j")
	first, _ := s.m.table.Mark()
	s.keys("i")
	second := src.last().req.Query
	s.settle()
	s.seesNot("refined")
	s.keys(":", "ctrl+u")
	s.typed("udp")
	s.keys("enter")
	s.settle()
	s.keys("backspace")
	s.settle()
	if got := s.m.bar.Text(); got != second {
		t.Errorf("one back is %q, want %q", got, second)
	}
	s.keys("[")
	s.settle()
	if got, _ := s.m.table.Mark(); s.m.bar.Text() != "tcp" || got.ID != first.ID || s.m.table.Column() != flow.ColSrcBytes {
		t.Errorf("two back is %q on %+v, column %s; want %+v", s.m.bar.Text(), got, s.m.table.Column(), first)
	}
	s.sees("refined by dst port 443", "sort src_bytes↓", "last 24h")
	s.keys("]", "]")
	if got := src.last().req.Query; got != "udp" {
		t.Errorf("forward again is %q", got)
	}
	s.keys("]")
	s.sees("this is the last query")
	// A new query cuts off what lay ahead, the same one again does not.
	s.keys("[")
	s.settle()
	s.keys("r")
	s.settle()
	if len(s.m.trail.ahead) != 1 {
		t.Errorf("%d places ahead after running again", len(s.m.trail.ahead))
	}
	s.keys("P")
	if len(s.m.trail.ahead) != 0 {
		t.Errorf("%d places ahead after a pivot", len(s.m.trail.ahead))
	}
}

func TestWayBackIsBounded(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	for range maxPlaces + 5 {
		s.m.span = s.m.run.span
		s.m.limit++
		s.m.again()
	}
	if n := len(s.m.trail.back); n != maxPlaces {
		t.Errorf("%d places", n)
	}
}

// TestNarrowingKeepsTheRefinement: include and exclude narrow the rows that are refined.
func TestNarrowingKeepsTheRefinement(t *testing.T) {
	s := start(t, 140, 40, newSource(), nil)
	s.keys("/")
	s.typed("udp")
	s.keys("enter")
	s.settle()
	s.toColumn(flow.ColSrcIP)
	s.keys("+")
	s.settle()
	s.keys("j")
	s.sees("refined by udp")
}
