package tui

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

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

// settle waits until something was written and then nothing for a while, and returns how much was.
func (c *counter) settle() int {
	total, quiet := 0, 0
	for quiet < 5 || total == 0 {
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

// most is what one step may write to the terminal: analysts work over SSH.
const most = 500

// stepBytes are what one step writes, in bytes.
type stepBytes struct {
	move, scroll int // the median for the cursor, on the screen and beyond its last row
	held         int // a row on average while the key is held
	worst        int // the most of all; on a busy machine a step may have another frame in it
}

var byteSizes = [][2]int{{80, 24}, {98, 50}, {120, 40}, {180, 50}, {200, 60}}

func TestBytesOfAScroll(t *testing.T) {
	for _, size := range byteSizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			s := writtenBytes(t, size[0], size[1])
			t.Logf("moving the cursor writes %d bytes, scrolling by a row %d, a row of a held key %d; %d at most", s.move, s.scroll, s.held, s.worst)
			if s.move >= most || s.scroll >= most || s.held >= most {
				t.Errorf("a step writes more than %d bytes", most)
			}
		})
	}
}

// writtenBytes measures what the steps of the cursor write to a terminal.
func writtenBytes(tb testing.TB, w, h int) (s stepBytes) {
	tb.Helper()
	m := benchModel(tb, newTable(2000), w, h)
	out := &counter{}
	p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(out), tea.WithWindowSize(w, h), tea.WithColorProfile(colorprofile.TrueColor),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignals())
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	out.settle()
	press := func(code rune, n int) int {
		for range n {
			p.Send(tea.KeyPressMsg{Code: code})
		}
		return out.settle()
	}
	const times = 9
	press(tea.KeyRight, 1) // the table settles the widths of what is on the screen
	press(tea.KeyDown, 1)
	step := func() int {
		var all []int
		for range times {
			all = append(all, press(tea.KeyDown, 1))
		}
		slices.Sort(all)
		s.worst = max(s.worst, all[times-1])
		return all[times/2]
	}
	s.move = step()
	press(tea.KeyDown, 2*h)
	s.scroll = step()
	const held = 200
	s.held = press(tea.KeyDown, held) / held
	p.Quit()
	if err := <-done; err != nil {
		tb.Fatal(err)
	}
	return s
}

// BenchmarkBytes prints what one step of the cursor writes to a terminal.
func BenchmarkBytes(b *testing.B) {
	for _, size := range byteSizes {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			var s stepBytes
			for b.Loop() {
				s = writtenBytes(b, size[0], size[1])
			}
			b.ReportMetric(float64(s.move), "B/move")
			b.ReportMetric(float64(s.scroll), "B/scroll")
			b.ReportMetric(float64(s.held), "B/held")
			b.ReportMetric(float64(s.worst), "B/worst")
			b.ReportMetric(0, "ns/op")
		})
	}
}
