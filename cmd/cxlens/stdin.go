package main

import (
	"context"
	"io"
	"os"
	"sync"
)

// standardInput is standard input whose reading can be given up: the other end of a pipe may
// never write and never end, and must not keep the program from ending. Nothing is read before
// the first Read, because a terminal's keys are for the screen.
type standardInput struct {
	begin sync.Once
	r     *io.PipeReader
	w     *io.PipeWriter
}

// openInput returns standard input for as long as ctx lasts.
func openInput(ctx context.Context) *standardInput {
	in := new(standardInput)
	in.r, in.w = io.Pipe()
	context.AfterFunc(ctx, in.giveUp)
	return in
}

// Read reads from standard input.
func (in *standardInput) Read(p []byte) (int, error) {
	in.begin.Do(func() {
		go func() {
			_, err := io.Copy(in.w, os.Stdin)
			_ = in.w.CloseWithError(err) // it has no error; a nil one is the end of the input
		}()
	})
	return in.r.Read(p)
}

// giveUp ends a Read that waits and all later ones.
func (in *standardInput) giveUp() { _ = in.w.CloseWithError(context.Canceled) }
