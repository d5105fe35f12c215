package tui

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
)

// clock is the time on every screen of the tests.
var clock = time.Date(2026, 11, 22, 13, 58, 7, 0, time.UTC)

// flows makes n flows, newest first, always the same ones.
func flows(n int) []flow.Record {
	rng := rand.New(rand.NewPCG(7, 11))
	ports := []uint16{443, 53, 22, 80, 25, 8443, 3389, 123}
	out := make([]flow.Record, n)
	start := clock.Add(-91 * time.Second).UnixMicro()
	for i := range out {
		r := &out[i]
		start -= rng.Int64N(2_000_000)
		r.ID = uint64(start/1e6)*1_000_000_000 + uint64(i)
		r.Start, r.End = start, start+rng.Int64N(30_000_000)
		r.Proto, r.IPVersion, r.Node = flow.TCP, 4, uint32(1+i%3)
		r.Src, r.Dst = flow.AddrFrom4(0x0a000000+uint32(rng.IntN(300))), flow.AddrFrom4(0xc0000200+uint32(rng.IntN(40)))
		r.SrcPort, r.DstPort = uint16(40000+rng.IntN(20000)), ports[rng.IntN(len(ports))]
		r.SrcPackets, r.DstPackets = uint64(1+rng.IntN(900)), uint64(rng.IntN(2000))
		r.SrcBytes, r.DstBytes = r.SrcPackets*uint64(60+rng.IntN(1400)), r.DstPackets*uint64(60+rng.IntN(1400))
		r.SrcFlags, r.DstFlags = flow.SYN|flow.ACK|flow.FIN|flow.PSH, flow.SYN|flow.ACK|flow.FIN
		r.File, r.EndFile, r.Offset, r.EndOffset = "eth1.pcap", "eth1.pcap", int64(i)*1000, int64(i)*1000+900
		vary(r, i)
	}
	return out
}

// vary makes some flows UDP, ICMP, IPv6, refused, unanswered and reset.
func vary(r *flow.Record, i int) {
	switch i % 9 {
	case 1:
		r.Proto, r.DstPort, r.SrcFlags, r.DstFlags = flow.UDP, 53, 0, 0
	case 3:
		r.IPVersion = 6
		r.Src, r.Dst = flow.AddrFromNumbers(0x20010db800000000, uint64(0xa000+i)), flow.AddrFromNumbers(0x20010db800090000, 0xfeed000000000000+uint64(i))
	case 4:
		r.DstPackets, r.DstBytes, r.SrcFlags, r.DstFlags = 0, 0, flow.SYN, 0
	case 5:
		r.DstPackets, r.SrcFlags, r.DstFlags = 1, flow.SYN, flow.RST|flow.ACK
	case 6:
		r.Proto, r.SrcPort, r.DstPort, r.SrcFlags, r.DstFlags = flow.ICMP, 4711, 4711, 0, 0
	case 7:
		r.DstFlags = flow.SYN | flow.ACK | flow.RST
	}
}

func newTable(n int) *flow.Table {
	t := flow.NewTable()
	for i, name := range []string{"eth1", "dmz", "core"} {
		t.SetNode(flow.NodeInfo{ID: uint32(i + 1), Name: name, Agent: "sensor-a", Netgroup: "lab"})
	}
	for _, r := range flows(n) {
		t.Append(&r)
	}
	return t
}

// fakeResult is a result whose progress the test sets.
type fakeResult struct {
	mu        sync.Mutex
	req       query.Request
	table     *flow.Table
	progress  client.Progress
	changed   chan struct{}
	cancelled bool
	columns   []string
	values    [][]string
}

func (r *fakeResult) Progress() client.Progress { r.mu.Lock(); defer r.mu.Unlock(); return r.progress }

func (r *fakeResult) Values() ([]string, [][]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.columns, r.values
}

func (r *fakeResult) View() *flow.View         { r.mu.Lock(); defer r.mu.Unlock(); return r.table.View() }
func (r *fakeResult) Changed() <-chan struct{} { return r.changed }

func (r *fakeResult) Cancel() {
	r.set(func() { r.cancelled, r.progress.State = true, client.Cancelled })
}

func (r *fakeResult) set(change func()) {
	r.mu.Lock()
	change()
	r.mu.Unlock()
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// finish lets n flows of matched have come.
func (r *fakeResult) finish(n int, matched uint64) {
	r.set(func() {
		r.table = newTable(n)
		r.progress = client.Progress{
			State: client.Done, Matched: matched, Rows: n, Expect: uint64(n), Elapsed: 812 * time.Millisecond, RowsPerS: 1.4e6,
		}
	})
}

// fakeSource is a connection whose state and answers the test sets.
type fakeSource struct {
	mu      sync.Mutex
	status  client.Status
	changed chan struct{}
	results []*fakeResult
	answer  func(r *fakeResult)
	closed  bool
}

func newSource() *fakeSource {
	return &fakeSource{changed: make(chan struct{}, 1), status: onlineStatus(), answer: func(r *fakeResult) { r.finish(300, 1_204_331) }}
}

func onlineStatus() client.Status {
	return client.Status{
		Phase: client.Online, Server: "lab:10201", Name: "analyst", RTT: 3 * time.Millisecond, HasNodes: true,
		Nodes: []client.Node{
			{
				ID: 1, Name: "eth1", Agent: "sensor-a", Netgroup: "lab", Type: "CXTRACKER", State: "online", LastSeen: clock, RTT: 2 * time.Millisecond,
				FlowsPerS: 310.5, Flows: 1234567, Oldest: clock.Add(-48 * time.Hour), Newest: clock.Add(-time.Second), Since: clock.Add(-time.Hour), IP: "10.0.0.2",
			},
			{ID: 2, Name: "dmz", Agent: "sensor-b", Netgroup: "dmz", Type: "CXTRACKER", State: "late", LastSeen: clock.Add(-11 * time.Second), RTT: 11 * time.Millisecond},
			{ID: 3, Name: "core", Agent: "sensor-b", State: "offline", LastSeen: clock.Add(-4 * time.Minute)},
		},
	}
}

func (s *fakeSource) Status() client.Status    { s.mu.Lock(); defer s.mu.Unlock(); return s.status }
func (s *fakeSource) Changed() <-chan struct{} { return s.changed }
func (s *fakeSource) Close() error             { s.mu.Lock(); defer s.mu.Unlock(); s.closed = true; return nil }

func (s *fakeSource) Submit(req query.Request) result {
	r := &fakeResult{req: req, table: flow.NewTable(), changed: make(chan struct{}, 1)}
	s.mu.Lock()
	s.results = append(s.results, r)
	answer := s.answer
	s.mu.Unlock()
	answer(r)
	return r
}

// Stream hands over what the source answers, in two parts.
func (s *fakeSource) Stream(ctx context.Context, req query.Request, each func(*flow.View, client.Progress) error) error {
	r := s.Submit(req).(*fakeResult)
	whole, n := r.View(), 0
	for _, upto := range []int{whole.Len() / 2, whole.Len()} {
		part := flow.NewTable()
		for ; n < upto; n++ {
			var rec flow.Record
			whole.Record(n, &rec)
			part.Append(&rec)
		}
		if err := errors.Join(ctx.Err(), each(part.View(), r.Progress())); err != nil {
			return err
		}
	}
	return r.Progress().Err
}

func (s *fakeSource) last() *fakeResult {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.results[len(s.results)-1]
}

func (s *fakeSource) set(status client.Status) {
	s.mu.Lock()
	s.status = status
	s.mu.Unlock()
	s.changed <- struct{}{}
}

// screen drives a model as Bubble Tea does, but only as far as the test waits.
type screen struct {
	t    *testing.T
	m    *model
	as   tea.Model // what takes the messages, m unless it is read aloud
	src  *fakeSource
	msgs chan tea.Msg
	done chan struct{}
	quit bool
}

// testOptions are options that pass, with the test's clock.
func testOptions() Options {
	return Options{
		Connect: func(context.Context, Login) (Backend, error) { return nil, fmt.Errorf("no test server") },
		Now:     func() time.Time { return clock }, Version: "test", ExportDir: "out",
	}
}

// start shows the main screen at a size, with an answered query.
func start(t *testing.T, w, h int, src *fakeSource, change func(*Options)) *screen {
	t.Helper()
	opts := testOptions()
	if change != nil {
		change(&opts)
	}
	m, err := newModel(opts)
	if err != nil {
		t.Fatal(err)
	}
	if src != nil {
		m.src, m.login, m.mode = src, nil, modeFlows
	}
	s := &screen{t: t, m: m, as: m, src: src, msgs: make(chan tea.Msg, 100), done: make(chan struct{})}
	t.Cleanup(func() { close(s.done); _ = m.close() })
	s.send(tea.WindowSizeMsg{Width: w, Height: h})
	s.run(m.Init())
	s.send(tea.BackgroundColorMsg{Color: color.Black})
	s.settle()
	return s
}

// send hands a message to the model and runs its commands.
func (s *screen) send(msg tea.Msg) {
	if _, ok := msg.(tea.QuitMsg); ok {
		s.quit = true
		return
	}
	_, cmd := s.as.Update(msg)
	s.run(cmd)
}

func (s *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				s.run(c)
			}
			return
		}
		if msg == nil {
			return
		}
		select {
		case s.msgs <- msg:
		case <-s.done:
		}
	}()
}

// until takes in messages until cond holds.
func (s *screen) until(what string, cond func() bool) {
	s.t.Helper()
	deadline := time.After(2 * time.Minute)
	for !cond() {
		select {
		case msg := <-s.msgs:
			s.send(msg)
		case <-deadline:
			s.t.Fatalf("waited for %s; the screen is\n%s", what, s.text())
		}
	}
}

// settle waits until nothing is computed any more.
func (s *screen) settle() {
	s.t.Helper()
	s.until("rest", func() bool {
		_, summed := s.m.table.Bytes()
		return !s.m.table.Sorting() && summed && s.m.profiles.read
	})
}

// keys types keys by Bubble Tea's names; a text of several runes that is no name is typed out.
func (s *screen) keys(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.send(key(s.t, name))
	}
}

func (s *screen) typed(text string) {
	for _, r := range text {
		s.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace,
}

func key(t testing.TB, name string) tea.KeyPressMsg {
	if code, ok := keyCodes[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if len(name) == 6 && name[:5] == "ctrl+" {
		return tea.KeyPressMsg{Code: rune(name[5]), Mod: tea.ModCtrl}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if len([]rune(name)) != 1 {
		t.Fatalf("no key %q", name)
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// text is the screen without its colours.
func (s *screen) text() string { return ansi.Strip(s.m.View().Content) }

func (s *screen) sees(texts ...string) {
	s.t.Helper()
	screen := s.text()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Errorf("the screen does not show %q:\n%s", text, screen)
		}
	}
}

func (s *screen) seesNot(text string) {
	s.t.Helper()
	if strings.Contains(s.text(), text) {
		s.t.Errorf("the screen shows %q:\n%s", text, s.text())
	}
}

// slow is an answer that is still coming.
func slow(r *fakeResult) {
	r.set(func() {
		r.table = newTable(20)
		r.progress = client.Progress{State: client.Streaming, Matched: 1000, Rows: 20, Expect: 1000}
	})
}
