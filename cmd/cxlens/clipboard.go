package main

import (
	"context"
	"os"

	"github.com/atotto/clipboard"
)

// ownClipboard puts text on this machine's clipboard. It is nil where that is not the person's own, over
// SSH, and where there is none; the terminal's clipboard (OSC 52) is used in any case.
func ownClipboard() func(ctx context.Context, text string) error {
	if os.Getenv("SSH_CONNECTION") != "" || os.Getenv("SSH_TTY") != "" || clipboard.Unsupported {
		return nil
	}
	return func(ctx context.Context, text string) error {
		done := make(chan error, 1)
		go func() { done <- clipboard.WriteAll(text) }() // its tool may wait for a display without end
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
