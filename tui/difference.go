package tui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	iexport "cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/query"
	lang "cxlens/query/difference"
	"cxlens/query/pivot"
	"cxlens/tui/difference"
	"cxlens/tui/prompt"
	"cxlens/tui/span"
)

// differing is the difference that was asked for last.
type differing struct {
	seq     uint64 // messages of earlier ones are dropped
	setting lang.Setting
	sides   [2]diffSide // before, after
	stop    context.CancelFunc
	ready   bool // both answers are here and are being compared
}

// diffSide is one of the two questions.
type diffSide struct {
	req      query.Request
	from, to time.Time // zero for an open end
	res      result
	progress client.Progress
}

// differenceChanged tells that one of the two answers is further.
type differenceChanged struct{ seq uint64 }

// differenceFound brings the comparison of two answers.
type differenceFound struct {
	seq    uint64
	result *lang.Result
	err    error
}

// differenceWritten tells what came of writing a difference to a file.
type differenceWritten struct {
	path string
	rows int
	err  error
}

// openDifference asks with what the flows of the tab are compared, and how.
func (m *model) openDifference() bool {
	if m.run.res == nil || m.src == nil {
		return false
	}
	setting := m.differ.setting
	if setting.Metric == "" {
		setting = lang.Default()
	}
	m.prompt = prompt.New(m.keys.prompt, "difference of this tab to", setting.String(),
		"1h, 1d, 1w or any time earlier, or tab 2 for what that tab asks for;", "by columns: src_ip,dst_ip,dst_port service proto node ...;",
		"at the end what counts: bytes, flows or packets")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		s, err := lang.Parse(text)
		if err != nil {
			return nil, err
		}
		return m.compare(s)
	}
	m.mode = modePrompt
	return true
}

// compare asks the server for both sides.
func (m *model) compare(s lang.Setting) (tea.Cmd, error) {
	before, after, notes, err := m.diffSides(s)
	if err != nil {
		return nil, err
	}
	m.stopDifference()
	ctx, stop := context.WithCancel(m.ctx)
	d := differing{seq: m.differ.seq + 1, setting: s, sides: [2]diffSide{before, after}, stop: stop}
	for i := range d.sides {
		side := &d.sides[i]
		for _, c := range s.By {
			side.req.By = append(side.req.By, c.String())
		}
		side.req.Kind, side.req.Metric, side.req.Order = query.KindTop, s.Metric, nil
		side.res = m.src.Submit(side.req)
	}
	m.differ = d
	m.diffBox = difference.New(m.keys.difference, s, d.sides[0].shown(), d.sides[1].shown(), m.now(), notes...)
	b := m.diffBox
	b.Say, b.Now, b.Do = m.warn, m.now, m.actDifference
	b.Metric = func(metric string) tea.Cmd {
		s.Metric = metric
		return m.compareAgain(s)
	}
	b.Copy = func(text string) tea.Cmd {
		m.tell("copied " + text)
		return tea.SetClipboard(text)
	}
	m.mode = modeDifference
	return m.takeDifference(ctx, 0), nil
}

func (m *model) compareAgain(s lang.Setting) tea.Cmd {
	cmd, err := m.compare(s)
	if err != nil {
		m.fail(err)
	}
	return cmd
}

// diffSides are what the two sides ask for, in whole seconds, and what has to be said of them.
func (m *model) diffSides(s lang.Setting) (before, after diffSide, notes []string, err error) {
	if after, err = m.diffSide(m.tab); err != nil {
		return before, after, nil, err
	}
	if s.Tab > 0 {
		if s.Tab > len(m.tabs.open) {
			return before, after, nil, fmt.Errorf("there is no tab %d", s.Tab)
		}
		other := m.tabs.open[s.Tab-1]
		switch {
		case other == m.tab:
			return before, after, nil, fmt.Errorf("tab %d is this one", s.Tab)
		case other.run.res == nil:
			return before, after, nil, fmt.Errorf("the query of tab %d has not run yet: show it first", s.Tab)
		}
		before, err = m.diffSide(other)
		return before, after, nil, err
	}
	if after.from.IsZero() {
		return before, after, nil, fmt.Errorf("%s has no beginning, and so nothing earlier to compare with; %s sets a span, or name a tab", m.run.span, m.keys.screen.KeyOf(actSpan))
	}
	if after.to.IsZero() { // what comes after now is on neither side
		after.to = m.run.began.UTC().Truncate(time.Second)
	}
	if s.Ago < after.to.Sub(after.from) {
		notes = append(notes, "the two spans overlap: flows in both are on both sides")
	}
	before = after
	before.from, before.to = after.from.Add(-s.Ago), after.to.Add(-s.Ago)
	before.bound()
	after.bound()
	return before, after, notes, nil
}

// diffSide is what a tab shows: its query with its refinement, at its time.
func (m *model) diffSide(t *tab) (side diffSide, err error) {
	m.within(t, func() tea.Cmd {
		side.req, err = m.wholeMatch()
		side.from, side.to = m.run.span.Bounds(m.run.began)
		return nil
	})
	if !side.from.IsZero() {
		side.from = side.from.UTC().Truncate(time.Second)
	}
	if !side.to.IsZero() {
		side.to = side.to.UTC().Add(time.Second - time.Nanosecond).Truncate(time.Second)
	}
	side.bound()
	return side, err
}

// bound writes the ends into the request.
func (s *diffSide) bound() {
	s.req.From, s.req.To = "", ""
	if !s.from.IsZero() {
		s.req.From = s.from.Format(time.RFC3339Nano)
	}
	if !s.to.IsZero() {
		s.req.To = s.to.Format(time.RFC3339Nano)
	}
}

// span is the side's time as a tab has it.
func (s *diffSide) span(now time.Time) (span.Span, error) {
	const layout = "2006-01-02 15:04:05"
	switch {
	case s.from.IsZero() && s.to.IsZero():
		return span.Span{}, nil
	case s.to.IsZero():
		return span.Parse(s.from.Format(layout)+" ..", now)
	case s.from.IsZero():
		return span.Parse(".. "+s.to.Format(layout), now)
	}
	return span.Between(s.from, s.to)
}

func (s *diffSide) shown() difference.Side {
	sp, err := s.span(s.to)
	text := sp.String()
	if err != nil {
		text = s.req.From + " .. " + s.req.To
	}
	p := s.progress
	return difference.Side{Query: queryText(s.req.Query), Span: text, Keys: uint64(p.Rows), Groups: p.Groups, Flows: p.Matched, State: p.State.String()}
}

// stopDifference ends what runs of the difference.
func (m *model) stopDifference() {
	if m.differ.stop == nil {
		return
	}
	m.differ.stop()
	for _, s := range m.differ.sides {
		if !ended(s.res.Progress().State) {
			s.res.Cancel()
		}
	}
	m.differ.stop = nil
}

// waitEither rests and then waits for the next change of one of two results.
func waitEither(ctx context.Context, seq uint64, a, b result, rest time.Duration) tea.Cmd {
	return func() tea.Msg {
		if !rested(ctx, rest) {
			return nil
		}
		select {
		case <-a.Changed():
		case <-b.Changed():
		case <-ctx.Done():
			return nil
		}
		return differenceChanged{seq}
	}
}

func (m *model) differenceChanged(msg differenceChanged) tea.Cmd {
	if msg.seq != m.differ.seq || m.differ.stop == nil {
		return nil
	}
	m.differ.stop()
	ctx, stop := context.WithCancel(m.ctx)
	m.differ.stop = stop
	return m.takeDifference(ctx, restBetween)
}

// takeDifference takes in how far the answers are, and compares them when both are here.
func (m *model) takeDifference(ctx context.Context, rest time.Duration) tea.Cmd {
	d := &m.differ
	done := 0
	for i := range d.sides {
		s := &d.sides[i]
		s.progress = s.res.Progress()
		switch s.progress.State {
		case client.Done:
			done++
		case client.Failed:
			m.diffBox.Fail([]string{"before: ", "after: "}[i] + m.failureText(s.progress.Err))
			m.stopDifference()
		}
	}
	m.diffBox.Progress(d.sides[0].shown(), d.sides[1].shown())
	switch {
	case d.stop == nil || d.ready:
		return nil
	case done < len(d.sides):
		return waitEither(ctx, d.seq, d.sides[0].res, d.sides[1].res, rest)
	}
	d.ready = true
	seq, keys, metric := d.seq, len(d.setting.By), d.setting.Metric
	var sides [2]lang.Side
	for i, s := range d.sides {
		_, rows := s.res.Values()
		sides[i] = lang.Side{Rows: rows, Groups: s.progress.Groups}
	}
	return func() tea.Msg {
		res, err := lang.Compare(sides[0], sides[1], keys, metric)
		return differenceFound{seq, res, err}
	}
}

func (m *model) differenceFound(msg differenceFound) {
	if msg.seq != m.differ.seq {
		return
	}
	if msg.err != nil {
		m.diffBox.Fail(msg.err.Error())
		return
	}
	m.diffBox.Show(msg.result)
}

// actDifference runs the actions of the box that concern more than the box.
func (m *model) actDifference(id string) (tea.Cmd, bool) {
	switch id {
	case difference.Leave:
		m.stopDifference()
		m.toFlows()
	case difference.Edit:
		m.stopDifference()
		return nil, m.openDifference()
	case difference.Again:
		m.tell("compared again")
		return m.compareAgain(m.differ.setting), true
	case difference.Export:
		m.askDifferenceFile()
	case difference.Enter, difference.Aside:
		return m.pivotDifference(id == difference.Aside)
	}
	return nil, true
}

// pivotDifference shows the flows of the key under the cursor, on the side where they are.
func (m *model) pivotDifference(aside bool) (tea.Cmd, bool) {
	row, ok := m.diffBox.Current()
	if !ok {
		return nil, false
	}
	side, name := m.differ.sides[1], "after"
	if row.Kind == lang.Gone {
		side, name = m.differ.sides[0], "before"
	}
	key, err := pivot.Key(m.differ.setting.By, row.Key)
	if err != nil {
		m.warn(err.Error())
		return nil, true
	}
	q, err := query.Parse(side.req.Query)
	if err != nil { // it ran
		m.fail(err)
		return nil, true
	}
	sp, err := side.span(m.now())
	if err != nil {
		m.fail(err)
		return nil, true
	}
	m.aside = aside
	return m.pivoted(query.And(q, key), "the flows "+name, func() {
		m.span, m.refined = sp, ""
		m.table.SetFilter(nil)
	}), true
}

// askDifferenceFile asks where the rows of the difference go.
func (m *model) askDifferenceFile() {
	columns, rows := m.diffBox.Values()
	path := filepath.Join(m.opts.ExportDir, "cxlens-difference-"+m.now().UTC().Format("20060102-150405")+".csv")
	m.prompt = prompt.New(m.keys.prompt, fmt.Sprintf("write %d rows of the difference to", len(rows)), path, "format by the ending: .csv, .jsonl or .txt")
	back := func() { m.mode = modeDifference }
	m.prompt.Leave = back
	m.prompt.Accept = func(path string) (tea.Cmd, error) {
		format, err := iexport.FormatOf(path)
		if err != nil {
			return nil, err
		}
		back()
		return func() tea.Msg {
			err := iexport.ValuesToFile(path, false, format, columns, rows)
			if errors.Is(err, iexport.ErrExists) {
				err = fmt.Errorf("choose another name: %w", err)
			}
			return differenceWritten{path, len(rows), err}
		}, nil
	}
	m.mode = modePrompt
}

func (m *model) differenceWritten(msg differenceWritten) {
	if msg.err != nil {
		m.fail(msg.err)
		return
	}
	m.news(fmt.Sprintf("wrote %d rows to %s", msg.rows, flow.Clean(msg.path)))
}
