package table

import (
	"fmt"

	"cxlens/internal/flow"
)

// The widths from which a scrolled table has room for the day and for the year in its times.
const (
	dayFrom  = 100
	yearFrom = 160
)

// window lays out the frozen columns and, of the others, those from the offset on: whole ones, as many
// as fit. Where nothing is frozen or scrolled, fit chooses the columns by their worth instead.
func window(p plan, frozen, offset int) layout {
	l := layout{form: form{exact: p.exact, times: timeClock, service: true, namedPorts: p.namedPorts}, gap: 2, frozen: frozen}
	switch {
	case p.years, p.width >= yearFrom:
		l.form.times = timeFull
	case p.width >= dayFrom:
		l.form.times = timeDay
	}
	if p.width < 120 {
		l.gap = 1
	}
	room := func() int { return p.width - max(0, l.width()) - l.gap*one(len(l.cols) > 0) }
	add := func(i, least int) bool {
		c := p.chosen[i]
		w := p.want(c, l.form)
		if _, fixed := p.fixed[c]; isAddress(c) && !fixed {
			w = min(w, max(baseAddress, p.width/4))
		}
		if w > room() {
			if w = min(w, room()); w < least || least == 0 {
				return false
			}
		}
		l.cols = append(l.cols, placed{col: c, index: i, w: w})
		return true
	}
	for i := range frozen {
		if room() < 2*minScrolled || !add(i, MinWidth) {
			break // the others need some room to scroll in
		}
	}
	held := len(l.cols)
	if held > 0 {
		l.cols[held-1].w = min(l.cols[held-1].w, l.cols[held-1].w+room()-minScrolled)
	}
	l.left = frozen - held + offset
	last := frozen + offset
	for ; last < len(p.chosen) && add(last, MinWidth*one(last == frozen+offset)); last++ {
	}
	if !p.namedPorts && !l.plainPorts() {
		p.namedPorts = true
		return window(p, frozen, offset)
	}
	l.held, l.right = held, len(p.chosen)-last
	l.hidden = l.left + l.right
	l.stretch(p.width, p)
	l.place()
	return l
}

// minScrolled is the room that frozen columns leave to the others at least.
const minScrolled = 12

// arrangeColumns lays out the columns; a layout that leaves some out has room to say how many.
func (m *Model) arrangeColumns() {
	p := plan{chosen: m.columns, cursor: m.col, width: m.width - 1, exact: m.exact, years: m.years.several, fixed: m.widths, want: m.want}
	if m.offset == 0 && m.frozen == 0 {
		m.lay = fit(p)
		if m.lay.hidden > 0 {
			p.width -= len(hiddenShort(m.lay.hidden))
			m.lay = fit(p)
		}
	} else {
		p.width -= len(" <99 99>")
		m.lay = window(p, m.frozen, m.offset)
		if m.col >= m.frozen && !m.lay.shows(m.col) {
			m.chase(p)
		}
	}
	m.lay.form.zone = m.zone
}

// chase brings the column under the cursor to the screen: by scrolling, or, after the person scrolled,
// by taking the cursor to the nearest column that is there.
func (m *Model) chase(p plan) {
	if m.scrolled {
		at := m.frozen + m.offset
		if last := m.lay.cols[len(m.lay.cols)-1].index; m.col > last {
			at = last
		}
		m.col = min(at, len(m.columns)-1)
		return
	}
	if m.col < m.frozen+m.offset {
		m.offset = m.col - m.frozen
	}
	for m.lay = window(p, m.frozen, m.offset); !m.lay.shows(m.col) && m.frozen+m.offset < m.col; {
		m.offset++
		m.lay = window(p, m.frozen, m.offset)
	}
}

// scrollColumns scrolls the columns that are not frozen by one.
func (m *Model) scrollColumns(by int) bool {
	to := m.offset + by
	if to < 0 || to > len(m.columns)-1-m.frozen || by > 0 && m.lay.hidden == 0 || by > 0 && m.offset > 0 && m.lay.right == 0 {
		return false
	}
	m.offset, m.scrolled, m.fresh = to, true, false
	return true
}

// shows tells whether the column at an index of the chosen ones is on the screen.
func (l *layout) shows(index int) bool {
	for _, p := range l.cols {
		if p.index == index {
			return true
		}
	}
	return false
}

// Outside is how many of the chosen columns are left and right of those on the screen; in a table that
// is not scrolled the columns without room are between them, and both are 0.
func (m *Model) Outside() (left, right int) { return m.lay.left, m.lay.right }

func hiddenShort(n int) string { return fmt.Sprintf(" +%d", n) }

// outside says how many columns are not on the screen; room is what is left beside the titles.
func (l *layout) outside(room int) string {
	switch {
	case l.hidden == 0:
		return ""
	case l.left+l.right > 0:
		text := ""
		if l.left > 0 {
			text = fmt.Sprintf("‹%d", l.left)
		}
		if l.right > 0 {
			if text != "" {
				text += " "
			}
			text += fmt.Sprintf("%d›", l.right)
		}
		return text
	}
	if note := fmt.Sprintf("+%d hidden", l.hidden); len(note)+2 <= room {
		return note
	}
	return hiddenShort(l.hidden)[1:]
}

// timesIn is how much of a time has room in w columns, and whether it is what f asks for.
func (f form) timesIn(c flow.Column, w int) form {
	if c != flow.ColStart && c != flow.ColEnd {
		return f
	}
	for f.times = timeFull; f.times < timeClock && len(f.layout()) > w; {
		f.times++
	}
	return f
}
