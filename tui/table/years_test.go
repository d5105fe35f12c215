package table

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// startingAt is a table with one flow for each start.
func startingAt(starts ...time.Time) *flow.View {
	t := flow.NewTable()
	for i, at := range starts {
		r := record(i)
		r.Start, r.End = at.UnixMicro(), at.UnixMicro()+1_000_000
		t.Append(&r)
	}
	return t.View()
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 30, 45, 0, time.UTC)
}

// TestYearsAreShown: times without their year are for rows of one year, at every width that has room.
func TestYearsAreShown(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		starts []time.Time
		zone   *time.Location
		width  int
		want   string
	}{
		{"one year", []time.Time{day(2026, 11, 22), day(2026, 2, 1)}, nil, 80, "▌12:30:45 "},
		{"another year than now", []time.Time{day(2019, 11, 22), day(2019, 2, 1)}, nil, 80, "▌12:30:45 "},
		{"two years", []time.Time{day(2026, 11, 22), day(2024, 2, 1)}, nil, 80, "▌2026-11-22 12:30:45 "},
		{"two years, wider", []time.Time{day(2026, 11, 22), day(2024, 2, 1)}, nil, 120, "▌2026-11-22 12:30:45 "},
		{"the other year in the middle", []time.Time{day(2026, 3, 1), day(2025, 3, 1), day(2026, 11, 22)}, nil, 80, "▌2026-03-01 12:30:45 "},
		{"no room", []time.Time{day(2026, 11, 22), day(2024, 2, 1)}, nil, 40, "▌12:30:45 "},
		{"one year in UTC", []time.Time{day(2026, 11, 22), time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)}, nil, 80, "▌12:30:45 "},
		{"two in the zone", []time.Time{day(2026, 11, 22), time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)}, berlin, 80, "▌2026-11-22 13:30:45 "},
	} {
		m := New(Keys(), plain, func() time.Time { return evening })
		m.SetZone(c.zone)
		m.SetSize(c.width, 10)
		m.Reset(nil)
		drive(m, m.Rows(startingAt(c.starts...), false))
		if row := ansi.Strip(m.View()[1]); !strings.HasPrefix(row, c.want) {
			t.Errorf("%s: %q, want %q at its begin", c.name, row, c.want)
		}
	}
}

// TestYearsOfManyRows: the rows of a large result are looked at a part with each redraw, and all of them in the end.
func TestYearsOfManyRows(t *testing.T) {
	table := flow.NewTable()
	for i := range yearsRows + 10 {
		r := flow.Record{ID: uint64(i), Start: day(2026, 5, 5).UnixMicro(), IPVersion: 4}
		if i == yearsRows+5 {
			r.Start = day(2025, 5, 5).UnixMicro()
		}
		table.Append(&r)
	}
	m := New(Keys(), plain, func() time.Time { return evening })
	m.SetSize(80, 10)
	m.Reset(nil)
	drive(m, m.Rows(table.View(), false))
	if row := ansi.Strip(m.View()[1]); !strings.HasPrefix(row, "▌12:30:45") || m.fresh {
		t.Fatalf("after a part: %q", row)
	}
	if row := ansi.Strip(m.View()[1]); !strings.HasPrefix(row, "▌2026-05-05 12:30:45") || !m.fresh {
		t.Errorf("after all: %q", row)
	}
}

// TestYearsAsInTheRows: rows that come in pieces are told apart as all of them at once.
func TestYearsAsInTheRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, seen := flow.NewTable(), make(map[int]bool)
		var y years
		for range rapid.IntRange(1, 5).Draw(t, "pieces") {
			for range rapid.IntRange(0, 30).Draw(t, "rows") {
				year := rapid.SampledFrom([]int{2026, 2026, 2026, 2026, 2026, 2026, 2026, 1969, 2027}).Draw(t, "year")
				seen[year] = true
				table.Append(&flow.Record{Start: day(year, 1, 1).UnixMicro(), IPVersion: 4})
			}
			y.look(table.View(), time.UTC)
			if y.several != (len(seen) > 1) {
				t.Fatalf("several years: %v, want those of %v", y.several, seen)
			}
		}
	})
}
