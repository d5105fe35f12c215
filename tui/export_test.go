package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/query"
)

// exportScreen is the export box over 300 of 1,204,331 rows, with a file of its own.
func exportScreen(t *testing.T, src *fakeSource) (s *screen, path string) {
	t.Helper()
	dir := t.TempDir()
	s = start(t, 100, 30, src, func(o *Options) { o.Query, o.Last, o.ExportDir = "tcp or udp", "24h", dir })
	s.keys("x")
	if s.m.mode != modeExport {
		t.Fatal("the box does not open")
	}
	return s, filepath.Join(dir, "cxlens-20261122-135807.csv")
}

// written waits until the file is there and returns its lines.
func (s *screen) written(path string) []string {
	s.t.Helper()
	s.until("the end of the export", func() bool { return !s.m.exporting() })
	data, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.text())
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// TestExportWholeMatch: all that match come from the server without a limit, in the order and with the refinement of the tab.
func TestExportWholeMatch(t *testing.T) {
	s, path := exportScreen(t, newSource())
	s.keys("esc", "/")
	s.typed("dst port 443 or udp")
	s.keys("enter")
	s.settle()
	s.keys("right", "right", "s")
	s.settle()
	s.keys("x", "down", "space")
	if text := s.text(); !strings.Contains(text, "export the whole match, all its rows, from the server") {
		t.Fatalf("the box says\n%s", text)
	}
	asked := len(s.src.results)
	s.keys("enter")
	lines := s.written(path)
	if len(lines) != 301 || len(s.src.results) != asked+1 {
		t.Errorf("%d lines, %d questions", len(lines), len(s.src.results)-asked)
	}
	req := s.src.last().req
	q, err := query.Parse(req.Query)
	if err != nil || q.String() != "(tcp or udp) and (dst port 443 or udp)" {
		t.Errorf("asked for %q, %v", req.Query, err)
	}
	if req.Limit != 0 || req.Follow || !slices.Equal(req.Order, s.m.order()) || req.From != "2026-11-21T13:58:07Z" {
		t.Errorf("asked %+v", req)
	}
	if text := s.text(); !strings.Contains(text, "wrote 300 rows to ") {
		t.Errorf("the screen says\n%s", text)
	}
}

func TestExportFormulas(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.finish(2, 2)
		r.set(func() { r.table.SetNode(nodeNamed(1, "=cmd()")) })
	}
	s, path := exportScreen(t, src)
	s.keys("tab", "down", "down", "down", "space", "enter")
	if lines := s.written(path); !strings.Contains(lines[1], ",'=cmd(),") || !strings.Contains(lines[0], "pcap_offset") {
		t.Errorf("%q", lines)
	}
	s.keys("x", "end")
	s.typed("l") // .csvl
	s.keys("backspace", "backspace", "backspace", "backspace")
	s.typed("jsonl")
	s.keys("down", "down", "down", "space", "enter")
	if text := s.text(); !strings.Contains(text, "in CSV only") {
		t.Errorf("formulas in JSONL are taken:\n%s", text)
	}
}

func TestExportToClipboard(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) { r.finish(3, 3) }
	s, path := exportScreen(t, src)
	s.keys("up")
	if text := s.text(); !strings.Contains(text, "this is the first line") {
		t.Errorf("a key that does nothing is silent:\n%s", text)
	}
	s.keys("down", "down", "down", "down", "space", "enter")
	s.until("the copy", func() bool { return strings.Contains(s.text(), "copied 3 rows as csv") })
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written as well")
	}
	src.answer = func(r *fakeResult) { r.finish(2000, 2000) }
	s.keys("r")
	s.until("2000 rows", func() bool { n, _ := s.m.table.Len(); return n == 2000 })
	s.settle()
	s.keys("x", "tab", "down", "down", "down", "down", "space", "enter")
	s.until("the refusal", func() bool { return strings.Contains(s.text(), "50,000 bytes that the clipboard takes") })
}

// TestExportInTheBackground: the box can be left while rows are written; its end is said, and quitting asks before.
func TestExportInTheBackground(t *testing.T) {
	src := newSource()
	s, path := exportScreen(t, src)
	release := make(chan struct{})
	answer := src.answer
	src.answer = func(r *fakeResult) {
		<-release
		answer(r)
	}
	s.keys("down", "space", "enter")
	if !s.m.exporting() || !strings.Contains(s.text(), "it goes on") {
		t.Fatalf("the screen says\n%s", s.text())
	}
	s.keys("enter", "q")
	if text := s.text(); s.m.mode != modeAsk || !strings.Contains(text, "An export is being written") {
		t.Fatalf("quit does not ask:\n%s", text)
	}
	s.keys("n")
	if text := s.text(); !strings.Contains(text, "export 0 of 1,204,331") {
		t.Errorf("the status does not say that an export runs:\n%s", text)
	}
	s.keys("x")
	if s.m.mode != modeExport || !s.m.export.Writing() {
		t.Error("the box does not open again")
	}
	s.keys("enter")
	close(release)
	if lines := s.written(path); len(lines) != 301 {
		t.Errorf("%d lines", len(lines))
	}
	s.keys("x")
	src.answer = func(r *fakeResult) { r.finish(5, 5) }
	s.keys("down", "space", "enter", "enter") // the file is there by now
	s.until("the notice", func() bool { return strings.Contains(s.text(), "the export was not written yet") })
	s.keys("x")
	if text := s.text(); !strings.Contains(text, "exists. Replace it?") {
		t.Errorf("the question is lost:\n%s", text)
	}
	s.keys("n", "esc")
	if s.m.export.Asks() {
		t.Error("the box still asks")
	}
}

// TestExportStopped: Esc ends the writing, and leaving the screen does too; nothing is left of the file.
func TestExportStopped(t *testing.T) {
	for _, name := range []string{"esc", "quit"} {
		t.Run(name, func(t *testing.T) {
			src := newSource()
			s, path := exportScreen(t, src)
			answer, reached, stopped := src.answer, make(chan struct{}), make(chan struct{})
			src.answer = func(r *fakeResult) {
				close(reached)
				select {
				case <-stopped:
				case <-s.m.ctx.Done():
				}
				answer(r)
			}
			s.keys("down", "space", "enter")
			<-reached
			if name == "quit" {
				_ = s.m.close()
			} else {
				s.keys("esc")
				close(stopped)
				s.until("the end", func() bool { return strings.Contains(s.text(), "export stopped: nothing was written") })
			}
			left, err := os.ReadDir(filepath.Dir(path))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func nodeNamed(id uint32, name string) flow.NodeInfo { return flow.NodeInfo{ID: id, Name: name} }

func TestExport(t *testing.T) {
	dir := t.TempDir()
	s := start(t, 120, 40, newSource(), func(o *Options) { o.ExportDir = dir })
	s.keys("right", "right", "right", "s")
	s.settle()
	path := filepath.Join(dir, "cxlens-20261122-135807.csv")
	s.keys("x", "enter")
	s.until("the export", func() bool { return s.m.mode == modeFlows })
	s.sees("wrote 300 rows")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 301 || !strings.HasPrefix(lines[0], "start,duration,proto,src_ip") {
		t.Fatalf("%d lines, the first is %q", len(lines), lines[0])
	}
	first := strings.Split(lines[1], ",")
	var r flow.Record
	s.m.table.Current(&r)
	s.keys("g")
	s.m.table.Current(&r)
	if first[3] != r.Src.Text(r.IPVersion) {
		t.Errorf("the file begins with %s, the screen with %s", first[3], r.Src.Text(r.IPVersion))
	}
}

func TestExportAsksBeforeReplacing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	if err := os.WriteFile(path, []byte("precious\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := start(t, 120, 40, newSource(), nil)
	s.keys("x", "ctrl+u")
	s.typed(path)
	s.keys("tab", "enter")
	s.until("the question", func() bool { return strings.Contains(s.text(), "mine.jsonl exists. Replace it?") })
	s.keys("n")
	if text, _ := os.ReadFile(path); string(text) != "precious\n" {
		t.Fatal("the file was replaced without a yes")
	}
	s.keys("enter")
	s.until("the question", func() bool { return strings.Contains(s.text(), "Replace it?") })
	s.keys("y")
	s.until("the export", func() bool { return s.m.mode == modeFlows })
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != 300 || !strings.Contains(string(text), `"pcap_offset"`) {
		t.Errorf("the file is %.200q, %v", text, err)
	}
}

func TestExportErrors(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	for path, want := range map[string]string{
		"":                                     "path is missing",
		"flows.xls":                            ".csv",
		filepath.Join(t.TempDir(), "no/x.csv"): "make the folder first",
	} {
		s.keys("x", "ctrl+u")
		s.typed(path)
		s.keys("enter")
		s.until("an error", func() bool { return strings.Contains(strings.Join(strings.Fields(s.text()), " "), want) })
		if s.m.mode != modeExport {
			t.Errorf("%q closed the box", path)
		}
		s.keys("esc")
	}
}
