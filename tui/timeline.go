package tui

import (
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/human"
	"cxlens/tui/span"
	"cxlens/tui/timeline"
)

// The timeline of a followed query is asked for again at most every refreshTimeline, and when the server
// is slow only after refreshFactor times what the last answer took.
const (
	refreshTimeline = time.Second
	refreshFactor   = 4
)

// times is what was asked for a tab's timeline.
type times struct {
	ask   *ask // nil: nothing is on its way
	want  wantedTimes
	seen  uint64 // matches of the run when it was asked
	at    time.Time
	took  time.Duration
	timed bool // a refresh is due at its time
}

// wantedTimes is what a timeline shows: another one has to be asked for when it changes.
type wantedTimes struct {
	run      uint64
	buckets  int
	settings timeline.Settings
}

// timelineDue tells that a followed query's timeline may be asked for again.
type timelineDue struct{ tab *tab }

func (m *model) toggleTimeline() {
	on := !m.timeline.On
	m.timeline.Change(func(s *timeline.Settings) { s.On = on })
	if !on && m.mode == modeTimeline {
		m.toFlows()
	}
}

// enterTimeline gives the keyboard to the timeline, with its cursor where the row's time is.
func (m *model) enterTimeline() {
	m.timeline.Change(func(s *timeline.Settings) { s.On = true })
	var r flow.Record
	ok := m.table.Current(&r)
	m.timeline.Enter(r.Start, ok)
	m.mode = modeTimeline
}

// actTimes runs an action of the timeline.
func (m *model) actTimes(id string) (tea.Cmd, bool) {
	m.timeline.Change(func(s *timeline.Settings) { s.On = true })
	switch id {
	case timeline.Leave:
		if m.mode != modeTimeline || !m.timeline.Unselect() {
			m.toFlows()
			return nil, true
		}
		m.tell("nothing is selected any more; " + m.keys.timeline.KeyOf(timeline.Leave) + " again leaves the timeline")
		return nil, true
	case timeline.Zoom:
		return m.zoom()
	case timeline.Widen:
		return m.widen()
	case timeline.Back:
		return m.stayOnTimeline(m.goBack)
	case timeline.Ahead:
		return m.stayOnTimeline(m.goAhead)
	}
	m.mode = modeTimeline
	if m.look.NoBars && timeline.OfBars(id) {
		if m.aloud {
			m.warn("there are no bars to hear; the timeline is said in numbers")
			return nil, true
		}
		m.warn("low bandwidth draws no bars; " + m.slowKey() + " switches it off")
		return nil, true
	}
	ok := m.timeline.Do(id, m.height, min(m.table.Column(), timeline.NoStack)) // no server stacks by a column of the screen
	if !ok && m.timeline.Shown() == nil {
		m.warn("there is nothing on the timeline yet")
		return nil, true
	}
	if told := m.timeline.Told(id, m.height); ok && told != "" {
		m.tell(told)
	}
	return nil, ok
}

// timelineLines is how many lines the timeline takes.
func (m *model) timelineLines() int {
	if !m.timeline.On || m.mode == modeLogin {
		return 0
	}
	return m.timeline.Lines(m.look, m.height)
}

func (m *model) timelineView() []string {
	var r flow.Record
	s := timeline.Spot{Active: m.mode == modeTimeline}
	if s.OnRow = m.table.Current(&r); s.OnRow {
		s.Row = r.Start
	}
	return m.timeline.View(m.look, m.width, m.height, s)
}

// wantTimeline asks for the timeline of the tab on the screen when what it shows is another one.
func (m *model) wantTimeline() tea.Cmd {
	t := &m.times
	if !m.timeline.On || m.src == nil || m.run.res == nil || m.tooSmall() {
		m.dropTimeline()
		return nil
	}
	s := m.timeline.Settings
	s.Style, s.Lanes, s.Height = 0, false, 0 // the same answer is drawn in other ways
	want := wantedTimes{run: m.run.seq, buckets: m.timeline.Buckets(m.width, m.height), settings: s}
	switch {
	case want == t.want:
		return m.refreshTimes()
	case want.run != t.want.run:
		m.timeline.Clear("the server is asked for the timeline…")
	case t.ask != nil && want.settings == t.want.settings:
		return nil // the screen's size changed; the answer that is on its way comes first
	}
	return m.askTimeline(want)
}

// dropTimeline forgets what was asked, so that it is asked again when the timeline is shown.
func (m *model) dropTimeline() {
	m.times.ask.drop()
	m.times = times{timed: m.times.timed}
}

// refreshTimes asks again for a query that new flows match meanwhile.
func (m *model) refreshTimes() tea.Cmd {
	t := &m.times
	if t.ask != nil || m.run.progress.State != client.Following || m.run.progress.Matched == t.seen {
		return nil
	}
	wait := t.at.Add(max(refreshTimeline, refreshFactor*t.took)).Sub(m.now())
	switch {
	case wait <= 0:
		return m.askTimeline(t.want)
	case t.timed:
		return nil
	}
	t.timed = true
	due := timelineDue{m.tab}
	return tea.Tick(wait, func(time.Time) tea.Msg { return due })
}

// timelineDue lets a refresh happen, which comes of wantTimeline.
func (m *model) timelineDue(msg timelineDue) { msg.tab.times.timed = false }

// askTimeline asks for the ends of the matches, of which the buckets are made.
func (m *model) askTimeline(want wantedTimes) tea.Cmd {
	t := &m.times
	t.ask.drop()
	from, to := m.run.span.Ends(m.run.began)
	*t = times{want: want, seen: m.run.progress.Matched, at: m.now(), timed: t.timed}
	var cmd tea.Cmd
	t.ask, cmd = m.askServer(query.Request{Query: m.run.sent, From: from, To: to, Kind: query.KindCount}, m.timelineEnds)
	return cmd
}

// timelineEnds takes in the ends and asks for what is between.
func (m *model) timelineEnds(a answer) tea.Cmd {
	t := &m.times
	t.ask = nil
	lo, hi, any, err := m.ends(a)
	switch {
	case err != nil:
		m.timelineFailed(err)
		return nil
	case !any:
		m.timeline.Show(&timeline.Data{Width: 1})
		t.took = m.now().Sub(t.at)
		return nil
	}
	start, width, n := timeline.Cut(lo, hi, t.want.buckets)
	req, err := m.bucketsOf(start, width, n)
	if err != nil {
		m.timelineFailed(err)
		return nil
	}
	by := t.want.settings.By
	var cmd tea.Cmd
	t.ask, cmd = m.askServer(req, func(a answer) tea.Cmd {
		t.ask = nil
		t.took = m.now().Sub(t.at)
		if a.err != nil {
			m.timelineFailed(a.err)
			return nil
		}
		d, err := timeline.Read(a.columns, a.rows, start, width, n, by.String())
		if err != nil {
			m.timelineFailed(err)
			return nil
		}
		d.Matches = a.progress.Matched
		m.timeline.Show(d)
		return nil
	})
	return cmd
}

func (m *model) timelineFailed(err error) {
	if err != nil {
		m.timeline.Fail(err)
	}
}

// ends are the first and the last microsecond of the timeline: those of the span where it has them, else
// the first and the last match; "last 24h" ends when it was asked.
func (m *model) ends(a answer) (lo, hi int64, any bool, err error) {
	if a.err != nil {
		return 0, 0, false, a.err
	}
	if len(a.rows) != 1 || len(a.rows[0]) < 5 || len(a.columns) < 5 {
		return 0, 0, false, errors.New("the server does not say when the matches begin and end")
	}
	first, last := a.rows[0][3], a.rows[0][4]
	if first == "" {
		return 0, 0, false, nil
	}
	if lo, err = timeline.ParseTime(first); err == nil {
		hi, err = timeline.ParseTime(last)
	}
	from, to := m.run.span.Bounds(m.run.began)
	if !from.IsZero() {
		lo = from.UnixMicro()
	}
	switch {
	case !to.IsZero():
		hi = to.UnixMicro() - 1
	case strings.HasPrefix(m.run.span.Text(), "last "):
		hi = max(hi, m.run.began.UnixMicro())
	}
	if from.IsZero() && to.IsZero() {
		lo, hi = timeline.Around(lo, hi, m.times.want.buckets)
	}
	return lo, hi, true, err
}

// bucketsOf asks for n buckets. They begin at round times, and so the first one may begin before the
// query's span, and the last one end after it; the query then says where the span ends.
func (m *model) bucketsOf(start, width int64, n int) (query.Request, error) {
	from, to := m.run.span.Bounds(m.run.began)
	q, err := query.Parse(m.run.sent)
	if err != nil {
		return query.Request{}, err
	}
	end := start + int64(n)*width
	if !from.IsZero() && start < from.UnixMicro() {
		q = query.And(q, startTerm(query.GE, from))
	}
	if !to.IsZero() && end > to.UnixMicro() {
		q = query.And(q, startTerm(query.LT, to))
	}
	s := m.times.want.settings
	return query.Request{
		Query: q.String(), From: stamp(start), To: stamp(end), Kind: query.KindTimeline, Buckets: n, By: s.Stack(), Metric: s.Metric.String(),
		Limit: timelineSeries * int64(len(s.Stack())),
	}, nil
}

// timelineSeries is how many series a timeline is stacked of; what is left is a further one.
const timelineSeries = 4

func startTerm(rel query.Rel, t time.Time) *query.Query {
	return query.FromTree(&query.Time{Field: query.TimeStart, Op: query.TimeRel, Rel: rel, From: query.Moment{Micros: t.UnixMicro()}})
}

func stamp(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339Nano) }

// zoom runs the query on the selected span.
func (m *model) zoom() (tea.Cmd, bool) {
	from, to, ok := m.timeline.Span()
	if !ok || m.src == nil {
		return nil, false
	}
	begin, end := m.run.span.Bounds(m.run.began)
	if !begin.IsZero() && from.Before(begin) {
		from = begin
	}
	if !end.IsZero() && to.After(end) {
		to = end
	}
	return m.toSpan(from, to, "zoomed to "+human.Duration(to.Sub(from))), true
}

// widen runs the query on the span with as much again on both sides.
func (m *model) widen() (tea.Cmd, bool) {
	d := m.timeline.Shown()
	if d == nil || m.src == nil || len(d.Total) == 0 {
		return nil, false
	}
	begin, end := m.run.span.Bounds(m.run.began)
	if begin.IsZero() && end.IsZero() {
		m.warn("the query looks at all time already")
		return nil, true
	}
	if begin.IsZero() {
		begin = time.UnixMicro(d.Start)
	}
	if end.IsZero() {
		end = time.UnixMicro(d.End())
	}
	length := end.Sub(begin)
	begin, end = begin.Add(-length), end.Add(length)
	if begin.UnixMicro() < flow.MinTime || end.UnixMicro() > flow.MaxTime {
		m.warn("the span would reach beyond the years 0 to 9999")
		return nil, true
	}
	return m.toSpan(begin, end, "zoomed out to "+human.Duration(end.Sub(begin))), true
}

// stayOnTimeline walks to another query and leaves the keyboard on the timeline.
func (m *model) stayOnTimeline(walk func() (tea.Cmd, bool)) (tea.Cmd, bool) {
	cmd, ok := walk()
	if ok && m.mode == modeFlows && m.timeline.On {
		m.mode = modeTimeline
	}
	return cmd, ok
}

// toSpan runs the present query on another span; the keyboard stays on the timeline.
func (m *model) toSpan(from, to time.Time, what string) tea.Cmd {
	sp, err := span.Exactly(from, to)
	if err != nil {
		m.warn(err.Error())
		return nil
	}
	q, err := query.Parse(m.run.text)
	if err != nil { // it ran, and so it can be read
		m.fail(err)
		return nil
	}
	mode := m.mode
	cmd := m.pivoted(q, what, func() { m.span = sp })
	if mode == modeTimeline && m.mode == modeFlows && m.timeline.On {
		m.mode = modeTimeline
	}
	return cmd
}

// timelineMouse acts on a press, a drag and a release on the timeline's bars.
func (m *model) timelineMouse(msg tea.MouseMsg, g geometry) (cmd tea.Cmd, ok bool) {
	at := msg.Mouse()
	switch msg.(type) {
	case tea.MouseClickMsg:
		top := g.body - g.timeline - g.gap
		if at.Button != tea.MouseLeft || at.Y < top || at.Y >= top+g.timeline || g.timeline == 0 {
			return nil, false
		}
		m.say = message{}
		if m.timeline.Press(at.X) {
			m.mode = modeTimeline
		}
		return nil, true
	case tea.MouseMotionMsg:
		m.timeline.Drag(at.X)
		return nil, true
	case tea.MouseReleaseMsg:
		if m.timeline.Release() {
			cmd, _ = m.zoom()
		}
		return cmd, true
	}
	return nil, false
}

// firstTimeline are the settings of a new tab's timeline.
func (m *model) firstTimeline() timeline.Settings {
	s := timeline.Defaults()
	if m.opts.ASCII {
		s.Style = timeline.ASCII
	}
	return s
}
