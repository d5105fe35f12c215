package tui

import (
	"context"
	"time"
)

// How long the screen rests at least between two changes of the same thing before it waits for the next.
const (
	// restBetween is for a result that has rows, so that a stream of small parts does not redraw it for
	// each. The first rows are shown at once.
	restBetween = 80 * time.Millisecond
	// restStatus is for the connection's state.
	restStatus = 50 * time.Millisecond
	// restAnswers is for names that came.
	restAnswers = 100 * time.Millisecond
	// restReading is for how far the reading of opened files is.
	restReading = 150 * time.Millisecond
)

// rested rests for d in a command; false says that ctx ended before that.
func rested(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
