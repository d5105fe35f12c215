package tui

import (
	"sync"

	tea "charm.land/bubbletea/v2"

	"cxlens/tui/columns"
	"cxlens/tui/table"
)

// shapes is how the columns of tables that begin stand, and the file in which that is kept.
type shapes struct {
	first table.Shape
	path  string // "" keeps them until the screen is left

	writing sync.Mutex // held while the file is written
	mu      sync.Mutex
	waiting *table.Shape // changed and not written yet
	damaged bool         // what is in the file cannot be read and must not be lost
	busy    bool         // a command writes; only Update reads and sets it
	said    bool         // that they are not kept
}

// shapeKept tells what came of keeping the columns.
type shapeKept struct{ err error }

// loadShape reads how the columns stood when the screen was left the last time.
func (m *model) loadShape() {
	m.shapes = &shapes{first: table.DefaultShape(), path: m.opts.ColumnsFile}
	if m.shapes.path == "" {
		return
	}
	first, err := columns.Load(m.shapes.path)
	m.shapes.first = first
	if err != nil {
		m.shapes.damaged = true
		m.notice("the columns are as at first: " + err.Error() + "; the file is set aside when the columns are changed")
	}
}

// keepShape keeps the columns when the person has changed them. Those of a tab that runs a profile are the profile's.
func (m *model) keepShape() tea.Cmd {
	if n := m.table.Shaped(); n != m.shaped {
		m.shaped, m.last.changed = n, true
		m.checkDirection()
		if m.saved != nil {
			return m.shapes.begin()
		}
		shape := m.table.Shape()
		m.shapes.first = shape
		m.shapes.put(shape)
	}
	return m.shapes.begin()
}

func (s *shapes) put(shape table.Shape) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = &shape
}

// begin returns the command that writes what waits, nil when nothing does or one runs already.
func (s *shapes) begin() tea.Cmd {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy || s.waiting == nil || s.path == "" {
		return nil
	}
	s.busy = true
	return func() tea.Msg { return shapeKept{s.flush()} }
}

// flush writes what waits.
func (s *shapes) flush() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	shape, damaged := s.waiting, s.damaged
	s.waiting, s.damaged = nil, false
	s.mu.Unlock()
	if shape == nil || s.path == "" {
		return nil
	}
	if damaged {
		if _, err := columns.SetAside(s.path); err != nil {
			s.mu.Lock()
			s.damaged = true
			s.mu.Unlock()
			return err
		}
	}
	return columns.Save(s.path, *shape)
}

// shapeKept says once that the columns are not kept: the screen works without.
func (m *model) shapeKept(msg shapeKept) {
	m.shapes.busy = false
	if msg.err != nil && !m.shapes.said {
		m.shapes.said = true
		m.notice("the columns stay as they are until the screen is left only: " + msg.err.Error())
	}
}
