package tui

import (
	"sync"
	"testing"
	"time"

	bubbles "charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"cxlens/client"
	"cxlens/internal/flow"
)

const benchRows = 1_000_000

var million = sync.OnceValue(func() *flow.Table { return newTable(benchRows) })

// benchModel is the main screen with n rows in their final order.
func benchModel(tb testing.TB, table *flow.Table, w, h int) *model {
	tb.Helper()
	m, err := newModel(testOptions())
	if err != nil {
		tb.Fatal(err)
	}
	src := newSource()
	src.answer = func(r *fakeResult) {
		n := table.Len()
		r.set(func() {
			r.table = table
			r.progress = client.Progress{State: client.Done, Matched: uint64(n), Rows: n, Expect: uint64(n)}
		})
	}
	m.src, m.login, m.mode = src, nil, modeFlows
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	m.attach()
	m.View()
	return m
}

// BenchmarkRedraw is one key and the redraw that follows, against the table of Bubbles with the same rows.
func BenchmarkRedraw(b *testing.B) {
	b.Run("cxlens", func(b *testing.B) {
		m := benchModel(b, million(), 200, 60)
		m.table.Do("table.page-down")
		down, up := key(nil, "down"), key(nil, "up")
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%2 == 0 {
				m.Update(down)
			} else {
				m.Update(up)
			}
			m.View()
		}
	})
	b.Run("bubbles", func(b *testing.B) {
		t := bubblesTable(million())
		t.MoveDown(100)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%2 == 0 {
				t.MoveDown(1)
			} else {
				t.MoveUp(1)
			}
			_ = t.View()
		}
	})
}

// BenchmarkPageDown redraws a screen of rows that were not visible before.
func BenchmarkPageDown(b *testing.B) {
	m := benchModel(b, million(), 200, 60)
	down, top := tea.KeyPressMsg{Code: tea.KeyPgDown}, tea.KeyPressMsg{Code: tea.KeyHome}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 999 {
			m.Update(top)
		}
		m.Update(down)
		m.View()
	}
}

// BenchmarkLoad is taking in a million rows until they can be seen; for Bubbles' table they have to
// be text first.
func BenchmarkLoad(b *testing.B) {
	b.Run("cxlens", func(b *testing.B) {
		t := million()
		for b.Loop() {
			benchModel(b, t, 200, 60)
		}
	})
	b.Run("bubbles", func(b *testing.B) {
		t := million()
		for b.Loop() {
			tab := bubblesTable(t)
			_ = tab.View()
		}
	})
}

func bubblesTable(t *flow.Table) bubbles.Model {
	cols := []flow.Column{
		flow.ColStart, flow.ColDuration, flow.ColProto, flow.ColSrcIP, flow.ColSrcPort, flow.ColDstIP, flow.ColDstPort, flow.ColSrcPackets,
		flow.ColDstPackets, flow.ColSrcBytes, flow.ColDstBytes, flow.ColSrcFlags, flow.ColDstFlags, flow.ColState, flow.ColNode,
	}
	var heads []bubbles.Column
	for _, c := range cols {
		heads = append(heads, bubbles.Column{Title: c.String(), Width: 10})
	}
	v := t.View()
	rows := make([]bubbles.Row, v.Len())
	var buf []byte
	for i := range rows {
		row := make(bubbles.Row, len(cols))
		for k, c := range cols {
			buf = v.AppendCell(buf[:0], c, i)
			row[k] = string(buf)
		}
		rows[i] = row
	}
	return bubbles.New(bubbles.WithColumns(heads), bubbles.WithRows(rows), bubbles.WithHeight(55), bubbles.WithWidth(200), bubbles.WithFocused(true))
}

// counter counts what is written to a terminal.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += len(p)
	return len(p), nil
}

func (c *counter) take() int { c.mu.Lock(); defer c.mu.Unlock(); n := c.n; c.n = 0; return n }

// settle waits until nothing has been written for a while and returns how much was.
func (c *counter) settle() int {
	total, quiet := 0, 0
	for quiet < 5 {
		time.Sleep(10 * time.Millisecond) // the renderer draws on its own clock and does not tell when
		n := c.take()
		total += n
		quiet++
		if n > 0 {
			quiet = 0
		}
	}
	return total
}

// TestBytesOfAScroll holds what scrolling by a row writes to the terminal: analysts work over SSH. With the
// node pane beside the table more is written: the terminal scrolls whole lines, so the pane is drawn again.
func TestBytesOfAScroll(t *testing.T) {
	for _, c := range []struct{ w, most int }{{180, 1500}, {98, 700}} {
		first, each := scrollBytes(t, c.w, 50)
		t.Logf("%d by 50: the first screen takes %d bytes, scrolling by a row %d", c.w, first, each)
		if each > c.most {
			t.Errorf("%d by 50: scrolling by a row writes %d bytes, want at most %d", c.w, each, c.most)
		}
	}
}

// scrollBytes returns what the first screen and one step below the last visible row write.
func scrollBytes(t *testing.T, w, h int) (first, each int) {
	t.Helper()
	m := benchModel(t, newTable(2000), w, h)
	out := &counter{}
	p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(out), tea.WithWindowSize(w, h), tea.WithColorProfile(colorprofile.TrueColor),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignals())
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	first = out.settle()
	for range 60 {
		p.Send(tea.KeyPressMsg{Code: tea.KeyDown})
	}
	out.settle()
	const steps = 5
	for range steps {
		p.Send(tea.KeyPressMsg{Code: tea.KeyDown})
		each += out.settle()
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return first, each / steps
}

// BenchmarkSortMillion is the key that sorts a million rows: what it keeps the screen from (ns/op),
// and how long the order takes beside it.
func BenchmarkSortMillion(b *testing.B) {
	m := benchModel(b, million(), 200, 60)
	m.table.Do("table.right")
	var sorting time.Duration
	for b.Loop() {
		cmd, _ := m.table.Do("table.sort")
		b.StopTimer()
		began := time.Now()
		msg := cmd()
		sorting += time.Since(began)
		b.StartTimer()
		m.Update(msg)
		m.View()
	}
	b.ReportMetric(float64(sorting.Milliseconds())/float64(b.N), "ms-sorting/op")
}
