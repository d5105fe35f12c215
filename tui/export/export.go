// Package export is the box that asks which rows go where, and shows how far they are.
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

// Rows says which rows are exported.
type Rows uint8

// The rows.
const (
	Here   Rows = iota // those on the screen, refined and in their present order
	Marked             // those that are marked
	Whole              // all that match, from the server
)

// Choice is rows that can be exported, and how many they are, 0 when that is not known.
type Choice struct {
	Rows  Rows
	Count uint64
}

// MostCopied is how many bytes go to the clipboard at most: what terminals take in one OSC 52.
const MostCopied = 50_000

// Request says what to write where.
type Request struct {
	Path       string
	Format     export.Format // by the path's ending
	Rows       Rows
	AllColumns bool
	Overwrite  bool
	Clipboard  bool // in place of the path
}

// Written is what came of a Request.
type Written struct {
	Rows int
	Text string // for the clipboard
}

// Progress takes in how many rows are written, of how many as far as is known.
type Progress func(rows int, of uint64)

// Finished tells that a file was written, or why not.
type Finished struct {
	job     uint64
	request Request
	written Written
	err     error
}

type stage uint8

const (
	asking stage = iota
	confirming
	writing
)

// The lines of the box that have a choice; the path is above them.
const (
	linePath = iota
	lineRows
	lineColumns
	lineFormulas
	lineTarget
	numLines
)

// Model is the box. Create it with New.
type Model struct {
	keys    keymap.Map
	field   field.Model
	choices []Choice
	chosen  int
	line    int
	all     bool
	safe    bool // formulas are neutralised
	copies  bool // to the clipboard
	stage   stage
	err     string
	job     uint64
	done    atomic.Int64
	of      atomic.Uint64
	cancel  context.CancelFunc
	began   time.Time

	// Context ends what is written when the screen is left.
	Context context.Context
	// Write writes the rows. An existing file is an error that is export.ErrExists unless Overwrite is set.
	Write func(ctx context.Context, req Request, progress Progress) (Written, error)
	// Copy puts text on the clipboard.
	Copy func(text string) tea.Cmd
	// Leave closes the box.
	Leave func()
	// Say puts a line into the status line; of what ended by itself.
	Say func(text string)
	// Warn says why a key does nothing.
	Warn func(text string)
	// Now is the clock.
	Now func() time.Time
}

// New returns the box for the rows that there are, the first choice chosen, with a path to begin with.
func New(keys keymap.Map, path string, choices []Choice) *Model {
	m := &Model{keys: keys, choices: choices}
	m.field.Set(path)
	m.field.Select()
	return m
}

// Writing tells whether rows are being written.
func (m *Model) Writing() bool { return m.stage == writing }

// Asks tells whether the box waits for an answer about what it tried to write.
func (m *Model) Asks() bool { return m.stage == confirming || m.err != "" }

// Update edits the path, answers the question and takes in the end of the writing.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Finished:
		return m.finished(msg)
	case tea.KeyPressMsg:
		if m.stage == confirming {
			return m.answer(msg.String())
		}
		if b, ok := m.keys.Lookup(msg.String()); ok && (b.ID != "export.change" || m.line != linePath) {
			cmd, ok := m.do(b.ID)
			if !ok {
				m.Warn(b.Why)
			}
			return cmd
		}
	}
	m.typed(msg)
	return nil
}

// typed edits the path, or says where it is edited.
func (m *Model) typed(msg tea.Msg) {
	switch {
	case m.stage == writing:
		m.Warn(isWriting)
		return
	case m.line != linePath:
		m.Warn("the path is typed in the first line; " + m.keys.KeyOf("export.up") + " goes there")
		return
	}
	if m.field.Update(msg) {
		m.err = ""
	}
	if why := m.field.Why(); why != "" {
		m.Warn(why)
	}
}

// isWriting is what a key says that changes nothing of rows that are being written.
const isWriting = "the rows are being written; Esc stops that"

func (m *Model) do(id string) (tea.Cmd, bool) {
	switch {
	case id == "export.leave" && m.stage == writing:
		m.cancel()
		m.Warn("the export is being stopped")
	case id == "export.leave":
		m.err = ""
		m.Leave()
	case id == "export.write" && m.stage == writing:
		m.Leave()
	case m.stage == writing:
		m.Warn(isWriting)
	case id == "export.columns":
		m.all = !m.all
	case id == "export.up":
		return nil, m.move(-1)
	case id == "export.down":
		return nil, m.move(1)
	case id == "export.change":
		return nil, m.change()
	case id == "export.write":
		before := m.err
		cmd := m.start(false)
		return cmd, m.err == "" || m.err != before
	}
	return nil, true
}

func (m *Model) move(by int) bool {
	to := min(max(m.line+by, 0), numLines-1)
	if to == m.line {
		return false
	}
	m.line = to
	if m.field.Deselect(); to == linePath {
		m.field.Select()
	}
	return true
}

// change chooses the next value of the line; false when there is only one.
func (m *Model) change() bool {
	m.err = ""
	switch m.line {
	case lineRows:
		if len(m.choices) == 1 {
			return false
		}
		m.chosen = (m.chosen + 1) % len(m.choices)
	case lineColumns:
		m.all = !m.all
	case lineFormulas:
		m.safe = !m.safe
	case lineTarget:
		m.copies = !m.copies
	}
	return true
}

func (m *Model) answer(key string) tea.Cmd {
	switch key {
	case "y", "Y":
		return m.start(true)
	case "n", "N", "esc", "ctrl+c":
		m.stage = asking
	default:
		m.Warn("y replaces the file, n asks for another name")
	}
	return nil
}

// request is what the box asks for now.
func (m *Model) request(overwrite bool) (Request, error) {
	path := strings.TrimSpace(m.field.Value())
	req := Request{Path: path, Rows: m.choices[m.chosen].Rows, AllColumns: m.all, Overwrite: overwrite, Clipboard: m.copies}
	if path == "" {
		return req, errors.New("path is missing: type where the file goes")
	}
	var err error
	if req.Format, err = export.FormatOf(path); err != nil {
		return req, err
	}
	switch {
	case m.safe && req.Format != export.CSV:
		return req, errors.New("formulas are neutralised in CSV only: choose .csv, or leave them as they are")
	case m.safe:
		req.Format = export.SafeCSV
	}
	return req, nil
}

// start writes the rows in a command.
func (m *Model) start(overwrite bool) tea.Cmd {
	req, err := m.request(overwrite)
	if err != nil {
		m.err = flow.Clean(err.Error())
		return nil
	}
	ctx, cancel := context.WithCancel(m.Context)
	m.job++
	m.stage, m.cancel, m.err, m.began = writing, cancel, "", m.Now()
	m.done.Store(0)
	m.of.Store(m.choices[m.chosen].Count)
	job := m.job
	return func() tea.Msg {
		defer cancel()
		written, err := m.Write(ctx, req, func(n int, of uint64) {
			m.done.Store(int64(n))
			m.of.Store(max(of, uint64(n)))
		})
		return Finished{job: job, request: req, written: written, err: err}
	}
}

func (m *Model) finished(msg Finished) tea.Cmd {
	if msg.job != m.job {
		return nil
	}
	m.stage = asking
	place := flow.Clean(msg.request.Path)
	if msg.request.Clipboard {
		place = "the clipboard"
	}
	switch {
	case msg.err == nil && msg.request.Clipboard:
		m.Leave()
		m.Say(fmt.Sprintf("copied %s as %s", human.Plural(msg.written.Rows, "row"), msg.request.Format))
		return m.Copy(msg.written.Text)
	case msg.err == nil:
		m.Leave()
		m.Say(fmt.Sprintf("wrote %s rows to %s", human.Exact(uint64(msg.written.Rows)), place))
	case errors.Is(msg.err, context.Canceled):
		m.Leave()
		m.Say("export stopped: nothing was written to " + place)
	case errors.Is(msg.err, export.ErrExists):
		m.stage = confirming
	case errors.Is(msg.err, export.ErrTooLong):
		m.err = fmt.Sprintf("these rows are more than the %s bytes that the clipboard takes: fewer rows or columns, or a file", human.Exact(MostCopied))
	default:
		m.err = flow.Clean(msg.err.Error())
	}
	return nil
}
