package tui

import (
	gomaps "maps"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/lookup"
	"cxlens/query"
)

// NamesChanged are the named networks and lists after the configuration was read again, as
// query.Env has them. With an error they are as they were.
type NamesChanged struct {
	Names map[string]string
	// Lookup are the settings of the names beside addresses.
	Lookup lookup.Settings
	Err    error
}

// waitNames waits until the named networks are read again.
func (m *model) waitNames() tea.Cmd {
	ctx, changes := m.ctx, m.opts.NamesChanged
	if changes == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case msg, ok := <-changes:
			if ok {
				return msg
			}
		case <-ctx.Done():
		}
		return nil
	}
}

// namesChanged takes in the named networks. The rows here stay those of the query that brought them.
func (m *model) namesChanged(msg NamesChanged) tea.Cmd {
	switch {
	case msg.Err != nil:
		m.notice("the named networks stay as they were: " + msg.Err.Error())
		return m.waitNames()
	case !gomaps.Equal(m.opts.Names, msg.Names):
		m.opts.Names = msg.Names
		text := "the named networks were read again"
		if written, err := m.written(m.run.text); m.run.res != nil && (err != nil || written != m.run.sent) {
			text += "; " + m.keys.screen.KeyOf(actAgain) + " runs the query again with them"
		}
		m.tell(text)
	}
	return tea.Batch(m.lookupChanged(msg.Lookup), m.waitNames())
}

// written returns a query's text as it is sent: without names, because the server knows none. An
// error is a *query.Error with its place in text.
func (m *model) written(text string) (string, error) {
	q, err := query.Parse(text)
	if err != nil {
		return "", err
	}
	out, err := query.Expand(q, query.Env{Now: m.now(), Names: m.opts.Names})
	switch {
	case err != nil:
		return "", err
	case out == q:
		return text, nil
	}
	return out.String(), nil
}

// readable is an error for a text that cannot be run.
func (m *model) readable(text string) error {
	_, err := m.written(text)
	return err
}
