package table

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/tui/look"
)

// anyWidths measures columns as drawn; only the service makes the destination port wider.
func anyWidths(t *rapid.T) measure {
	var w [flow.NumShown]int
	for i := range w {
		w[i] = rapid.IntRange(2, 39).Draw(t, "width")
	}
	return func(c flow.Column, f form) int {
		switch {
		case c == flow.ColStart || c == flow.ColEnd:
			return len(f.layout())
		case c == flow.ColDstPort && f.service:
			return w[c] + 6
		}
		return w[c]
	}
}

func TestFitAlwaysFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Permutation(columnsUpTo(flow.NumShown)).Draw(t, "columns")
		chosen := all[:rapid.IntRange(1, len(all)).Draw(t, "n")]
		cursor := rapid.IntRange(0, len(chosen)-1).Draw(t, "cursor")
		width := rapid.IntRange(20, 250).Draw(t, "width")
		want := anyWidths(t)
		l := fit(plan{chosen: chosen, cursor: cursor, width: width, exact: rapid.Bool().Draw(t, "exact"), want: want})
		if l.width() > width {
			t.Fatalf("the layout is %d wide in %d", l.width(), width)
		}
		if l.hidden != len(chosen)-len(l.cols) {
			t.Fatalf("%d of %d columns are shown and %d hidden", len(l.cols), len(chosen), l.hidden)
		}
		last := -1
		for _, p := range l.cols {
			if chosen[p.index] != p.col || p.index <= last || p.w < 1 || p.x < 0 {
				t.Fatalf("placed %+v after column %d", p, last)
			}
			last = p.index
		}
		if !slices.ContainsFunc(l.cols, func(p placed) bool { return p.index == cursor }) {
			t.Fatal("the column under the cursor is not shown")
		}
	})
}

func columnsUpTo(n flow.Column) []flow.Column {
	cols := make([]flow.Column, n)
	for i := range cols {
		cols[i] = flow.Column(i)
	}
	return cols
}

// Times shrink, and columns of little worth go, before an address loses anything.
func TestWhatGivesWayFirst(t *testing.T) {
	v6 := func(c flow.Column, f form) int {
		switch c {
		case flow.ColStart:
			return len(f.layout())
		case flow.ColSrcIP, flow.ColDstIP:
			return 30
		}
		return 5
	}
	for width := 250; width >= 100; width-- {
		l := fit(plan{chosen: defaults, cursor: 0, width: width, exact: false, want: v6})
		for _, p := range l.cols {
			if isAddress(p.col) && p.w < 30 && l.form.times != timeClock {
				t.Fatalf("in %d columns an address is cut to %d while times have form %d", width, p.w, l.form.times)
			}
		}
	}
	if l := fit(plan{chosen: defaults, cursor: 0, width: 250, exact: false, want: v6}); l.hidden != 0 || l.form.times != timeFull || !l.form.service {
		t.Errorf("a wide screen hides %d columns, time form %d", l.hidden, l.form.times)
	}
}

func TestWiderShowsNoLess(t *testing.T) {
	v4 := func(c flow.Column, f form) int {
		if c == flow.ColStart {
			return len(f.layout())
		}
		return 8
	}
	last := 0
	for width := 40; width < 120; width++ {
		l := fit(plan{chosen: defaults, cursor: 0, width: width, exact: false, want: v4})
		if len(l.cols) < last {
			t.Errorf("%d columns at width %d, %d at one less", len(l.cols), width, last)
		}
		last = len(l.cols)
	}
}

func TestFitAddress(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{
		{"10.0.0.7", 8, "10.0.0.7"},
		{"192.168.100.200", 10, "192.168.1…"},
		{"2001:db8::7", 11, "2001:db8::7"},
		{"2001:db8:1:2:3:4:5:6", 15, "2001:db8:…:5:6"},
		{"2001:db8:1:2:3:4:5:6", 9, "2001:…:6"},
		{"2001:db8:1:2:3:4:5:6", 3, "…"},
		{"2001:db8:1:2:3:4:5:6", 0, ""},
	} {
		if got := fitAddress(c.in, c.w); got != c.want {
			t.Errorf("fitAddress(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func FuzzFitAddress(f *testing.F) {
	f.Add(uint64(0x20010db800000000), uint64(7), 12)
	f.Add(^uint64(0), ^uint64(0), 39)
	f.Fuzz(func(t *testing.T, hi, lo uint64, w int) {
		full := flow.AddrFromNumbers(hi, lo).Text(6)
		w = w & 63
		got := fitAddress(full, w)
		if look.Width(got) > w {
			t.Fatalf("fitAddress(%q, %d) = %q is %d wide", full, w, got, look.Width(got))
		}
		if len(full) <= w {
			if got != full {
				t.Fatalf("fitAddress(%q, %d) = %q, though it fits", full, w, got)
			}
			return
		}
		if _, err := netip.ParseAddr(got); err == nil {
			t.Fatalf("fitAddress(%q, %d) = %q looks like another address", full, w, got)
		}
		// Every group that is left is a whole one.
		front, back, _ := strings.Cut(got, "…")
		if !strings.HasPrefix(full, front) || !strings.HasSuffix(full, back) || front != "" && !strings.HasSuffix(front, ":") || back != "" && !strings.HasPrefix(back, ":") {
			t.Fatalf("fitAddress(%q, %d) = %q cuts a group", full, w, got)
		}
	})
}
