package difference

import (
	"fmt"
	"math"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/difference"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
	"cxlens/tui/table"
)

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := min(160, w-4)
	lines := m.head(l, inside)
	switch {
	case m.err != "":
		for _, line := range look.Wrap("✗ "+m.err, inside) {
			lines = append(lines, l.Paint(themes.Error, line))
		}
		return l.Box(m.title(), "r compares again · d something else · Esc", lines, inside)
	case m.result == nil:
		took := human.Duration(m.Now().Sub(m.began).Truncate(100 * time.Millisecond))
		lines = append(lines, l.Paint(themes.Muted, "comparing "+took))
		return l.Box(m.title(), "Esc cancels", lines, inside)
	}
	lines = append(lines, m.counts(l, inside)...)
	lay := m.layout(inside)
	lines = append(lines, l.Paint(themes.Header, lay.head(m)))
	m.page = max(1, h-3-len(lines))
	m.top = max(0, min(m.top, m.cursor, len(m.rows)-m.page))
	m.top = max(m.top, m.cursor-m.page+1)
	for i := m.top; i < min(m.top+m.page, len(m.rows)); i++ {
		lines = append(lines, lay.row(l, m, i))
	}
	if len(m.rows) == 0 {
		lines = append(lines, l.Paint(themes.Muted, "nothing "+m.filter.word()+" by these columns"))
	}
	foot := "a all · n new · g gone · c changed · Enter flows · y copy · x CSV · d other · Esc"
	if inside < 96 {
		foot = "a n g c filter · Enter flows · y copy · x CSV · d other · Esc"
	}
	if len(m.rows) > m.page {
		foot = fmt.Sprintf("%d to %d of %s · ", m.top+1, min(m.top+m.page, len(m.rows)), human.Exact(uint64(len(m.rows)))) + foot
	}
	return l.Box(m.title(), foot, lines, inside)
}

func (f filter) word() string {
	if f.all {
		return "differs"
	}
	return "is " + f.kind.String()
}

func (m *Model) title() string {
	names := make([]string, len(m.setting.By))
	for i, c := range m.setting.By {
		names[i] = c.String()
	}
	against := m.setting.Against() + " earlier"
	if m.setting.Tab > 0 {
		against = m.setting.Against()
	}
	return "difference to " + against + " by " + strings.Join(names, ", ") + " · " + m.setting.Metric
}

// head says what is compared with what.
func (m *Model) head(l *look.Look, w int) []string {
	var lines []string
	for i, name := range []string{"before", "after "} {
		s := m.sides[i]
		right := human.Count(s.Flows) + " flows, " + human.Exact(s.Keys) + " keys"
		if s.Groups > s.Keys {
			right = human.Count(s.Flows) + " flows, " + human.Exact(s.Keys) + " of " + human.Exact(s.Groups) + " keys"
		}
		if m.Running() {
			right = s.State + " " + right
		}
		span := look.Cut(flow.Clean(s.Span), max(10, w-17-look.Width(right)))
		room := max(4, w-9-look.Width(span)-look.Width(right))
		left := l.Paint(themes.Muted, name+" ") + l.Paint(themes.Text, look.Cut(flow.Clean(s.Query), room)) + l.Paint(themes.Muted, " "+span)
		lines = append(lines, look.Between(left, l.Paint(themes.Muted, right), w))
	}
	for _, note := range m.notes {
		lines = append(lines, l.Paint(themes.Warning, look.Cut("! "+note, w)))
	}
	return lines
}

// counts say how many rows there are of each kind, and what the server did not answer.
func (m *Model) counts(l *look.Look, w int) []string {
	var parts []string
	for _, k := range []difference.Kind{difference.New, difference.Gone, difference.Changed, difference.Same} {
		text := k.Sign() + " " + human.Exact(m.result.Count[k]) + " " + k.String()
		if k == difference.Same && m.filter.all {
			text += " (not shown)"
		}
		if k == m.filter.kind && !m.filter.all {
			text = "[" + text + "]"
		}
		parts = append(parts, text)
	}
	lines := []string{l.Paint(themes.Text, look.Cut(strings.Join(parts, "   "), w))}
	for _, cut := range []struct {
		n          int
		floor      uint64
		side, word string
	}{{0, m.result.FloorBefore, "before", "new?"}, {1, m.result.FloorAfter, "after", "gone?"}} {
		if s := m.sides[cut.n]; s.Groups > s.Keys {
			text := fmt.Sprintf("! %s: the server answers %s of %s keys; %s is below its answer: %s %s at most", cut.side, human.Exact(s.Keys),
				human.Exact(s.Groups), cut.word, human.Exact(cut.floor), m.setting.Metric)
			for _, line := range look.Wrap(text, w) {
				lines = append(lines, l.Paint(themes.Warning, line))
			}
		}
	}
	return lines
}

// layout is how wide the columns are.
type layout struct {
	keys    []int
	metrics []string
}

const (
	wordWidth = 10 // "~ changed "
	sumWidth  = 16 // "1.23M → 4.56M"
	timesMost = 7
)

// layout gives keys what the visible ones need, and as many metrics a place as fit.
func (m *Model) layout(w int) layout {
	lay := layout{keys: make([]int, len(m.setting.By)), metrics: []string{m.setting.Metric}}
	for i, c := range m.setting.By {
		lay.keys[i] = look.Width(c.String())
	}
	for at := m.top; at < min(m.top+m.page+1, len(m.rows)); at++ {
		for i, k := range m.result.Rows[m.rows[at]].Key {
			lay.keys[i] = max(lay.keys[i], look.Width(k))
		}
	}
	room := w - wordWidth - timesMost
	need := len(lay.keys)
	for _, k := range lay.keys {
		need += k
	}
	for _, metric := range []string{query.MetricFlows, query.MetricBytes, query.MetricPackets} {
		if metric != m.setting.Metric && need+sumWidth*(len(lay.metrics)+1) <= room {
			lay.metrics = append(lay.metrics, metric)
		}
	}
	for room -= sumWidth * len(lay.metrics); need > room; need-- {
		widest := 0
		for i, k := range lay.keys {
			if k > lay.keys[widest] {
				widest = i
			}
		}
		if lay.keys[widest] <= 5 {
			break
		}
		lay.keys[widest]--
	}
	return lay
}

func (lay layout) head(m *Model) string {
	text := look.Left("", wordWidth)
	for i, c := range m.setting.By {
		text += look.Left(strings.ToUpper(c.String()), lay.keys[i]) + " "
	}
	for _, metric := range lay.metrics {
		text += look.Right(strings.ToUpper(metric), sumWidth-1) + " "
	}
	return text + look.Right("TIMES", timesMost)
}

func (lay layout) row(l *look.Look, m *Model, at int) string {
	r := &m.result.Rows[m.rows[at]]
	text := look.Left(r.Kind.Sign()+" "+word(r), wordWidth)
	for i, k := range r.Key {
		k = flow.Clean(k)
		if c := m.setting.By[i]; c == flow.ColSrcIP || c == flow.ColDstIP {
			k = table.FitAddress(k, lay.keys[i])
		}
		text += look.Left(k, lay.keys[i]) + " "
	}
	for _, metric := range lay.metrics {
		sums := human.Count(r.Before.Of(metric)) + " → " + look.Right(human.Count(r.After.Of(metric)), 5)
		text += look.Right(sums, sumWidth-1) + " "
	}
	text += look.Right(times(r.Ratio(m.setting.Metric)), timesMost)
	if at == m.cursor {
		return l.Paint(themes.Selected, text)
	}
	return l.Paint(token(r.Kind), text)
}

// times is how many times as much there is after as before.
func times(ratio float64) string {
	if math.IsInf(ratio, 0) || ratio == 0 {
		return "·"
	}
	return "×" + string(human.AppendFloat(nil, ratio))
}

func token(k difference.Kind) themes.Token {
	switch k {
	case difference.New:
		return themes.OK
	case difference.Gone:
		return themes.Warning
	case difference.Changed:
		return themes.Text
	}
	return themes.Muted
}
