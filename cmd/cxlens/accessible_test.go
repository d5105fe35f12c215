package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"cxlens/internal/terminal"
)

// transcript is what the program wrote, read while it runs.
type transcript struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *transcript) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}
func (r *transcript) text() string { r.mu.Lock(); defer r.mu.Unlock(); return r.buf.String() }

// heard is the program as a screen reader hears it.
type heard struct {
	*screen
	record *transcript
	at     int // what was heard already
}

func aloudIn(t *testing.T, env []string, args ...string) *heard {
	t.Helper()
	record := &transcript{}
	h := &heard{record: record}
	h.screen = openScreen(t, terminal.Options{Env: env, Record: record, Cols: 250, Rows: 50}, args...)
	return h
}

// hears waits until a text is said after all that was heard before.
func (h *heard) hears(text string) {
	h.t.Helper()
	err := h.WaitFor(h.t.Context(), func(terminal.Screen) bool {
		i := strings.Index(h.record.text()[h.at:], text)
		if i >= 0 {
			h.at += i + len(text)
		}
		return i >= 0
	})
	if err != nil {
		h.t.Fatalf("%q is not heard in %q: %v", text, h.record.text()[h.at:], err)
	}
}

// anyControl finds control characters that a line printer would not know; a backspace is what a
// terminal itself writes for the key.
var anyControl = regexp.MustCompile(`[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]`)

// TestAccessible: what a person does with the screen is done with lines that can be heard.
func TestAccessible(t *testing.T) {
	t.Parallel()
	env := home(t)
	h := aloudIn(t, env, "open", "--accessible", sessionFile(t, 0, 300, indexed))
	h.hears("lines for screen readers")
	h.hears("300 matched, 300 here")
	h.press("j")
	h.hears("row 2 of 300: start 2026-11-20 08:04:58, duration ")
	h.hears("destination 192.0.2.9")
	h.press("l", "l")
	h.hears("protocol tcp")
	h.press("#")
	h.hears("2: start 2026-11-20 08:04:58")
	h.hears("11: start ")
	h.press(":", "ctrl+u")
	h.hears("query")
	if err := h.Type("udq"); err != nil {
		t.Fatal(err)
	}
	h.hears("udq")
	h.press("backspace")
	h.hears("\b \b")
	h.enter("p")
	h.hears("query: udp, all time")
	h.hears("120 matched, 120 here")
	h.press(";")
	h.hears("sorted by start↓")
	h.hears("row 1 of 120")
	h.press("s")
	h.hears("sorted by proto")
	h.press("F")
	h.hears("done: 120 matched, 120 here")
	h.press("F")
	h.hears("following: 120 matched, 120 here")
	h.press("t")
	h.hears("top values: proto")
	h.hears("2: udp, 120, ")
	h.press("esc")
	h.hears("flows\r\nrow 1 of 120")
	h.press("T")
	h.hears("flows, peak ")
	h.press("z")
	h.hears("timeline\r\nflows, ")
	h.press("esc")
	h.hears("flows\r\nrow 1 of 120")
	h.press("V")
	h.hears("themes\r\n1: auto, chosen")
	h.press("down")
	h.hears("2: catppuccin-latte, chosen")
	h.press("esc")
	h.hears("flows\r\nrow 1 of 120")
	h.press("@")
	h.hears("@ has no action here")

	h.press("enter")
	h.hears("flow 1 of 120")
	h.hears("udp")
	h.pressBareEscape()
	h.hears("flows\r\nrow 1 of 120")

	path := filepath.Join(t.TempDir(), "out.csv")
	h.press("x")
	h.hears("export 120 rows")
	h.press("ctrl+u")
	h.enter(path)
	h.hears("wrote 120 rows to ")
	if n := strings.Count(read(t, path), "\n"); n != 121 {
		t.Errorf("%d lines are exported", n)
	}
	h.press("q")
	h.ends(exitFine)
	h.restored()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if bad := anyControl.FindString(h.record.text()); bad != "" {
		t.Errorf("%q is written:\n%q", bad, h.record.text())
	}
	if bad := drawing.FindString(h.record.text()); bad != "" {
		t.Errorf("%q is drawn:\n%q", bad, h.record.text())
	}
}

// drawing finds the lines of boxes, bars and dots, for which a screen reader has no word.
var drawing = regexp.MustCompile(`[\x{2500}-\x{259f}\x{2800}-\x{28ff}]`)

// TestAccessibleLogin: the form is heard, a refusal too, and the secret is neither shown nor said.
func TestAccessibleLogin(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	h := aloudIn(t, append(home(t), "CXLENS_ACCESSIBLE=1"), "--server", srv.clientAddr)
	h.hears("log in to a server")
	h.hears("of the analyst's account")
	h.hears("typing: name")
	h.enter(clientName)
	h.hears("secret")
	h.enter("wrong-" + clientSecret)
	h.hears("refused the name or the secret")
	h.enter(clientSecret)
	h.hears("0 matched, 0 here")
	h.press("ctrl+k")
	h.hears("actions")
	h.hears("1: screen: edit the query")
	if err := h.Type("theme"); err != nil {
		t.Fatal(err)
	}
	h.hears("theme: 1: ")
	h.press("esc")
	h.hears("flows\r\nno rows")
	h.press("q")
	h.ends(exitFine)
	h.restored()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if text := h.record.text(); strings.Contains(text, clientSecret) || anyControl.MatchString(text) {
		t.Errorf("the secret or a control character is written:\n%q", text)
	}
}
