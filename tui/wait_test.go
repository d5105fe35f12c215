package tui

import (
	"context"
	"testing"
	"time"
)

// TestRested: a rest ends with its time, and at once with its context.
func TestRested(t *testing.T) {
	t.Parallel()
	if !rested(t.Context(), 0) || !rested(t.Context(), time.Millisecond) {
		t.Error("a rest that nobody ended says that it was ended")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if rested(ctx, time.Hour) {
		t.Error("a rest of an ended context says that it was whole")
	}
}
