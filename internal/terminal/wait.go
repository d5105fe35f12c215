package terminal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errProgramEnded is the reason of a wait that can no longer come true.
var errProgramEnded = errors.New("the program ended first")

// WaitFor waits until cond holds for the screen. It looks at every change and
// at nothing in between. The wait ends with an error that shows the screen
// when ctx does (or, when ctx has no deadline, the options' timeout), and at
// once when the program has ended.
func (t *Terminal) WaitFor(ctx context.Context, cond func(Screen) bool) error {
	return t.wait(ctx, "a screen", cond)
}

// WaitText waits until text stands in one row of the screen.
func (t *Terminal) WaitText(ctx context.Context, text string) error {
	return t.wait(ctx, fmt.Sprintf("%q", text), func(s Screen) bool { return s.Contains(text) })
}

// WaitGone waits until text stands nowhere on the screen.
func (t *Terminal) WaitGone(ctx context.Context, text string) error {
	return t.wait(ctx, fmt.Sprintf("%q to go", text), func(s Screen) bool { return !s.Contains(text) })
}

func (t *Terminal) wait(ctx context.Context, what string, cond func(Screen) bool) error {
	ctx, cancel := t.deadline(ctx)
	defer cancel()
	for {
		screen, changed, held, ended := t.look()
		if cond(screen) {
			return nil
		}
		if ended {
			return t.failure(what, fmt.Errorf("%w, exit code %d", errProgramEnded, t.code))
		}
		if err := await(ctx, changed, held); err != nil {
			return t.failure(what, err)
		}
	}
}

// look returns the screen, what tells of its next change, how long an update
// still hides it, and whether it is the last one.
func (t *Terminal) look() (s Screen, changed <-chan struct{}, held time.Duration, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ended = t.ExitCode()
	return t.em.screen(), t.changed, t.em.heldFor(), ended
}

// await waits for a change, for the end of what holds the screen, or for ctx.
func await(ctx context.Context, changed <-chan struct{}, held time.Duration) error {
	var over <-chan time.Time
	if held > 0 {
		timer := time.NewTimer(held)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-changed:
	case <-over:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// deadline gives ctx the default timeout when it has none.
func (t *Terminal) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, t.timeout)
}

// failure is the error of a wait: what was waited for, why it ended, and the screen.
func (t *Terminal) failure(what string, err error) error {
	s := t.Screen()
	return fmt.Errorf("waiting for %s: %w\nscreen %dx%d, cursor %d,%d, title %q, %d bytes written:\n%s",
		what, err, s.Cols, s.Rows, s.Cursor.X, s.Cursor.Y, s.Title, t.BytesWritten(), s.Frame())
}
