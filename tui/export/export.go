// Package export is the box that asks where the rows here go, and shows how far they are.
//
// It may import internal/export and the leaf packages of tui. The surprising thing: it never looks whether a
// file exists before writing; the attempt itself says so, and only then the box asks, so that
// no file can appear between the look and the write.
package export

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/tui/field"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
)

// Keys are the bindings of the box.
func Keys() keymap.Map {
	return keymap.Map{Pane: "export", Bindings: []keymap.Binding{
		{ID: "export.write", Keys: []string{"enter"}, Help: "write the file"},
		{ID: "export.columns", Keys: []string{"tab"}, Help: "shown columns or all columns"},
		{ID: "export.leave", Keys: []string{"esc", "ctrl+c"}, Help: "stop writing, else close"},
	}}
}

// Request says what to write where.
type Request struct {
	Path       string
	Format     export.Format // by the path's ending
	AllColumns bool
	Overwrite  bool
}

// Finished tells that a file was written, or why not.
type Finished struct {
	job  uint64
	Path string
	Rows int
	Err  error
}

type stage uint8

const (
	asking stage = iota
	confirming
	writing
)

// Model is the box. Create it with New.
type Model struct {
	keys   keymap.Map
	field  field.Model
	all    bool
	stage  stage
	err    string
	rows   int
	job    uint64
	done   atomic.Int64
	cancel context.CancelFunc
	began  time.Time

	// Write writes the rows; progress is told how many are written. An existing file is an
	// error that is export.ErrExists unless Overwrite is set.
	Write func(ctx context.Context, req Request, progress func(rows int)) (int, error)
	// Leave closes the box and puts a line into the status line, "" for none.
	Leave func(say string)
	// Now is the clock.
	Now func() time.Time
}

// New returns the box for so many rows with a path to begin with.
func New(keys keymap.Map, path string, rows int) *Model {
	m := &Model{keys: keys, rows: rows}
	m.field.Set(path)
	return m
}

// Writing tells whether a file is being written.
func (m *Model) Writing() bool { return m.stage == writing }

// Update edits the path, answers the question and takes in the end of the writing.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Finished:
		m.finished(msg)
		return nil
	case tea.KeyPressMsg:
		if m.stage == confirming {
			return m.answer(msg.String())
		}
		if b, ok := m.keys.Lookup(msg.String()); ok {
			return m.do(b.ID)
		}
	}
	if m.stage == asking && m.field.Update(msg) {
		m.err = ""
	}
	if why := m.field.Refused(); why != "" {
		m.err = why
	}
	return nil
}

func (m *Model) do(id string) tea.Cmd {
	switch {
	case id == "export.leave" && m.stage == writing:
		m.cancel()
	case id == "export.leave":
		m.Leave("")
	case m.stage == writing:
	case id == "export.columns":
		m.all = !m.all
	case id == "export.write":
		return m.start(false)
	}
	return nil
}

func (m *Model) answer(key string) tea.Cmd {
	switch key {
	case "y", "Y":
		return m.start(true)
	case "n", "N", "esc", "ctrl+c":
		m.stage = asking
	}
	return nil
}

// start writes the file in a command.
func (m *Model) start(overwrite bool) tea.Cmd {
	path := strings.TrimSpace(m.field.Value())
	if path == "" {
		m.err = "path is missing: type where the file goes"
		return nil
	}
	format, err := export.FormatOf(path)
	if err != nil {
		m.err = flow.Clean(err.Error())
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.job++
	m.stage, m.cancel, m.err, m.began = writing, cancel, "", m.Now()
	m.done.Store(0)
	req, job := Request{Path: path, Format: format, AllColumns: m.all, Overwrite: overwrite}, m.job
	return func() tea.Msg {
		defer cancel()
		rows, err := m.Write(ctx, req, func(n int) { m.done.Store(int64(n)) })
		return Finished{job: job, Path: path, Rows: rows, Err: err}
	}
}

func (m *Model) finished(msg Finished) {
	if msg.job != m.job {
		return
	}
	switch {
	case msg.Err == nil:
		m.Leave(fmt.Sprintf("wrote %s rows to %s", human.Exact(uint64(msg.Rows)), flow.Clean(msg.Path)))
	case errors.Is(msg.Err, context.Canceled):
		m.Leave("export stopped: nothing was written to " + flow.Clean(msg.Path))
	case errors.Is(msg.Err, export.ErrExists):
		m.stage = confirming
	default:
		m.stage, m.err = asking, flow.Clean(msg.Err.Error())
	}
}
