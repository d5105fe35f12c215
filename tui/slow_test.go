package tui

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
)

// slowScreen is a screen on a clock that the test moves, while a query streams.
func slowScreen(t *testing.T, change func(*Options)) (s *screen, now *time.Time) {
	t.Helper()
	at := clock
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.set(func() {
			r.table = newTable(50)
			r.progress = client.Progress{State: client.Streaming, Matched: 5000, Rows: 50, Expect: 5000, RowsPerS: 1.4e6}
		})
	}
	s = start(t, 120, 40, src, func(o *Options) {
		o.Now = func() time.Time { return at }
		if change != nil {
			change(o)
		}
	})
	s.until("rows", func() bool { n, _ := s.m.table.Len(); return n == 50 })
	return s, &at
}

// frames counts how many different screens five seconds of streaming draw, and their bytes.
func frames(s *screen, now *time.Time) (n, bytes int) {
	last := s.m.View().Content
	for range 100 {
		*now = now.Add(50 * time.Millisecond)
		r := s.src.last()
		r.set(func() { r.progress.Rows += 30 })
		s.send(resultChanged{s.m.run.seq})
		if v := s.m.View().Content; v != last {
			n, bytes, last = n+1, bytes+len(v), v
		}
	}
	return n, bytes
}

func TestFewFramesOnASlowLink(t *testing.T) {
	s, now := slowScreen(t, nil)
	usual, _ := frames(s, now)
	if !strings.Contains(s.text(), "░") {
		t.Errorf("there is no bar:\n%s", s.text())
	}
	s, now = slowScreen(t, func(o *Options) { o.LowBandwidth = true })
	few, _ := frames(s, now)
	if usual < 50 || few > 11 || few < 5 {
		t.Errorf("five seconds of streaming draw %d frames, on a slow link %d", usual, few)
	}
	text := s.text()
	if strings.ContainsAny(text, "█░") || !strings.Contains(text, "streaming ") || !strings.Contains(text, "low bandwidth, K ends it") {
		t.Errorf("on a slow link the screen is\n%s", text)
	}
	if strings.Contains(text, "13:58:") || strings.Contains(text, "online 3ms") {
		t.Error("what moves by itself is shown on a slow link")
	}
}

func TestKeysAreSeenAtOnceOnASlowLink(t *testing.T) {
	s, now := slowScreen(t, func(o *Options) { o.LowBandwidth = true })
	*now = now.Add(300 * time.Millisecond) // progress is shown from here
	before := s.text()
	s.keys("down")
	if s.text() == before {
		t.Error("a key is not seen before the frame is due")
	}
	before = s.text()
	r := s.src.last()
	r.set(func() { r.progress.Rows = 4000 })
	s.send(resultChanged{s.m.run.seq})
	if s.text() != before {
		t.Error("a part of the result is drawn at once")
	}
	s.send(frameDue{})
	if s.text() != before {
		t.Error("a frame comes before its time because an earlier one was waited for")
	}
	if cmd := s.m.nextFrame(); cmd != nil || !s.m.slow.timer {
		t.Error("the next frame is not waited for, or twice")
	}
	*now = now.Add(slowFrame)
	s.send(frameDue{})
	if s.text() == before {
		t.Error("the last change is never drawn")
	}
}

func TestLowBandwidthByHand(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.keys("K")
	if !s.m.slow.on || !strings.Contains(s.text(), "low bandwidth: no bars") {
		t.Errorf("on: %v\n%s", s.m.slow.on, s.text())
	}
	s.keys("K")
	if s.m.slow.on || !strings.Contains(s.text(), "low bandwidth is off") {
		t.Errorf("still on: %v", s.m.slow.on)
	}
	s.send(linkSlow{time.Second})
	if s.m.slow.on {
		t.Error("a measurement goes before the person")
	}
}

func TestLowBandwidthByMeasurement(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.send(linkSlow{412 * time.Millisecond})
	if text := s.text(); !s.m.slow.on || !strings.Contains(text, "low bandwidth is on, K ends it") || !strings.Contains(text, "412ms") {
		t.Errorf("on: %v\n%s", s.m.slow.on, text)
	}
	s = start(t, 100, 30, newSource(), func(o *Options) { o.KeepBandwidth = true })
	if s.send(linkSlow{412 * time.Millisecond}); s.m.slow.on {
		t.Error("on, though no measurement was to change it")
	}
	if s.keys("K"); !s.m.slow.on {
		t.Error("not on by its key")
	}
}

// TestFewColoursOnASlowLink: a colour of the palette is written with fewer bytes than any other.
func TestFewColoursOnASlowLink(t *testing.T) {
	s := start(t, 100, 30, newSource(), func(o *Options) { o.Theme = "nord" })
	if v := s.m.View().Content; !strings.Contains(v, "38;2;") {
		t.Fatalf("the theme has no colours of its own: %q", v)
	}
	s.keys("K")
	if v := s.m.View(); strings.Contains(v.Content, "8;2;") || !strings.Contains(v.Content, "38;5;") || v.BackgroundColor == nil {
		t.Errorf("on a slow link: ground %v, %q", v.BackgroundColor, v.Content)
	}
	s.keys("K")
	if !strings.Contains(s.m.View().Content, "38;2;") {
		t.Error("the colours do not come back")
	}
}

// TestSlowAnswers: the terminal that answers late twice is at the end of a slow link, once is nothing.
func TestSlowAnswers(t *testing.T) {
	for _, c := range []struct {
		took []time.Duration
		want bool
	}{
		{[]time.Duration{3 * time.Millisecond}, false},
		{[]time.Duration{400 * time.Millisecond, 3 * time.Millisecond}, false},
		{[]time.Duration{400 * time.Millisecond, 300 * time.Millisecond}, true},
	} {
		at := clock
		opts := testOptions()
		opts.Now = func() time.Time { return at }
		m, err := newModel(opts)
		if err != nil {
			t.Fatal(err)
		}
		m.askBackground()
		for i, took := range c.took {
			at = at.Add(took)
			_, cmd := m.Update(tea.BackgroundColorMsg{Color: color.Black})
			if again := !m.slow.asked.IsZero(); again != (i+1 < len(c.took)) || again && cmd == nil {
				t.Errorf("%v: after answer %d it is asked again: %v", c.took, i+1, again)
			}
		}
		if m.slow.on != c.want {
			t.Errorf("%v: low bandwidth is %v", c.took, m.slow.on)
		}
		_ = m.close()
	}
}

func TestSlowWrites(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at, takes := clock, time.Duration(0)
	var told []time.Duration
	l := &link{File: f, slow: func(d time.Duration) { told = append(told, d) }}
	l.now = func() time.Time { now := at; at = at.Add(takes); return now } // the second call is the write's end
	write := func(d time.Duration) {
		takes = d
		if n, err := l.Write([]byte("xy")); n != 2 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	for range 5 {
		write(100 * time.Millisecond)
	}
	write(300 * time.Millisecond)
	at = at.Add(slowWindow)
	write(300 * time.Millisecond)
	if len(told) != 0 {
		t.Errorf("two slow writes far apart tell %v", told)
	}
	write(400 * time.Millisecond)
	write(500 * time.Millisecond)
	if len(told) != 1 || told[0] != 400*time.Millisecond {
		t.Errorf("told %v", told)
	}
}
