//go:build !unix

package ttyguard

import (
	"os"
	"os/signal"
	"syscall"
)

func apart() *syscall.SysProcAttr { return nil }

// ignoreSignals keeps a guard alive until the program has ended.
func ignoreSignals() { signal.Ignore(os.Interrupt) }

// stillRaw is true: no shell is known to take over.
func stillRaw(uintptr) bool { return true }
