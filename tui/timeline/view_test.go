package timeline

import (
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
	"cxlens/tui/sums"
)

var mono, bare = look.New(themes.Loader{}.Auto(false), true), withoutBars(look.New(themes.Loader{}.Auto(false), true))

func withoutBars(l *look.Look) *look.Look { l.NoBars = true; return l }

// drawable checks that every way of drawing keeps to its lines and columns.
func drawable(t interface {
	Helper()
	Fatalf(string, ...any)
}, d *Data,
) {
	t.Helper()
	for style := range numStyles {
		for _, lanes := range []bool{false, true} {
			for _, w := range []int{40, 80, 200} {
				for _, screen := range []int{10, 24, 60} {
					m := New(Keys(), Settings{On: true, Style: style, Lanes: lanes})
					m.Show(d)
					m.anchor = 0
					for _, l := range []*look.Look{bare, mono} {
						lines := m.View(l, w, screen, Spot{Active: w == 80, Row: d.Start, OnRow: true})
						if len(lines) != m.Lines(l, screen) {
							t.Fatalf("%d lines of %d", len(lines), m.Lines(l, screen))
						}
						for _, line := range lines {
							if ansi.StringWidth(line) != w {
								t.Fatalf("%s, %d by %d: %d columns: %q", style, w, screen, ansi.StringWidth(line), line)
							}
						}
					}
				}
			}
		}
	}
}

// someData draws data whose total is the sum of its series.
var someData = rapid.Custom(func(t *rapid.T) *Data {
	n := rapid.IntRange(1, 60).Draw(t, "buckets")
	d := &Data{Start: rapid.Int64Range(-1e15, 1e15).Draw(t, "start"), Width: rapid.Int64Range(1, 1e12).Draw(t, "width"), Total: make([]sums.Sums, n)}
	for range rapid.IntRange(0, 7).Draw(t, "series") {
		s := Series{Name: rapid.SampledFrom([]string{"tcp", "udp", Other, "2001:db8::7", "日本"}).Draw(t, "name"), Sums: make([]sums.Sums, n)}
		for i := range n {
			v := rapid.OneOf(rapid.Uint64Range(0, 9), rapid.Uint64()).Draw(t, "n")
			s.add(i, sums.Sums{v, v / 2, v / 3})
			d.Total[i].Add(sums.Sums{v, v / 2, v / 3})
		}
		d.Series = append(d.Series, s)
	}
	return d
})

func TestEveryTimelineFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { drawable(t, someData.Draw(t, "data")) })
}

// TestBarsSayTheNumbers: a bar is as high as its share of the peak, and any flow at all can be seen.
func TestBarsSayTheNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := someData.Draw(t, "data")
		h := rapid.IntRange(1, 6).Draw(t, "lines")
		_, peak := d.peak(sums.Flows)
		for name, rows := range map[string][][]cell{
			"plain": plain(values(d.Total, sums.Flows), peak, h, Blocks, themes.Bar), "stacked": stackedOr(d, peak, h),
		} {
			for x := range d.Total {
				n, cells := d.Total[x][sums.Flows], 0
				for y := range h {
					if rows[y][x].glyph != " " {
						cells++
					}
				}
				want := (level(n, peak, 8*h) + 7) / 8
				if cells != want || (n > 0) != (cells > 0) {
					t.Fatalf("%s: %d of %d takes %d of %d lines, want %d", name, n, peak, cells, h, want)
				}
			}
		}
	})
}

func stackedOr(d *Data, peak uint64, h int) [][]cell {
	if len(d.Series) == 0 {
		return plain(values(d.Total, sums.Flows), peak, h, Blocks, themes.Bar)
	}
	return stacked(d, sums.Flows, peak, h, Blocks)
}

// TestSeriesDifferWithoutColour: each of the series that fill a cell has a pattern of its own.
func TestSeriesDifferWithoutColour(t *testing.T) {
	for _, style := range []Style{Blocks, ASCII} {
		d := &Data{Width: 1, Total: []sums.Sums{{5}}}
		for _, name := range []string{"tcp", "udp", "icmp", "gre", Other} {
			d.Series = append(d.Series, Series{Name: name, Sums: []sums.Sums{{1}}})
		}
		seen := make(map[string]bool)
		for _, row := range stacked(d, sums.Flows, 5, 5, style) {
			seen[row[0].glyph] = true
		}
		if len(seen) != 5 {
			t.Errorf("%s: %d patterns of 5 series", style, len(seen))
		}
	}
}

func TestASCIIIsASCII(t *testing.T) {
	d := &Data{Width: day, Total: make([]sums.Sums, 50), Series: []Series{{Name: "tcp", Sums: make([]sums.Sums, 50)}}}
	for i := range d.Total {
		d.Total[i] = sums.Sums{uint64(i)}
		d.Series[0].add(i, d.Total[i])
	}
	for _, screen := range []int{24, 60} {
		m := New(Keys(), Settings{On: true, Style: ASCII})
		m.Show(d)
		for _, active := range []bool{false, true} {
			text := strings.Join(m.View(mono, 120, screen, Spot{Active: active}), "\n")
			text = strings.ReplaceAll(text, " · ", "") // between labels, as everywhere on the screen
			if i := strings.IndexFunc(text, func(r rune) bool { return r > 0x7e }); i >= 0 {
				t.Errorf("%d rows, not ASCII from %q", screen, text[i:min(i+20, len(text))])
			}
		}
	}
}

func TestNotes(t *testing.T) {
	m := New(Keys(), Settings{On: true})
	m.Fail(errors.New("the \x1b[31mstore failed"))
	if text := strings.Join(m.View(mono, 60, 24, Spot{}), ""); !strings.Contains(text, "✗ timeline: the") || strings.Contains(text, "\x1b[31m") {
		t.Errorf("%q", text)
	}
	if m.Do(Right, 1, flow.ColProto) || m.Press(20) {
		t.Error("there is something to move on")
	}
	if _, _, ok := m.Span(); ok {
		t.Error("there is a span")
	}
}

// TestCursorStaysInTime: another answer of other buckets keeps what is selected, as far as it is there.
func TestCursorStaysInTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := someData.Draw(t, "data")
		m := New(Keys(), Settings{On: true})
		m.Show(d)
		m.cursor = rapid.IntRange(0, len(d.Total)-1).Draw(t, "cursor")
		at := d.start(m.cursor)
		finer := &Data{Start: d.Start, Width: (d.Width + 1) / 2, Total: make([]sums.Sums, 2*len(d.Total)+2)}
		m.Show(finer)
		if from := finer.start(m.cursor); from > at || finer.start(m.cursor+1) <= at {
			t.Fatalf("the cursor went from %d to %d..", at, from)
		}
	})
}
