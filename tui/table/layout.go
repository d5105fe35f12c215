package table

import (
	"slices"

	"cxlens/internal/flow"
)

const (
	// minAddress is what an address column is not squeezed below before others go: an IPv4 address fits.
	minAddress = 15
	// baseAddress is what an address column gets before anything of less worth is placed.
	baseAddress = 21
)

// placed is a column with its place on the screen.
type placed struct {
	col   flow.Column
	index int // in the chosen columns
	x, w  int
}

// layout is what of the chosen columns fits into a width, and how its cells are written.
type layout struct {
	cols   []placed
	form   form
	gap    int
	hidden int // chosen columns that found no room
	// Of a table that is scrolled: chosen columns to the left and right of those on the screen, how
	// many are to be frozen, and how many of these found room.
	left, right, frozen, held int
	// labelled tells that a label beside an address found room.
	labelled bool
}

// measure returns the width that a column's visible cells and its title want in a form.
type measure func(c flow.Column, f form) int

// What widens columns that are placed already, with its worth among the columns: addresses get
// their full width before times get their date. Labels were asked for, so they go before services.
const (
	worthService    = 65
	worthAddresses  = 58
	worthLabels     = 66
	worthDay        = 53
	worthYear       = 33
	worthLongLabels = 32
)

// plan is what is to be laid out.
type plan struct {
	chosen []flow.Column
	cursor int // index of the column under the cursor
	width  int
	exact  bool
	years  bool // the rows are not all of one year
	// namedPorts: see form; fit and window find out themselves whether it is needed.
	namedPorts bool
	fixed      map[flow.Column]int // widths that a person set
	want       measure
}

// fitter tries what fits into a width, from the greatest worth to the least.
type fitter struct {
	plan
	shown []bool
	form  form
	full  bool // addresses have the width they want
	gap   int
}

// fit lays out the chosen columns in width. The column at cursor is always shown, so that every
// column can be reached; so is everything of the greatest worth, squeezed if need be. Times of several years have
// theirs where there is room for it beside the addresses.
func fit(p plan) layout {
	f := &fitter{plan: p, shown: make([]bool, len(p.chosen)), form: form{exact: p.exact, times: timeClock, namedPorts: p.namedPorts}, gap: 2}
	if p.years {
		f.form.times = timeFull
	}
	if p.width < 120 {
		f.gap = 1
	}
	for i, c := range p.chosen {
		f.shown[i] = i == p.cursor || specs[c].worth >= 100
	}
	f.grow(p.width)
	l := f.layout()
	if !p.namedPorts && !l.plainPorts() {
		p.namedPorts = true
		return fit(p)
	}
	l.squeeze(p.width, minAddress)
	if p.years && (l.width() > p.width || !l.has(flow.ColStart) && slices.Contains(p.chosen, flow.ColStart)) {
		p.years = false
		return fit(p)
	}
	l.squeeze(p.width, 1)
	l.stretch(p.width, p)
	l.place()
	return l
}

// step is something that makes the layout wider, and its worth.
type step struct {
	worth int
	do    func(on bool)
}

// grow takes every step that still fits.
func (f *fitter) grow(width int) {
	steps := []step{
		{worthService, func(on bool) { f.form.service = on }},
		{worthAddresses, func(on bool) { f.full = on }},
		{worthLabels, func(on bool) { f.labels(0, on, labelShort, labelNone) }},
		{worthLabels, func(on bool) { f.labels(1, on, labelShort, labelNone) }},
		{worthLongLabels, func(on bool) { f.labels(0, on, labelLong, f.form.labels[0]) }},
		{worthLongLabels, func(on bool) { f.labels(1, on, labelLong, f.form.labels[1]) }},
	}
	if !f.years {
		steps = append(steps,
			step{worthDay, func(on bool) { f.times(on, timeDay, timeClock) }},
			step{worthYear, func(on bool) { f.times(on, timeFull, f.form.times) }})
	}
	for i, c := range f.chosen {
		if !f.shown[i] {
			steps = append(steps, step{specs[c].worth, func(on bool) { f.shown[i] = on }})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return b.worth - a.worth })
	for _, s := range steps {
		if s.worth < worthAddresses && !f.full {
			break // what is left belongs to the addresses, see stretch
		}
		before := f.form
		s.do(true)
		if f.total() > width {
			s.do(false)
			f.form = before
		}
	}
}

func (f *fitter) times(on bool, more, less timeForm) {
	f.form.times = less
	if on {
		f.form.times = more
	}
}

func (f *fitter) labels(side int, on bool, more, less labelRoom) {
	f.form.labels[side] = less
	if on {
		f.form.labels[side] = more
	}
}

func (f *fitter) total() int {
	w := -f.gap
	for i, c := range f.chosen {
		if f.shown[i] {
			w += f.wide(c) + f.gap
		}
	}
	return w
}

// wide is the width of a column as things stand.
func (f *fitter) wide(c flow.Column) int {
	w := f.want(c, f.form)
	if _, fixed := f.fixed[c]; isAddress(c) && !f.full && !fixed {
		w = min(w, baseAddress)
	}
	return w
}

func isAddress(c flow.Column) bool { return c == flow.ColSrcIP || c == flow.ColDstIP }

func (f *fitter) layout() layout {
	l := layout{form: f.form, gap: f.gap}
	for i, c := range f.chosen {
		if f.shown[i] {
			l.cols = append(l.cols, placed{col: c, index: i, w: f.wide(c)})
		}
	}
	l.hidden = len(f.chosen) - len(l.cols)
	return l
}

// has tells whether a column is on the screen.
func (l *layout) has(c flow.Column) bool {
	return slices.ContainsFunc(l.cols, func(p placed) bool { return p.col == c })
}

func (l *layout) width() int {
	w := -l.gap
	for i := range l.cols {
		w += l.cols[i].w + l.gap
	}
	return w
}

// squeeze narrows the widest column, at first only addresses, down to least columns each.
func (l *layout) squeeze(width, least int) {
	for l.width() > width {
		at := -1
		for i, p := range l.cols {
			if p.w > least && (isAddress(p.col) || least == 1) && (at < 0 || p.w > l.cols[at].w) {
				at = i
			}
		}
		if at < 0 {
			return
		}
		l.cols[at].w--
	}
}

// stretch gives what room is left to the addresses that do not have all they want, and then to
// the labels beside them, to each side as much. A width that a person set stays.
func (l *layout) stretch(width int, pl plan) {
	var sides []int
	for i, p := range l.cols {
		if _, fixed := pl.fixed[p.col]; isAddress(p.col) && !fixed {
			sides = append(sides, i)
			l.cols[i].w += max(0, min(pl.want(p.col, l.form)-p.w, width-l.width()))
		}
	}
	long := l.form
	long.labels = [2]labelRoom{labelLong, labelLong}
	for n, i := range sides {
		p := l.cols[i]
		share := (width - l.width()) / (len(sides) - n)
		l.cols[i].w += max(0, min(pl.want(p.col, long)-p.w, share))
	}
}

func (l *layout) place() {
	x := 0
	for i := range l.cols {
		l.cols[i].x = x
		x += l.cols[i].w + l.gap
	}
}

// at returns the column at x, the nearest to the left when x is in a gap.
func (l *layout) at(x int) (placed, bool) {
	for i := len(l.cols) - 1; i >= 0; i-- {
		if x >= l.cols[i].x {
			return l.cols[i], true
		}
	}
	return placed{}, false
}
