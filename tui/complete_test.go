package tui

import (
	"strings"
	"testing"
	"time"

	"cxlens/client"
	ihistory "cxlens/internal/history"
	"cxlens/query"
)

// collected waits until the values of the rows here are known.
func (s *screen) collected() {
	s.t.Helper()
	s.until("the values of the rows", func() bool { return s.m.seen.run == s.m.run.seq && !s.m.seen.running })
}

// completes presses Tab on a text and returns what stands on the line then.
func (s *screen) completes(text string) string {
	s.t.Helper()
	s.keys("ctrl+u")
	s.typed(text)
	s.keys("tab")
	return s.m.bar.Text()
}

func TestCompletionIsRanked(t *testing.T) {
	store := newStore(t)
	ran(t, store, "dst port 8443 and state S1", "dst port 8443", "not bogus query", "src bytes > 5M")
	s := withHistory(t, 100, 30, newSource(), store, 4)
	s.keys(":")
	s.collected()
	for text, want := range map[string]string{
		"dst port ":       "dst port 8443", // used
		"tcp port 8":      "tcp port 8443",
		"src bytes ":      "src bytes >",
		"state ":          "state S1",
		"node ":           "node eth1", // seen
		"file ":           "file eth1.pcap",
		"src por":         "src port",          // the language
		"(udp adn state ": "(udp adn state S1", // behind an error
	} {
		if got := s.completes(text); got != want {
			t.Errorf("%q completes to %q, want %q", text, got, want)
		}
	}
	s.completes("dst port ")
	s.sees("used in 2 queries · seen ", " times in the rows here", "more")
	checkSize(t, s)
	s.keys("tab")
	s.sees("seen ", " times in the rows here")
	if got := s.m.bar.Text(); got != "dst port 53" {
		t.Errorf("after what was used comes %q", got)
	}
	// What is run on the screen counts as well.
	s.completes("dst port 22")
	for range 3 {
		s.keys(":", "ctrl+u")
		s.typed("dst port 22")
		s.keys("enter")
	}
	s.keys(":")
	if got := s.completes("dst port "); got != "dst port 22" {
		t.Errorf("after three queries for port 22: %q", got)
	}
}

func TestCompletionFollowsTheResult(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.set(func() { r.table, r.progress = newTable(1), client.Progress{State: client.Streaming, Rows: 1} })
	}
	s := start(t, 100, 30, src, nil)
	s.keys(":")
	s.collected()
	if s.m.seen.rows != 1 {
		t.Fatalf("values of %d rows", s.m.seen.rows)
	}
	src.last().finish(300, 300)
	s.until("the values of all rows", func() bool { return s.m.seen.rows == 300 })
	before := s.m.seen.values
	s.keys("esc")
	src.answer = func(r *fakeResult) { r.finish(20, 20) }
	s.keys("r", ":")
	s.until("the values of the new result", func() bool { return s.m.seen.rows == 20 })
	if s.m.seen.values == before {
		t.Error("the values are those of the result before")
	}
	s.send(seenCollected{tab: &tab{}, run: 99, rows: 1}) // of a tab that is closed
	if s.m.seen.rows != 20 {
		t.Error("values of a closed tab were taken in")
	}
}

func TestUseIsCountedUpToABound(t *testing.T) {
	long := "ip [" + strings.Repeat("10.0.0.1 ", 7000) + "]"
	entries := []ihistory.Entry{{Time: time.Now(), Query: "port 22"}}
	for range 1 + maxUseText/len(long) {
		entries = append(entries, ihistory.Entry{Query: long})
	}
	entries = append(entries, ihistory.Entry{Query: "port 23"})
	var got []string
	for _, c := range query.Complete("port ", 5, query.Vocabulary{Used: usedIn(entries)}) {
		if c.Used > 0 && c.Kind == query.CandidateValue {
			got = append(got, c.Text)
		}
	}
	if strings.Join(got, " ") != "22" {
		t.Errorf("counted %q", got)
	}
}

func TestCompletion(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.keys(":")
	s.typed("dst po")
	s.keys("tab")
	if got := strings.TrimSpace(s.m.bar.Text()); got != "dst port" {
		t.Errorf("dst po completes to %q", got)
	}
	s.keys("ctrl+u")
	s.typed("node dm")
	s.keys("tab")
	if got := strings.TrimSpace(s.m.bar.Text()); got != "node dmz" {
		t.Errorf("node dm completes to %q", got)
	}
	s.keys("ctrl+u", "tab")
	first := s.m.bar.Text()
	s.sees(first, "more")
	s.keys("tab")
	if s.m.bar.Text() == first {
		t.Error("a second Tab stays at the first word")
	}
	s.keys("ctrl+u")
	s.typed("bytes 53")
	s.keys("tab")
	s.sees("nothing completes this word")
}
