package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"cxlens/client"
)

// progressLine is the one line on standard error that says how far a query is.
type progressLine struct {
	out   io.Writer // nil: silent
	shown bool
	last  time.Time
}

func newProgressLine(quiet bool) *progressLine {
	if quiet || !term.IsTerminal(os.Stderr.Fd()) || term.IsTerminal(os.Stdout.Fd()) {
		return &progressLine{}
	}
	return &progressLine{out: os.Stderr, last: time.Now()}
}

// show repaints the line at most five times a second, and not in the first fifth of one.
func (l *progressLine) show(p client.Progress) {
	if l.out == nil || time.Since(l.last) < 200*time.Millisecond {
		return
	}
	l.last, l.shown = time.Now(), true
	fmt.Fprintf(l.out, "\r\x1b[K%s: %d of %d flows, %.1f s", p.State, p.Rows, p.Expect, p.Elapsed.Seconds())
}

func (l *progressLine) clear() {
	if l.shown {
		fmt.Fprint(l.out, "\r\x1b[K")
	}
}
