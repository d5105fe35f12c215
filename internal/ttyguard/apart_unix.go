//go:build unix

package ttyguard

import (
	"os/signal"
	"syscall"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// apart starts a guard in a session of its own: what a shell or a terminal sends to the program does not reach it,
// and no job control keeps it from setting the modes of a terminal that it is not in the foreground of.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// ignoreSignals keeps a guard alive until the program has ended, also where both are told to end by name.
func ignoreSignals() {
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGPIPE)
}

// stillRaw tells whether a terminal has the modes of a screen, in which nothing is done to what is written. A shell that
// has taken over has others, and wants to keep them.
func stillRaw(fd uintptr) bool {
	state, err := term.GetState(fd)
	return err == nil && state.Oflag&unix.OPOST == 0
}
