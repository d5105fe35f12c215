package tui

import (
	"fmt"
	"strings"
	"time"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// emptyTable says, in the place of the rows, why there are none.
func (m *model) emptyTable(rows []string, g geometry) []string {
	lines := m.whyEmpty()
	if len(lines) == 0 {
		return rows
	}
	out := append([]string(nil), rows...)
	at := min(2, len(out)-1)
	for _, line := range lines {
		for _, piece := range look.Wrap(line.text, max(10, g.table-6)) {
			if at < len(out) {
				out[at] = look.Left("   "+m.look.Paint(line.token, piece), g.table)
			}
			at++
		}
	}
	return out
}

type emptyLine struct {
	text  string
	token themes.Token
}

// whyEmpty is empty while rows may still come and it is too early to say anything.
func (m *model) whyEmpty() []emptyLine {
	_, arrived := m.table.Len()
	p := m.run.progress
	key := m.keys.screen.KeyOf
	switch {
	case m.run.res == nil:
		return nil
	case arrived > 0 && m.refined != "" && !m.table.Sorting():
		return []emptyLine{
			{fmt.Sprintf("none of the %s rows here passes the refinement %s", human.Exact(uint64(arrived)), flow.Clean(m.refined)), themes.Text},
			{key(actRefine) + " edits it, " + key(actUnrefine) + " shows all rows here again", themes.Muted},
		}
	case m.busy():
		return m.whyWaiting(p)
	case m.goesOn():
		return []emptyLine{{"the connection was lost; the query is followed again once it is back", themes.Text}}
	case p.State == client.Failed:
		return []emptyLine{{"the query failed: " + m.failureText(p.Err), themes.Error}, {key(actEdit) + " edits it, " + key(actAgain) + " runs it again", themes.Muted}}
	case p.State == client.Cancelled:
		return []emptyLine{{"the query was cancelled before a row came", themes.Text}, {key(actAgain) + " runs it again", themes.Muted}}
	case arrived == 0 && (p.State == client.Done || p.State == client.Following):
		return m.whyNone()
	}
	return nil
}

func (m *model) failureText(err error) string {
	if err == nil {
		return "no reason was given"
	}
	return flow.Clean(err.Error())
}

func (m *model) whyWaiting(p client.Progress) []emptyLine {
	elapsed := m.now().Sub(m.run.began)
	if elapsed < barAfter {
		return nil
	}
	text := "the query is running: " + queryText(m.run.text)
	if p.State == client.Queued {
		text = "the query waits until it can be sent: " + queryText(m.run.text)
	}
	return []emptyLine{
		{text, themes.Text},
		{human.Duration(elapsed.Truncate(100*time.Millisecond)) + " so far; " + m.keys.screen.KeyOf(actCancel) + " cancels it", themes.Muted},
	}
}

func queryText(text string) string {
	if strings.TrimSpace(text) == "" {
		return "any"
	}
	return human.Line(text)
}
