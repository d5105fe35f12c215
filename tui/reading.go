package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// Reading is how far the reading of opened files is.
type Reading struct {
	// File is what is read now, the Number-th of Files.
	File          string
	Number, Files int
	// Read and Total are bytes as they lie on the disk; Total is 0 where that is not known.
	Read, Total int64
	// Flows is how many flows are stored.
	Flows uint64
	// Done: nothing more is read.
	Done bool
}

// longReading is how long a reading takes whose end is news: a person has looked away.
const longReading = 3 * time.Second

// fileReading is how far the reading of opened files is, and since when it goes on.
type fileReading struct {
	Reading
	began time.Time // of what is said on the screen; zero: nothing was said
}

// goesOn tells whether flows are still to come from the files.
func (r *fileReading) goesOn() bool { return r.Files > 0 && !r.Done }

// waitReading rests and waits for the next word of how far the reading is.
func (m *model) waitReading(rest time.Duration) tea.Cmd {
	ctx, reading := m.ctx, m.opts.Reading
	if reading == nil {
		return nil
	}
	return func() tea.Msg {
		if !rested(ctx, rest) {
			return nil
		}
		select {
		case r := <-reading:
			return r
		case <-ctx.Done():
			return nil
		}
	}
}

// readOn takes in how far the reading is, and says when all is read.
func (m *model) readOn(r Reading) tea.Cmd {
	if m.read.began.IsZero() {
		m.read.began = m.now()
	}
	m.read.Reading = r
	if !r.Done {
		return m.waitReading(restReading)
	}
	if took := m.now().Sub(m.read.began); took >= longReading && m.say.text == "" {
		m.news(fmt.Sprintf("all is read: %s flows in %s", human.Exact(r.Flows), human.Duration(took.Round(10*time.Millisecond))))
	}
	return nil
}

// readingLine is the right end of the status line while files are read, "" else and for the first moment.
func (m *model) readingLine() string {
	r := m.read
	if !r.goesOn() || m.now().Sub(r.began) < barAfter {
		return ""
	}
	text := "reading "
	switch {
	case r.Total > 0:
		share := min(1, float64(r.Read)/float64(r.Total))
		if !m.look.NoBars {
			text = m.look.Paint(themes.Muted, text) + m.shareBar(share)
		} else {
			text = m.look.Paint(themes.Muted, strings.TrimRight(text, " "))
		}
		text += m.look.Paint(themes.Text, fmt.Sprintf(" %d %% of %s", int(share*100), human.Bytes(uint64(r.Total))))
	default:
		text = m.look.Paint(themes.Muted, text) + m.look.Paint(themes.Text, human.Bytes(uint64(r.Read)))
	}
	if r.Files > 1 {
		text += m.look.Paint(themes.Text, fmt.Sprintf(", file %d of %d", r.Number, r.Files))
	}
	if m.width >= 110 {
		text += m.look.Paint(themes.Muted, " "+look.Cut(flow.Clean(r.File), m.width/5))
	}
	return text
}

// missed says that more was read since the query was run, which it does not follow.
func (m *model) missed() string {
	switch {
	case !m.run.early || m.run.follow || !ended(m.run.progress.State):
		return ""
	case m.read.goesOn():
		return "asked while files are read: " + m.keys.screen.KeyOf(actAgain) + " asks again"
	}
	return "more was read since: " + m.keys.screen.KeyOf(actAgain) + " asks again"
}

// shareBar is ten cells, full by a share of 0 to 1.
func (m *model) shareBar(share float64) string {
	const cells = 10
	full := int(share * cells)
	return m.look.Paint(themes.Bar, strings.Repeat("█", full)) + m.look.Paint(themes.Muted, strings.Repeat("░", cells-full))
}
