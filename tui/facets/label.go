package facets

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/query/steps"
	"cxlens/tui/human"
)

// Microseconds of the units that labels are chosen by.
const (
	millisecond = 1_000
	second      = 1_000 * millisecond
	minute      = 60 * second
	day         = 24 * 60 * minute
)

// form is how the steps of a list are written.
type form struct {
	zone  *time.Location // of times
	exact bool           // numbers in full
}

// SetForm sets how steps are written: in which zone, and whether with numbers in full.
func (m *Model) SetForm(zone *time.Location, exact bool) {
	if f := (form{zone, exact}); f != m.form {
		m.form = f
		m.measure()
	}
}

// SetSingles lists single values where the columns have steps; without it a list begins with the steps.
func (m *Model) SetSingles(singles bool) { m.singles = singles }

// Singles tells whether single values are wanted where the columns have steps.
func (m *Model) Singles() bool { return m.singles }

// HasSteps tells whether a column of the list has steps.
func (m *Model) HasSteps() bool { return slices.ContainsFunc(m.by, steps.Has) }

// InSteps tells whether values are listed as steps.
func (m *Model) InSteps() bool { return !m.singles && m.HasSteps() }

// inSteps tells whether a column of the list shows steps.
func (m *Model) inSteps(col int) bool { return !m.singles && steps.Has(m.by[col]) }

// cells are the values of a group as the screen shows them.
func (m *Model) cells(g Group) []string {
	cells := slices.Clone(g.Values)
	for i, text := range cells {
		if m.inSteps(i) {
			if s, err := steps.Parse(m.by[i], text); err == nil {
				text = m.form.label(s)
			}
		}
		if cells[i] = text; text == "" {
			cells[i] = "(none)"
		}
	}
	return cells
}

// label says the range of a step; none is nothing.
func (f form) label(s steps.Step) string {
	switch s.Column {
	case flow.ColStart, flow.ColEnd:
		return f.span(s)
	case flow.ColDuration:
		return f.length(s)
	case flow.ColPPS, flow.ColBPS, flow.ColBPP:
		from, to := s.Rates()
		switch {
		case s.None:
			return ""
		case s.Open():
			return f.rate(from) + " and more"
		}
		return f.rate(from) + " to " + f.rate(to)
	}
	switch {
	case s.Lo == s.Hi:
		return f.count(s.Lo)
	case s.Open():
		return f.count(s.Lo) + " and more"
	case f.exact || s.Hi < 1000: // few enough to say the last one
		return f.count(s.Lo) + " to " + f.count(s.Hi)
	}
	return f.count(s.Lo) + " to " + f.count(s.Hi+1)
}

// count writes a number as short as it is: 1k and not 1.00k.
func (f form) count(n uint64) string {
	if f.exact {
		return human.Exact(n)
	}
	return short(human.Count(n))
}

func (f form) rate(r float64) string {
	if f.exact || r < 1 {
		return strconv.FormatFloat(r, 'f', -1, 64)
	}
	return short(string(human.AppendFloat(nil, r)))
}

// short leaves decimals out that are 0.
func short(text string) string {
	end := strings.LastIndexAny(text, "0123456789.") + 1
	if number := text[:end]; strings.Contains(number, ".") {
		return strings.TrimSuffix(strings.TrimRight(number, "0"), ".") + text[end:]
	}
	return text
}

func (f form) length(s steps.Step) string {
	first, last := s.Micros()
	switch {
	case s.Lo == s.Hi:
		return f.duration(first)
	case s.Lo == 0:
		return "below " + f.duration(last+1)
	case s.Open():
		return f.duration(first) + " and more"
	case f.exact:
		return f.duration(first) + " to " + f.duration(last)
	}
	return f.duration(first) + " to " + f.duration(last+1)
}

func (f form) duration(micros int64) string {
	d := time.Duration(micros) * time.Microsecond // of steps, at most 1,000 days
	switch {
	case f.exact:
		return string(human.AppendSeconds(nil, d))
	case micros >= day && micros%day == 0:
		return human.Exact(uint64(micros/day)) + "d"
	case d >= time.Minute:
		text := strings.TrimSuffix(d.String(), "0s")
		if strings.HasSuffix(text, "h0m") {
			text = strings.TrimSuffix(text, "0m")
		}
		return text
	}
	return short(human.Duration(d))
}

// span says when a step of time begins and ends, as much of it as tells it from the others: the list of a few minutes
// has no year.
func (f form) span(s steps.Step) string {
	zone := f.zone
	if zone == nil {
		zone = time.UTC
	}
	first, last := s.Micros()
	from, to := time.UnixMicro(first).In(zone), time.UnixMicro(last).Add(time.Microsecond).In(zone)
	clocks := func(date, clock string) string { return from.Format(date+clock) + " to " + to.Format(clock) }
	switch width := last - first + 1; {
	case width >= day && atMidnight(from) && atMidnight(to):
		if from.AddDate(0, 0, 1).Equal(to) {
			return from.Format("2006-01-02")
		}
		return clocks("", "2006-01-02")
	case width >= day:
		return clocks("", "2006-01-02 15:04")
	case width >= minute:
		return clocks("2006-01-02 ", "15:04")
	case width >= second:
		return clocks("01-02 ", "15:04:05")
	case width >= millisecond:
		return clocks("", "15:04:05.000")
	}
	return from.Format("15:04:05.000000") + " to " + to.Format("05.000000")
}

func atMidnight(t time.Time) bool {
	h, m, s := t.Clock()
	return h+m+s == 0 && t.Nanosecond() == 0
}
