package tui

import (
	"strings"
	"testing"
	"time"
)

// readingScreen shows a query that was answered while files were read; the clock is the test's.
func readingScreen(t *testing.T, width, height int) (s *screen, now *time.Time) {
	t.Helper()
	at := clock
	s = start(t, width, height, newSource(), func(o *Options) { o.Now = func() time.Time { return at } })
	s.send(Reading{File: "a.pcap", Number: 1, Files: 3, Total: 132_000_000})
	if text := s.text(); strings.Contains(text, "reading") {
		t.Errorf("in the first moment:\n%s", text)
	}
	at = at.Add(2 * time.Second)
	s.send(Reading{File: "\x1b[31mb.pcap", Number: 2, Files: 3, Read: 60_000_000, Total: 132_000_000, Flows: 410_000})
	return s, &at
}

func TestReadingScreen(t *testing.T) {
	for name, width := range map[string]int{"reading-80x24": 80, "reading-120x24": 120} {
		t.Run(name, func(t *testing.T) {
			s, _ := readingScreen(t, width, 24)
			s.mono()
			golden(t, name, s)
		})
	}
}

// TestReadMore: a query that does not follow says that more was read since, until it is run again.
func TestReadMore(t *testing.T) {
	s, now := readingScreen(t, 120, 30)
	again := s.m.keys.screen.KeyOf(actAgain)
	if text := s.text(); !strings.Contains(text, " 45 % of 132 MB, file 2 of 3") || strings.Contains(text, "asks again") {
		t.Errorf("the query ran before anything was known of files:\n%s", text)
	}
	s.keys(again)
	s.settle()
	if text := s.text(); !strings.Contains(text, "asked while files are read: "+again+" asks again") {
		t.Errorf("while files are read:\n%s", text)
	}
	*now = now.Add(3 * time.Second)
	s.send(Reading{Number: 3, Files: 3, Read: 132_000_000, Total: 132_000_000, Flows: 1_000_000, Done: true})
	if text := s.text(); !strings.Contains(text, "all is read: 1,000,000 flows in 5.00s") {
		t.Errorf("at the end:\n%s", text)
	}
	s.keys("down")
	if text := s.text(); !strings.Contains(text, "more was read since: "+again+" asks again") || strings.Contains(text, "132 MB") {
		t.Errorf("after the end:\n%s", text)
	}
	s.keys(again)
	s.settle()
	if text := s.text(); strings.Contains(text, "read since") {
		t.Errorf("asked again:\n%s", text)
	}
}

// TestReadingStream: what has no size is told by what was read of it.
func TestReadingStream(t *testing.T) {
	s, now := readingScreen(t, 80, 24)
	*now = now.Add(time.Second)
	s.send(Reading{File: "standard input", Number: 1, Files: 1, Read: 7_500_000})
	if text := s.text(); !strings.Contains(text, "reading 7.50 MB") {
		t.Errorf("a stream:\n%s", text)
	}
}
