package tui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// barAfter is how long a query runs before its progress is drawn: most are done by then.
const barAfter = 200 * time.Millisecond

// footLines are the lines below the table: what is wrong, the nodes where they have no pane, the status.
func (m *model) footLines(g geometry) []string {
	var lines []string
	if text := m.connLine(); text != "" {
		lines = append(lines, " "+m.look.Paint(themes.Warning, look.Cut("✗ "+text, m.width-2)))
	}
	if text := m.noticeLine(); text != "" {
		lines = append(lines, " "+m.look.Paint(themes.Warning, look.Cut("! "+text, m.width-2)))
	}
	lines = append(lines, m.nodeLines(g)...)
	if m.height >= 30 {
		lines = append(lines, m.look.Paint(themes.Rule, strings.Repeat("─", m.width)))
	}
	return append(lines, m.statusLine())
}

// nodeLines are the nodes below the table: a line for each few of them, or a sum of all.
func (m *model) nodeLines(g geometry) []string {
	switch {
	case g.pane > 0:
		return nil
	case g.strip == 0:
		return []string{" " + look.Cut(m.nodes.Summary(m.look), m.width-2)}
	}
	lines := m.nodes.Strip(m.look, m.width-2, g.strip, m.now())
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}

// statusLine is the last line: what was just said, or where the query and the cursor stand.
func (m *model) statusLine() string {
	right := m.progress()
	if m.exporting() && m.mode != modeExport {
		right = m.look.Paint(themes.OK, m.export.Line()) + "  " + right
	}
	if m.say.text != "" {
		said := " " + m.look.Paint(m.say.token, look.Cut(m.say.text, m.width-2))
		if look.Width(said)+look.Width(right)+3 > m.width {
			right = "" // a word of it cut off would read as a part of what was said
		}
		return look.Between(said, right+" ", m.width)
	}
	room := m.width - look.Width(right) - 3
	parts := m.statusParts()
	for len(parts) > 1 && look.Width(" "+texts(parts)) > room {
		parts = withoutLeast(parts)
	}
	return look.Between(" "+m.look.Paint(themes.Text, look.Cut(texts(parts), room)), right+" ", m.width)
}

// part is a piece of the status line; those of the least worth go first when room is short.
type part struct {
	text  string
	worth int
}

func texts(parts []part) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.text
	}
	return strings.Join(words, " · ")
}

func withoutLeast(parts []part) []part {
	least := 0
	for i, p := range parts {
		if p.worth < parts[least].worth {
			least = i
		}
	}
	return append(parts[:least:least], parts[least+1:]...)
}

func (m *model) statusParts() []part {
	if m.run.res == nil {
		return []part{{"no query has run yet", 0}}
	}
	p := m.run.progress
	shown, arrived := m.table.Len()
	parts := []part{
		{human.Exact(p.Matched) + " matched", 80},
		{human.Exact(uint64(arrived)) + " here", 90},
	}
	if m.refined != "" {
		parts[1].text = fmt.Sprintf("%s of %s here refined by %s", human.Exact(uint64(shown)), human.Exact(uint64(arrived)), flow.Clean(m.refined))
	}
	if place, ok := m.table.Cursor(); ok {
		parts = append(parts, part{"row " + human.Exact(uint64(place+1)), 70})
	}
	if day := m.table.Day(); day != "" {
		parts = append(parts, part{day, 45})
	}
	parts = append(parts, part{"sort " + m.table.SortText(), 50})
	if sum, ok := m.table.Bytes(); ok && shown > 0 {
		parts = append(parts, part{human.Bytes(sum), 40})
	}
	if m.asksDNS() {
		parts = append(parts, part{"DNS look-ups on", 65})
	}
	parts = append(parts, m.rowParts()...)
	return append(parts, m.caveats(arrived)...)
}

// caveats say what the rows on the screen do not show.
func (m *model) caveats(arrived int) []part {
	var parts []part
	if n := m.run.progress.Cut; n > 0 {
		parts = append(parts, part{human.Exact(n) + " older rows cut", 65})
	}
	if m.slow.on {
		parts = append(parts, part{"low bandwidth, " + m.slowKey() + " ends it", 48})
	}
	if n := m.table.Pending(); n > 0 {
		parts = append(parts, part{human.Exact(uint64(n)) + " not in order yet", 60})
	}
	if m.run.progress.Matched > uint64(arrived) && ended(m.run.progress.State) && !m.table.OrderedByServer() {
		text := "sorted here only"
		if !m.table.OrderedByScreen() {
			text += ": " + m.keys.screen.KeyOf(actAgain) + " asks the server"
		}
		parts = append(parts, part{text, 75})
	}
	if text := m.missed(); text != "" {
		parts = append(parts, part{text, 85})
	}
	if n := m.table.Hidden(); n > 0 {
		parts = append(parts, part{human.Plural(n, "column") + " hidden", 20})
	}
	return parts
}

// progress is the right end of the status line: how far the query is, and for a moment that it runs again.
func (m *model) progress() string {
	text := m.howFar()
	if m.ranAgain() && m.missed() == "" && m.run.progress.State != client.Failed && look.Width(text) < m.width/2 {
		again := m.look.Paint(themes.Muted, "run again")
		if text == "" {
			return again
		}
		return again + "  " + text
	}
	return text
}

// howFar is how far the query is, or how long it took.
func (m *model) howFar() string {
	if m.run.res == nil {
		return ""
	}
	p := m.run.progress
	elapsed := p.Elapsed
	if m.busy() {
		elapsed = max(elapsed, m.now().Sub(m.run.began))
	}
	took := human.Duration(elapsed.Round(10 * time.Millisecond))
	switch {
	case m.table.Failure() != nil:
		return m.look.Paint(themes.Error, "✗ "+look.Cut(flow.Clean(m.table.Failure().Error()), m.width/2))
	case m.finding() != "":
		return m.look.Paint(themes.Muted, m.finding())
	case m.goesOn() && m.fresh.paused:
		return m.followLine()
	case m.goesOn():
		return m.look.Paint(themes.Warning, "follows again once connected")
	case p.State == client.Failed:
		return m.failure(p.Err)
	case p.State == client.Cancelled:
		return m.look.Paint(themes.Warning, "cancelled after "+took)
	case m.table.Sorting():
		return m.look.Paint(themes.Muted, "sorting…")
	case !m.busy() && !m.fresh.paused && m.readingLine() != "":
		return m.readingLine()
	case p.State == client.Following:
		return m.followLine()
	case !m.busy():
		return m.look.Paint(themes.Muted, took)
	case p.State == client.Queued && !m.online():
		return m.look.Paint(themes.Warning, "queued until connected "+took)
	case elapsed < barAfter:
		return ""
	}
	return m.streaming(p, took)
}

// againFor is how long it is said that a query ran again: its rows may be those that were there before.
const againFor = 2 * time.Second

// ranAgain tells whether a person has just had the query run again.
func (m *model) ranAgain() bool {
	since := m.now().Sub(m.run.began)
	if m.run.progress.State == client.Done {
		since -= m.run.progress.Elapsed
	}
	return m.run.again && since < againFor
}

func (m *model) failure(err error) string {
	text := "query failed"
	switch {
	case errors.Is(err, client.ErrLost): // what its text says to do stands behind it already
		text = "the connection was lost"
	case err != nil:
		text = flow.Clean(err.Error())
	}
	if m.ranAgain() {
		text = "again: " + text
	}
	text = "✗ " + text + " · " + m.keys.screen.KeyOf(actAgain) + " runs it again"
	return m.look.Paint(themes.Error, look.Cut(text, max(24, m.width-24)))
}

// streaming is the bar with the share of the rows that are here.
func (m *model) streaming(p client.Progress, took string) string {
	if p.Expect == 0 {
		return m.look.Paint(themes.Muted, p.State.String()+" "+took)
	}
	share := min(1, float64(p.Rows)/float64(p.Expect))
	if m.look.NoBars {
		return m.look.Paint(themes.Muted, fmt.Sprintf("streaming %d %% %s", int(share*100), took))
	}
	text := fmt.Sprintf(" %d %%", int(share*100))
	if p.RowsPerS > 0 && m.width >= 80 {
		text += " " + string(human.AppendFloat(nil, p.RowsPerS)) + "/s"
	}
	return m.look.Paint(themes.Muted, "streaming ") + m.shareBar(share) + m.look.Paint(themes.Text, text+" "+took)
}
