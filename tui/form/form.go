// Package form is the screen of the query form: fields to fill in, the query that they stand
// for, and an estimate of what it would find.
//
// It may import client, query, themes and the leaf packages of tui. The surprising thing: it never
// keeps a tree; after every key the fields make the query anew, so that text and form cannot differ.
package form

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	model "cxlens/query/form"
	"cxlens/tui/keymap"
	"cxlens/tui/span"
)

// ErrNoRoom is returned by Run when the query line cannot hold the query's text.
var ErrNoRoom = errors.New("the query is longer than the query line takes; use fewer values, or a named list")

var (
	errTooManyKeys = fmt.Errorf("order has more than %d columns", query.MaxKeys)
	errNoOrder     = errors.New("expected a column, or - and a column, such as -start")
)

// Search is a query with what is asked for beside it.
type Search struct {
	Text  string // the query; it parses
	Span  span.Span
	Order []flow.SortKey
	Limit int64 // rows at most, -1 for no limit
}

// Options are what the form needs from the screen.
type Options struct {
	// Names returns the named networks and lists, as query.Env has them.
	Names func() map[string]string
	// Known lists the nodes, agents or netgroups that the server knows.
	Known func(f query.Field) []string
	// Count sends a query of kind count. It returns nil when there is no connection, and an error
	// when the query cannot be sent, as when it names a network that is not defined.
	Count func(req query.Request) (Counting, error)
	// Now is the clock and After its timer.
	Now   func() time.Time
	After func(d time.Duration) <-chan time.Time
}

// Model is the form. Create it with New.
type Model struct {
	keys     keymap.Map
	opts     Options
	ctx      context.Context
	internal string // what stands for the internal networks
	opened   Search
	canon    string // the opened query in the spelling of the form

	rows [3][]*row // the left and the right column, and what is below them
	on   *row      // the row that has the keyboard
	cell int       // and the cell of it
	top  int       // the first visible line

	text   string // the query that the fields stand for
	search Search // the same with span, order and limit
	wrong  int    // how many fields cannot be read
	count  estimate

	// Run runs the query; an error is shown and the form stays.
	Run func(s Search) (tea.Cmd, error)
	// Leave closes the form.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns a form that is filled from a search. Its estimates end with ctx.
func New(ctx context.Context, keys keymap.Map, s Search, opts Options) (*Model, error) {
	q, err := query.Parse(s.Text)
	if err != nil {
		return nil, err
	}
	m := &Model{keys: keys, opts: opts, ctx: ctx, opened: s}
	m.count.stop = func() {}
	m.fill(model.FromQuery(q), s)
	m.canon = m.text
	return m, nil
}

// fill puts a form into the fields.
func (m *Model) fill(f model.Form, s Search) {
	m.search, m.internal = s, f.Internal
	if f.Direction == model.Anywhere {
		m.internal = model.Internal(m.opts.Names())
		f.Internal = m.internal
	}
	m.newRows(f, s)
	m.focus(m.rows[0][0], 0)
	m.take()
}

func (m *Model) names(f query.Field) []string {
	if m.opts.Known == nil {
		return nil
	}
	return m.opts.Known(f)
}

// Begin asks for the first estimate.
func (m *Model) Begin() tea.Cmd { return m.recount() }

// Close ends what the form has asked for.
func (m *Model) Close() { m.forget() }

// Update takes a key, a paste or the answer to an estimate in.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Due:
		return m.due(msg)
	case Counted:
		m.counted(msg)
		return nil
	case tea.KeyPressMsg:
		if b, ok := m.keys.Lookup(msg.String()); ok {
			if cmd, done := m.do(b, msg); done {
				return cmd
			}
		}
	}
	m.typed(msg)
	return m.changed()
}

// do runs an action; done is false when the key is rather a character of the text that is edited.
func (m *Model) do(b keymap.Binding, msg tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch b.ID {
	case accept:
		return m.run(b.Why), true
	case leave:
		m.Close()
		m.Leave()
		return nil, true
	case empty:
		if m.untouched() {
			m.Say(b.Why)
			return nil, true
		}
		m.fill(model.Form{}, m.search)
		return m.recount(), true
	case toggle:
		if !m.on.cells[m.cell].toggle() {
			return nil, false
		}
		return m.changed(), true
	case left, right:
		return m.sideways(b, msg)
	}
	m.move(b.ID)
	return nil, true
}

// changed reads the fields after a key.
func (m *Model) changed() tea.Cmd {
	m.grow()
	m.take()
	return m.recount()
}

// take makes the query of the fields and notes their errors.
func (m *Model) take() {
	q, errs := m.form().Query()
	m.text = q.String()
	m.wrong = 0
	for r := range m.all() {
		r.errs = nil
		for _, t := range r.texts() {
			t.field.Unmark()
		}
	}
	for _, e := range errs {
		m.note(e)
	}
	m.checkNames()
	m.search.Text = m.text
	for r := range m.all() {
		if err := m.takeBeside(r); err != nil {
			m.wrong++
			r.errs = append(r.errs, flow.Clean(err.Error()))
			t := r.texts()[0]
			t.field.Mark(0, len(t.value()))
		}
	}
}

// takeBeside reads the span, the order and the limit; one that cannot be read stays what it was.
func (m *Model) takeBeside(r *row) error {
	switch r.part {
	case partSpan:
		sp, err := span.Parse(r.texts()[0].value(), m.opts.Now())
		if err != nil {
			return err
		}
		m.search.Span = sp
	case partOrder:
		order, err := parseOrder(r.texts()[0].value())
		if err != nil {
			return err
		}
		m.search.Order = order
	case partLimit:
		limit, err := span.ParseLimit(strings.TrimSpace(r.texts()[0].value()))
		if err != nil {
			return err
		}
		m.search.Limit = limit
	}
	return nil
}

// parseOrder reads column names with blanks or commas between them.
func parseOrder(s string) ([]flow.SortKey, error) {
	keys, err := query.ParseOrder(words(s))
	switch {
	case err != nil:
		return nil, err
	case len(keys) == 0:
		return nil, errNoOrder
	case len(keys) > query.MaxKeys:
		return nil, errTooManyKeys
	}
	return keys, nil
}

// words cuts a list at blanks and commas.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
}

func orderText(keys []flow.SortKey) string {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = k.String()
	}
	return strings.Join(texts, " ")
}

// note puts an error below its field and a mark under its place.
func (m *Model) note(e model.FieldError) {
	m.wrong++
	at := 0
	for r := range m.all() {
		if r.part != e.Part {
			continue
		}
		if at++; at <= e.Row {
			continue
		}
		r.errs = append(r.errs, flow.Clean(e.Message))
		texts := r.texts()
		if e.Max {
			texts = texts[1:]
		}
		if len(texts) > 0 && !texts[0].fixed() {
			texts[0].field.Mark(e.Offset, e.Length)
		}
		return
	}
}

// run hands the query over, or goes to the first field that cannot be read.
func (m *Model) run(why string) tea.Cmd {
	if m.wrong > 0 {
		for r := range m.all() {
			if len(r.errs) > 0 {
				m.land(r)
				break
			}
		}
		m.Say(why)
		return nil
	}
	s := m.search
	if m.text == m.canon { // what was typed stays as it was typed
		s.Text = m.opened.Text
	}
	cmd, err := m.Run(s)
	if err != nil {
		m.Say(err.Error())
		return nil
	}
	m.Close()
	return cmd
}
