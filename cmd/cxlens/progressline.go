package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"cxlens/client"
	"cxlens/internal/embedded"
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

// reading says how far the reading of files is, as often as show; its last word takes the line away.
func (l *progressLine) reading(r embedded.Reading) {
	switch {
	case r.Done:
		l.clear()
		return
	case l.out == nil || time.Since(l.last) < 200*time.Millisecond:
		return
	}
	l.last, l.shown = time.Now(), true
	text := fmt.Sprintf("%.1f MB", float64(r.Read)/1e6)
	if r.Total > 0 {
		text = fmt.Sprintf("%d %% of %.1f MB", 100*min(r.Read, r.Total)/r.Total, float64(r.Total)/1e6)
	}
	if r.Files > 1 {
		text += fmt.Sprintf(", file %d of %d", r.Number, r.Files)
	}
	fmt.Fprintf(l.out, "\r\x1b[Kreading: %s, %d flows", text, r.Flows)
}

func (l *progressLine) clear() {
	if l.shown {
		fmt.Fprint(l.out, "\r\x1b[K")
		l.shown = false
	}
}
