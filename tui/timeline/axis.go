package timeline

import (
	"strings"
	"time"

	"cxlens/themes"
	"cxlens/tui/look"
)

// SetZone sets the zone of the times, nil for UTC.
func (m *Model) SetZone(zone *time.Location) {
	if m.zone != zone {
		m.zone = zone
		m.version++
	}
}

func (m *Model) location() *time.Location {
	if m.zone == nil {
		return time.UTC
	}
	return m.zone
}

// zoneName is the zone at a time in a few letters: UTC, CET, +0530.
func (m *Model) zoneName() string {
	return look.Cut(time.UnixMicro(m.data.Start).In(m.location()).Format("MST"), scaleWidth-1)
}

// tickSteps are times between two ticks that read well, in microseconds.
var tickSteps = func() (out []int64) {
	for unit := int64(1); unit < 1_000_000; unit *= 10 {
		out = append(out, unit, 2*unit, 5*unit)
	}
	const second, minute, hour = 1_000_000, 60_000_000, 3_600_000_000
	for _, unit := range []int64{second, minute} {
		for _, n := range []int64{1, 2, 5, 10, 15, 30} {
			out = append(out, n*unit)
		}
	}
	return append(out, hour, 2*hour, 3*hour, 6*hour, 12*hour, day, 2*day, 7*day, 14*day)
}()

// monthTicks are how many months are between two ticks, where days are too many.
var monthTicks = []int{1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000}

// ticks are round times between the ends of the data, at most so many, and how they are written.
func (m *Model) ticks(most int) (times []int64, layout string) {
	d, zone := m.data, m.location()
	_, offset := time.UnixMicro(d.Start).In(zone).Zone()
	shift := int64(offset) * 1_000_000
	for _, step := range tickSteps {
		if step < d.Width || (d.End()-d.Start)/step > int64(most) {
			continue
		}
		for t := floor(d.Start+shift, step) - shift + step; t < d.End(); t += step {
			times = append(times, t)
		}
		switch {
		case step >= day:
			return times, "01-02"
		case step >= 60_000_000:
			return times, "15:04"
		case step >= 1_000_000:
			return times, "15:04:05"
		case step >= 1000:
			return times, "15:04:05.000"
		}
		return times, "15:04:05.000000"
	}
	for _, months := range monthTicks {
		times = times[:0]
		from := time.UnixMicro(d.Start).In(zone)
		first := int(from.Month()) - 1 + 12*from.Year()
		for k := first - first%months + months; len(times) <= most; k += months {
			t := time.Date(k/12, time.Month(k%12+1), 1, 0, 0, 0, 0, zone).UnixMicro()
			if t >= d.End() {
				return times, "2006-01"
			}
			times = append(times, t)
		}
	}
	return nil, ""
}

// axis is the line below the bars: the zone, the first and the last time, and round times between them.
func (m *Model) axis(l *look.Look, w int) string {
	d := m.data
	mark := "╵"
	if m.Style == ASCII {
		mark = "|"
	}
	columns := m.place.columns
	first, last := mark+m.clock(d.Start), m.clock(d.End())+mark
	line := []rune(first)
	put := func(at int, text string) {
		for len(line) < at {
			line = append(line, ' ')
		}
		line = append(line, []rune(text)...)
	}
	end := columns - len([]rune(last))
	if end < len(line)+2 {
		put(len(line), " .. "+m.clock(d.End()))
		return look.Left(l.Paint(themes.Muted, look.Right(m.zoneName(), scaleWidth-1)+" "+look.Cut(string(line), w-scaleWidth)), w)
	}
	times, layout := m.ticks(1 + (end-len(line))/13)
	for _, t := range times {
		label := mark + m.short(t, layout)
		at := int((t - d.Start) / d.Width / int64(m.place.sub))
		if at >= len(line)+2 && at+len([]rune(label))+2 <= end {
			put(at, label)
		}
	}
	put(end, last)
	return look.Left(l.Paint(themes.Muted, look.Right(m.zoneName(), scaleWidth-1)+" "+strings.TrimRight(string(line), " ")), w)
}

// short writes a tick: its time, or its day where that begins.
func (m *Model) short(micros int64, layout string) string {
	t := time.UnixMicro(micros).In(m.location())
	if h, mi, s := t.Clock(); h+mi+s == 0 && t.Nanosecond() == 0 && strings.HasPrefix(layout, "15") {
		layout = "01-02"
	}
	return t.Format(layout)
}
