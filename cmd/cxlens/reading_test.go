package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"cxlens/internal/terminal"
)

// TestOpenWhileRead: rows show while a file is still read, and a query that does not follow says that more came.
func TestOpenWhileRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0) // the reader comes later
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	write := func(first, n int) {
		t.Helper()
		if _, err := io.WriteString(file, sessions(first, n, indexed)); err != nil {
			t.Fatal(err)
		}
	}
	write(0, 200)
	s := openScreen(t, terminal.Options{Cols: 80, Rows: 24, Env: home(t)}, "open", path)
	s.shows("200 matched", "200 here", "reading ")
	write(200, 50)
	s.shows("250 matched", "reading ")
	s.press("F")
	s.shows("asked while files are read: r asks again")
	write(250, 50)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	s.shows("250 matched", "more was read since: r asks again")
	s.press("r")
	s.shows("300 matched", "300 here")
	s.hides("read since")
}
