package tui

import (
	"fmt"
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/tui/human"
)

// slowFrame is how long a frame stands at least on a slow link, unless a key is pressed.
const slowFrame = 500 * time.Millisecond

// When a link is slow: a write that the terminal does not take, or a question that it does not
// answer, for so long, twice within the window. Once can be anything.
const (
	slowAfter  = 250 * time.Millisecond
	slowWindow = 10 * time.Second
)

// slowLinkMode is the mode for slow links: no bars (look.NoBars), nothing that moves by itself, few frames.
type slowLinkMode struct {
	on      bool
	chosen  bool // by hand, so that no measurement changes it any more
	asked   time.Time
	answers int // slow answers in a row

	frame  tea.View
	drawn  time.Time // when frame was drawn
	urgent bool      // the next frame is drawn at once
	timer  bool      // frameDue is under way
}

// frameDue tells that the next frame may be drawn.
type frameDue struct{}

// linkSlow tells how long the terminal did not take a write, twice.
type linkSlow struct{ took time.Duration }

// held is the frame that stands a little longer; ok is false when another is to be drawn.
func (m *model) held() (tea.View, bool) {
	s := &m.slow
	return s.frame, s.on && !s.urgent && !s.drawn.IsZero() && m.untilFrame() > 0
}

// drew remembers a frame.
func (m *model) drew(v tea.View) {
	m.slow.frame, m.slow.drawn, m.slow.urgent = v, m.now(), false
}

// hurry lets what a person did be seen at once.
func (m *model) hurry(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg, tea.WindowSizeMsg, tea.BackgroundColorMsg, tea.ColorProfileMsg, tea.ResumeMsg, unveiled:
		m.slow.urgent = true
	case frameDue: // a key's frame may have come in between, then the last change waits once more
		m.slow.urgent = m.slow.urgent || m.untilFrame() <= 0
	}
}

// untilFrame is how long the frame on the screen still stands.
func (m *model) untilFrame() time.Duration { return slowFrame - m.now().Sub(m.slow.drawn) }

// nextFrame sees to it that the last of several changes is drawn.
func (m *model) nextFrame() tea.Cmd {
	s := &m.slow
	if !s.on || s.urgent || s.timer {
		return nil
	}
	s.timer = true
	return tea.Tick(max(0, min(m.untilFrame(), slowFrame)), func(time.Time) tea.Msg { return frameDue{} })
}

// toggleSlow switches the mode by hand, after which no measurement changes it.
func (m *model) toggleSlow() {
	m.slow.on, m.slow.chosen, m.slow.urgent = !m.slow.on, true, true
	if m.slow.on {
		m.tell("low bandwidth: no bars, two frames a second at most; " + m.slowKey() + " switches it off")
	} else {
		m.tell("low bandwidth is off")
	}
}

func (m *model) slowKey() string { return m.keys.modes.KeyOf(actSlow) }

// slowLink switches the mode on because of what was measured.
func (m *model) slowLink(what string, took time.Duration) {
	if m.slow.on || m.slow.chosen {
		return
	}
	m.slow.on, m.slow.urgent = true, true
	m.notice(fmt.Sprintf("low bandwidth is on, %s ends it: %s %s", m.slowKey(), what, human.Duration(took.Round(time.Millisecond))))
}

// terminalAnswered takes in how long the terminal took to answer; a slow answer is asked for once more.
func (m *model) terminalAnswered() tea.Cmd {
	s := &m.slow
	if s.asked.IsZero() {
		return nil
	}
	took := m.now().Sub(s.asked)
	s.asked = time.Time{}
	if took < slowAfter {
		return nil
	}
	if s.answers++; s.answers >= 2 {
		m.slowLink("the terminal answers in", took)
		return nil
	}
	s.asked = m.now()
	return tea.RequestBackgroundColor
}

// link is the terminal as the program writes to it: it measures how long writes take.
type link struct {
	*os.File
	now  func() time.Time
	slow func(took time.Duration) // told once

	mu   sync.Mutex
	last time.Time // the last slow write, zero for none
}

// Write writes to the terminal. On a slow link the buffers before it are full and the write waits.
func (l *link) Write(p []byte) (int, error) {
	began := l.now()
	n, err := l.File.Write(p)
	l.took(began, l.now())
	return n, err
}

func (l *link) took(began, ended time.Time) {
	took := ended.Sub(began)
	if took < slowAfter {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.last.IsZero() && ended.Sub(l.last) < slowWindow && l.slow != nil {
		l.slow(took)
		l.slow = nil
	}
	l.last = ended
}
