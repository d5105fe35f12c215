package terminal

import (
	"slices"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEnvironment(t *testing.T) {
	got := environment([]string{"HOME=/h", "TERM=dumb", "TERM_PROGRAM=x", "TERM_PROGRAM_VERSION=1", "NO_COLOR=", "TMUX_PANE=%1", "TERMINAL=y"},
		[]string{"TERM=xterm", "A=b"})
	want := []string{"HOME=/h", "TERMINAL=y", "TERM=xterm-256color", "COLORTERM=truecolor", "TERM=xterm", "A=b"}
	if !slices.Equal(got, want) {
		t.Errorf("environment is %q, want %q", got, want)
	}
}

func TestScreenText(t *testing.T) {
	e, _ := newTest(12, 3)
	e.write([]byte("a漢b target\r\n\r\nend"))
	s := e.screen()
	if x, y, ok := s.Find("target"); x != 5 || y != 0 || !ok {
		t.Errorf("found at %d,%d, %v", x, y, ok)
	}
	if s.Contains("targetend") || !s.Contains("b t") || s.Line(-1) != "" || s.Line(3) != "" || s.Cell(12, 0) != (Cell{}) {
		t.Error("text outside of its row or screen")
	}
	want := "+------------+\n|a漢b target |\n|            |\n|end         |\n+------------+"
	if got := s.Frame(); got != want {
		t.Errorf("frame is\n%s\nwant\n%s", got, want)
	}
}
