package timeline

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/tui/sums"
)

// TestCountIsTheSimpleSum: rows fall into the buckets as one after the other does.
func TestCountIsTheSimpleSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := flow.NewTable()
		n := rapid.OneOf(rapid.IntRange(0, 50), rapid.IntRange(5000, 9000)).Draw(t, "rows")
		every := rapid.SampledFrom([]int{1, 2, 7, 900}).Draw(t, "every")
		step := rapid.Int64Range(0, 40).Draw(t, "step")
		d := &Data{Start: 100, Width: rapid.Int64Range(1, 3000).Draw(t, "width"), Total: make([]sums.Sums, rapid.IntRange(1, 80).Draw(t, "buckets"))}
		want := Part{Total: make([]sums.Sums, len(d.Total))}
		var rows []uint32
		some := rapid.Bool().Draw(t, "some")
		for i := range n {
			r := flow.Record{Start: int64(i) * step % 7000, IPVersion: 4, SrcBytes: uint64(i), SrcPackets: uint64(i % 5)}
			r.End = r.Start
			table.Append(&r)
			if some && i%every != 0 {
				continue
			}
			rows = append(rows, uint32(i))
			one := sums.Sums{1, r.SrcBytes, r.SrcPackets}
			want.All.Add(one)
			if at := (r.Start - d.Start) / d.Width; r.Start >= d.Start && at < int64(len(d.Total)) {
				want.Total[at].Add(one)
			}
		}
		in := Rows{View: table.View(), N: n}
		if some {
			in.Rows, in.N = append([]uint32{}, rows...), len(rows)
		}
		got, err := d.Count(context.Background(), in)
		if err != nil || got.All != want.All || !slices.Equal(got.Total, want.Total) {
			t.Fatalf("%v, %v: %v, want %v", err, got.All, got.Total, want)
		}
	})
}

func TestCountStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	table := flow.NewTable()
	table.Append(&flow.Record{IPVersion: 4})
	d := &Data{Width: 1, Total: make([]sums.Sums, 1)}
	if _, err := d.Count(ctx, Rows{View: table.View(), N: 1}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestOverlayTellsThemApart: without colour a bar says how high the match is, whether any of it is refined, and whether
// all of it is.
func TestOverlayTellsThemApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "buckets")
		h := rapid.IntRange(1, 6).Draw(t, "lines")
		style := rapid.SampledFrom([]Style{Blocks, ASCII}).Draw(t, "style")
		total, part := make([]uint64, n), make([]uint64, n)
		for i := range total {
			total[i] = rapid.OneOf(rapid.Uint64Range(0, 30), rapid.Uint64()).Draw(t, "match")
			part[i] = rapid.OneOf(rapid.Uint64Range(0, total[i]), rapid.Just(total[i]), rapid.Just(uint64(0))).Draw(t, "refined")
		}
		match, mine, both := style.patterns()
		rows := overlay(total, part, most(total), h, style)
		for x := range total {
			bar := ""
			for y := range h {
				bar += rows[y][x].glyph
			}
			filled := len([]rune(strings.TrimSpace(bar)))
			if want := (level(total[x], most(total), 8*h) + 7) / 8; filled != want {
				t.Fatalf("%d of %d takes %d of %d lines, want %d", total[x], most(total), filled, h, want)
			}
			ofMatch, ofPart := strings.ContainsAny(bar, match+low), strings.ContainsAny(bar, mine+strings.Join(eighths[1:], ""))
			mixed := strings.Contains(bar, both)
			if none, all := part[x] == 0, part[x] == total[x]; none && (ofPart || mixed) || !none && !ofPart && !mixed || all && (ofMatch || mixed) || !all && !ofMatch && !mixed {
				t.Fatalf("%d of %d is %q", part[x], total[x], bar)
			}
		}
	})
}

// TestRefinedTimelinesFit: whatever is refined, the lines have their width and say which is which.
func TestRefinedTimelinesFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := someData.Draw(t, "data")
		heights := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 2, 5}), 1, 2).Draw(t, "heights")
		screens := rapid.SliceOfN(rapid.SampledFrom([]int{10, 24, 60}), 1, 2).Draw(t, "screens")
		p := &Part{Total: make([]sums.Sums, len(d.Total)), All: sums.Sums{3, 4, 5}}
		for i := range p.Total {
			p.Total[i] = sums.Sums{d.Total[i][0] / 3}
		}
		for style := range numStyles {
			for _, lanes := range []bool{false, true} {
				for _, h := range heights {
					m := New(Keys(), Settings{On: true, Style: style, Lanes: lanes, Height: h})
					m.SetZone(time.FixedZone("", 5*3600+1800))
					m.Show(d)
					m.SetRefined("udp")
					for _, counted := range []bool{false, true} {
						if counted {
							m.ShowPart(&Data{}, &Part{}) // of other data: dropped
							if m.Part() != nil {
								t.Fatal("a part of other buckets is drawn")
							}
							m.ShowPart(d, p)
						}
						for _, w := range []int{40, 80, 200} {
							for _, screen := range screens {
								lines := m.View(mono, w, screen, Spot{})
								if len(lines) != m.Lines(mono, screen) {
									t.Fatalf("%d lines of %d", len(lines), m.Lines(mono, screen))
								}
								for _, line := range lines {
									if ansi.StringWidth(line) != w {
										t.Fatalf("%d columns of %d: %q", ansi.StringWidth(line), w, line)
									}
								}
								text := strings.Join(lines, "\n")
								if w == 200 && (!strings.Contains(text, "match") || counted != strings.Contains(text, "3 of the rows here")) {
									t.Fatal(text)
								}
							}
						}
					}
					m.SetRefined("")
					if m.Part() != nil {
						t.Fatal("what was refined is still drawn")
					}
				}
			}
		}
	})
}

// TestAxis: the first and the last time stand at the ends, ticks between them at round times of the zone.
func TestAxis(t *testing.T) {
	at := func(text string) int64 {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when.UnixMicro()
	}
	for _, c := range []struct {
		from, to string
		zone     *time.Location
		want     string
	}{
		{"2026-11-20T08:00:00Z", "2026-11-20T08:00:02Z", nil, `^ +UTC ╵08:00:00\.000 +╵08:00:01 +08:00:02\.000╵`},
		{"2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z", nil, `^ +UTC ╵08:00 +╵08:30 +╵09:00 +╵09:30 +10:00╵`},
		{"2026-11-20T18:00:00Z", "2026-11-21T06:00:00Z", nil, `^ +UTC ╵11-20 18:00 +╵11-21 +11-21 06:00╵`},
		{"2023-03-01T00:00:00Z", "2026-03-01T00:00:00Z", nil, `^ +UTC ╵2023-02-12 +╵2024-01 +╵2025-01 +2026-03-08╵`},
		{"2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z", time.FixedZone("", 5*3600+1800), `^ +\+0530 ╵13:30 +╵14:00 +╵14:30 +╵15:00 +15:30╵`},
	} {
		start, width, n := Cut(at(c.from), at(c.to)-1, 71)
		m := New(Keys(), Settings{On: true})
		m.SetZone(c.zone)
		m.Show(&Data{Start: start, Width: width, Total: make([]sums.Sums, n)})
		lines := m.View(mono, 80, 24, Spot{})
		if line := ansi.Strip(lines[2]); !regexp.MustCompile(c.want).MatchString(line) {
			t.Errorf("%s .. %s: %q, want %s", c.from, c.to, line, c.want)
		}
	}
}

// TestAround: a single flow stands on a second, and a span that has room stays.
func TestAround(t *testing.T) {
	if lo, hi := Around(5_300_000, 5_300_000, 72); lo != 5_000_000 || hi != 5_999_999 {
		t.Errorf("%d .. %d", lo, hi)
	}
	if lo, hi := Around(-1, 10, 72); lo != -1_000_000 || hi != 10 {
		t.Errorf("%d .. %d", lo, hi)
	}
	if lo, hi := Around(3, 90, 72); lo != 3 || hi != 90 {
		t.Errorf("%d .. %d", lo, hi)
	}
}

// BenchmarkCount counts 10,000,000 rows, and half of them, in 200 buckets.
func BenchmarkCount(b *testing.B) {
	table := flow.NewTable()
	const n = 10_000_000
	for i := range n {
		r := flow.Record{ID: uint64(i), Start: int64(i) * 8640, IPVersion: 4, SrcBytes: uint64(i * 7919 % 100_000), SrcPackets: uint64(i % 50), Proto: flow.TCP}
		r.End = r.Start
		table.Append(&r)
	}
	rows := make([]uint32, 0, n/2)
	for i := range uint32(n / 2) {
		rows = append(rows, 2*i)
	}
	d := &Data{Width: n * 8640 / 200, Total: make([]sums.Sums, 200)}
	for name, r := range map[string]Rows{"all": {View: table.View(), N: n}, "half": {View: table.View(), Rows: rows, N: n / 2}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Count(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
