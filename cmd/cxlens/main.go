// Command cxlens is the terminal client, the server and the node of the
// NSMFramework's session protocol in one program. This package is the command
// tree and nothing else: what a command does lives in the packages it calls.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones by their names where the system has no database of them; 450 kB

	"cxlens/internal/ttyguard"
)

func main() {
	ttyguard.Main()
	os.Exit(run())
}

// run executes the command line and returns the exit code (design.md, "What a person types").
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	root := newRoot()
	err := execute(ctx, root)
	return exitCode(ctx, err)
}

// endings are the signals that end the program in order. A hangup is one, because a terminal that is still
// there has to be given back; under nohup it is none.
func endings() []os.Signal {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	return ends
}
