package timeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
	"cxlens/tui/sums"
)

// clock writes times as short as the timeline's span and width allow.
func (m *Model) clock(micros int64) string {
	return time.UnixMicro(micros).In(m.location()).Format(m.layout())
}

func (m *Model) layout() string {
	d := m.data
	from, to := time.UnixMicro(d.Start).In(m.location()), time.UnixMicro(d.End()).In(m.location())
	layout := "15:04:05"
	switch {
	case d.Width >= day:
		return "2006-01-02"
	case d.Width < 1000:
		layout += ".000000"
	case d.Width < 1_000_000:
		layout += ".000"
	case d.Width >= 60_000_000:
		layout = "15:04"
	}
	switch {
	case from.Year() != to.Year():
		return "2006-01-02 " + layout
	case from.YearDay() != to.YearDay():
		return "01-02 " + layout
	}
	return layout
}

// step is the width of a bucket.
func (d *Data) step() string {
	if d.Width >= day {
		return strconv.FormatInt(d.Width/day, 10) + "d"
	}
	s := time.Duration(d.Width * int64(time.Microsecond)).String()
	s = strings.TrimSuffix(s, "m0s") + strings.Repeat("m", btoi(strings.HasSuffix(s, "m0s")))
	return strings.TrimSuffix(s, "h0m") + strings.Repeat("h", btoi(strings.HasSuffix(s, "h0m")))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ends is the span in words.
func (m *Model) ends() string {
	line := " ─ "
	if m.Style == ASCII {
		line = " - "
	}
	return m.clock(m.data.Start) + line + m.clock(m.data.End())
}

// chosen says what is selected.
func (m *Model) chosen() string {
	first, last := m.selected()
	text := m.clock(m.data.start(first))
	if last > first {
		text += " .. " + m.clock(m.data.start(last+1))
	} else {
		text += " +" + m.data.step()
	}
	return text + " " + m.Settings.Metric.Text(m.data.sum(first, last)[m.Settings.Metric])
}

// beside stands to the right of one line.
func (m *Model) beside(l *look.Look, w int, spot Spot) string {
	if spot.Active || m.drag {
		return l.Paint(themes.Accent, look.Cut(m.chosen(), w))
	}
	text := m.ends()
	for _, more := range []string{" " + m.zoneName(), " /" + m.data.step()} {
		if look.Width(text)+look.Width(more) <= w {
			text += more
		}
	}
	return l.Paint(themes.Muted, look.Cut(text, w))
}

// foot says below the axis what the bars show, or what is selected of them.
func (m *Model) foot(l *look.Look, w, h int, spot Spot) string {
	d := m.data
	left := look.Right(m.Settings.Metric.String(), scaleWidth-1) + " "
	room := w - look.Width(left) - 1
	if spot.Active || m.drag {
		return look.Left(l.Paint(themes.Muted, left)+m.about(l, room), w)
	}
	at, n := d.peak(m.Settings.Metric)
	peak := fmt.Sprintf("peak %s at %s", human.Count(n), m.clock(d.start(at)))
	text := m.legend(l, room)
	if m.refined != "" {
		text = m.parted(l, room, h)
	}
	for _, more := range []string{peak, "/" + d.step()} {
		if look.Width(text)+3+look.Width(more) <= room {
			text += l.Paint(themes.Muted, strings.Repeat(" · ", btoi(text != ""))+more)
		}
	}
	return look.Left(l.Paint(themes.Muted, left)+text, w)
}

// inWords is the one line in place of the bars: the peak and the series' shares, or what is selected,
// and the span.
func (m *Model) inWords(l *look.Look, w int, spot Spot) string {
	left := " " + m.Settings.Metric.String()
	right := m.ends() + " /" + m.data.step() + " "
	room := w - look.Width(left) - look.Width(right) - 4
	if room < 20 { // the span is what the selection can be read without
		right, room = "", w-look.Width(left)-3
	}
	var middle string
	if spot.Active {
		middle = m.about(l, room)
	} else {
		at, n := m.data.peak(m.Settings.Metric)
		middle = l.Paint(themes.Muted, look.Cut(fmt.Sprintf("peak %s at %s", human.Count(n), m.clock(m.data.start(at))), room))
		rest := m.legend(l, room-look.Width(middle)-3)
		if m.refined != "" {
			middle, rest = m.parted(l, room, 1), ""
		}
		if rest != "" {
			middle += l.Paint(themes.Muted, " · ") + rest
		}
	}
	return look.Between(l.Paint(themes.Muted, left)+"  "+middle, l.Paint(themes.Muted, right), w)
}

// about says what is selected, and what of it each series has.
func (m *Model) about(l *look.Look, room int) string {
	text := l.Paint(themes.Accent, look.Cut(m.chosen(), room))
	first, last := m.selected()
	if m.part != nil {
		var n uint64
		for _, b := range m.part.Total[first : last+1] {
			n = sums.Plus(n, b[m.Settings.Metric])
		}
		if piece := "refined " + human.Count(n); look.Width(text)+2+look.Width(piece) <= room {
			text += "  " + l.Paint(themes.Bar, piece)
		}
	}
	for i, s := range m.data.Series {
		var n uint64
		for _, b := range s.Sums[first : last+1] {
			n = sums.Plus(n, b[m.Settings.Metric])
		}
		piece := s.Name + " " + human.Count(n)
		if look.Width(text)+3+look.Width(piece) > room {
			return text
		}
		text += "  " + l.Paint(tokenOf(s.Name, i), piece)
	}
	return text
}

// legend names the series with their pattern and share of all.
func (m *Model) legend(l *look.Look, room int) string {
	all := m.data.all()[m.Settings.Metric]
	text := ""
	for i, s := range m.data.Series {
		sign := ""
		if !m.Lanes && m.Style != Braille && !l.NoBars {
			sign = m.Style.fill(i) + " "
		}
		piece := sign + s.Name + " " + share(s.All[m.Settings.Metric], all)
		if text != "" {
			piece = "  " + piece
		}
		if look.Width(text)+look.Width(piece) > room {
			break
		}
		text += l.Paint(tokenOf(s.Name, i), piece)
	}
	return text
}

// share is n of all as a percentage that is never rounded to none or to all.
func share(n, all uint64) string {
	if all == 0 {
		return "0%"
	}
	p := float64(n) / float64(all) * 100
	switch {
	case n > 0 && p < 1:
		return "<1%"
	case n < all && p > 99:
		return ">99%"
	}
	return strconv.Itoa(int(p+0.5)) + "%"
}
