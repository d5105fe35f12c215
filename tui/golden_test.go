package tui

import (
	"errors"
	"flag"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cxlens/client"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// golden compares the screen with testdata/name.golden.
func golden(t *testing.T, name string, s *screen) {
	t.Helper()
	got := s.m.View().Content + "\n"
	checkSize(t, s)
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./tui -update writes it)", err)
	}
	if string(want) != got {
		t.Errorf("%s differs (go test ./tui -update accepts it); got\n%s\nwant\n%s", path, ansi.Strip(got), ansi.Strip(string(want)))
	}
}

// checkSize fails when a line is wider than the screen or the lines are more than it has.
func checkSize(t *testing.T, s *screen) {
	t.Helper()
	lines := strings.Split(s.m.View().Content, "\n")
	if len(lines) > s.m.height {
		t.Errorf("%d lines on a screen of %d", len(lines), s.m.height)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > s.m.width {
			t.Errorf("line %d is %d columns wide on a screen of %d: %q", i, w, s.m.width, ansi.Strip(line))
		}
	}
}

// mono makes the screen colourless, as NO_COLOR does.
func (s *screen) mono() { s.send(tea.ColorProfileMsg{Profile: colorprofile.ASCII}) }

func TestMainScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}, {40, 10}, {250, 80}} {
		for _, theme := range []string{"dark", "light", "mono"} {
			name := fmt.Sprintf("main-%dx%d-%s", size[0], size[1], theme)
			t.Run(name, func(t *testing.T) {
				s := start(t, size[0], size[1], newSource(), func(o *Options) { o.Query, o.Last = "dst port 443 and src bytes > 1M", "24h" })
				switch theme {
				case "light":
					s.send(tea.BackgroundColorMsg{Color: color.White})
				case "mono":
					s.mono()
				}
				golden(t, name, s)
			})
		}
	}
}

func TestOtherScreens(t *testing.T) {
	cases := map[string]func(s *screen){
		"help":     func(s *screen) { s.keys("?") },
		"palette":  func(s *screen) { s.keys("ctrl+k"); s.typed("sort") },
		"columns":  func(s *screen) { s.keys("c", "down", "space") },
		"detail":   func(s *screen) { s.keys("down", "down", "down", "enter") },
		"export":   func(s *screen) { s.keys("x", "tab") },
		"span":     func(s *screen) { s.keys("L") },
		"exact":    func(s *screen) { s.keys("=") },
		"nodes":    func(s *screen) { s.keys("n") },
		"error":    func(s *screen) { s.keys(":"); s.typed(" and dts port 5"); s.keys("enter") },
		"refined":  func(s *screen) { s.keys("/"); s.typed("udp"); s.keys("enter"); s.settle() },
		"unknown":  func(s *screen) { s.keys("%") },
		"no-match": func(s *screen) { s.keys("/"); s.typed("port 1"); s.keys("enter"); s.settle() },
		"sorted":   func(s *screen) { s.keys("right", "right", "right", "s", "right", "S"); s.settle() },
		"lost": func(s *screen) {
			s.src.set(client.Status{Phase: client.Waiting, Server: "lab:10201", Name: "analyst", Err: errors.New("read tcp: connection reset"), RetryAt: clock.Add(3 * time.Second), Attempts: 2})
			s.until("the loss", func() bool { return s.m.status.Phase == client.Waiting })
		},
		"notices": func(s *screen) {
			s.send(noticed{"a.pcap: record 7 is damaged\x1b[31m", "b.pcap: cut short"})
		},
	}
	for name, do := range cases {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			file := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
			t.Run(file, func(t *testing.T) {
				s := start(t, size[0], size[1], newSource(), nil)
				s.mono()
				do(s)
				golden(t, file, s)
			})
		}
	}
}

func TestEmptyScreen(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.set(func() { r.progress = client.Progress{State: client.Done, Elapsed: time.Millisecond} })
	}
	s := start(t, 80, 24, src, func(o *Options) { o.Query, o.Last = "host 203.0.113.9", "2026-11-01..2026-11-02" })
	s.mono()
	golden(t, "empty-80x24", s)
}

func TestStreamingScreen(t *testing.T) {
	now := clock
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.set(func() {
			r.table = newTable(50)
			r.progress = client.Progress{State: client.Streaming, Matched: 5000, Rows: 50, Expect: 100, RowsPerS: 1.4e6}
		})
	}
	s := start(t, 120, 40, src, func(o *Options) { o.Now = func() time.Time { return now } })
	now = clock.Add(900 * time.Millisecond)
	s.mono()
	s.until("rows", func() bool { n, _ := s.m.table.Len(); return n == 50 })
	s.settle()
	golden(t, "streaming-120x40", s)
}

func TestLoginScreens(t *testing.T) {
	s := start(t, 80, 24, nil, func(o *Options) { o.Login = Login{Server: "lab:10201"} })
	s.mono()
	golden(t, "login-80x24", s)
}

func TestTooSmall(t *testing.T) {
	s := start(t, 80, 24, newSource(), nil)
	s.send(tea.WindowSizeMsg{Width: 39, Height: 9})
	if !strings.Contains(s.text(), "too small") {
		t.Errorf("screen is %q", s.text())
	}
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	if strings.Contains(s.text(), "too small") {
		t.Error("still too small after growing")
	}
}
