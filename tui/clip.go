package tui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/export"
	"cxlens/tui/human"
	"cxlens/tui/table"
)

// clipPatience is how long the clipboard of this machine is waited for.
const clipPatience = 3 * time.Second

// clipFailed tells that the clipboard of this machine did not take a text; the terminal's may have it.
type clipFailed struct{ err error }

// clipReady brings a text that took time to make.
type clipReady struct{ text, say string }

// toClipboard puts text on the clipboard of the person's own terminal (OSC 52), which works over SSH,
// and on that of this machine where there is one.
func (m *model) toClipboard(text string) tea.Cmd {
	own := m.opts.Clipboard
	if own == nil {
		return tea.SetClipboard(text)
	}
	parent := m.ctx
	return tea.Batch(tea.SetClipboard(text), func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, clipPatience)
		defer cancel()
		if err := own(ctx, text); err != nil && parent.Err() == nil {
			return clipFailed{err}
		}
		return nil
	})
}

// copy copies one text; ok is false when there is none.
func (m *model) copy(text string, ok bool) (tea.Cmd, bool) {
	if !ok {
		return nil, false
	}
	m.tell("copied " + text)
	return m.toClipboard(text), true
}

// copyRows copies the marked rows or, when there are none, the row under the cursor.
func (m *model) copyRows() (tea.Cmd, bool) {
	rows := m.table.Marked()
	if rows == nil {
		return m.copy(m.table.RowText())
	}
	view, _, _ := m.table.Present()
	return m.copyCells(view, rows, len(rows), m.table.Columns(), "row"), true
}

// copyColumn copies the values of the column under the cursor, one a line.
func (m *model) copyColumn() tea.Cmd {
	view, rows, n := m.table.Present()
	if marked := m.table.Marked(); marked != nil {
		rows, n = marked, len(marked)
	}
	return m.copyCells(view, rows, n, []flow.Column{m.table.Column()}, m.table.Column().String()+" value")
}

// copyCells copies n rows, nil for the first of the view: their exact cells as outputs have them, as many as
// terminals take.
func (m *model) copyCells(view *flow.View, rows []uint32, n int, columns []flow.Column, what string) tea.Cmd {
	return func() tea.Msg {
		text, took := table.Text(view, rows, n, columns, export.MostCopied)
		say := "copied " + human.Plural(took, what)
		if took < n {
			say = fmt.Sprintf("copied the first %s of %s: terminals take %s bytes; %s",
				human.Exact(uint64(took)), human.Plural(n, what), human.Exact(export.MostCopied), "an export takes all")
		}
		return clipReady{text, say}
	}
}

func (m *model) clipReady(msg clipReady) tea.Cmd {
	m.news(msg.say)
	return m.toClipboard(msg.text)
}
