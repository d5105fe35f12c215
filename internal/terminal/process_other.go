//go:build !unix

package terminal

import (
	"errors"
	"os"
	"os/exec"
)

// errNoTerminal is all that this system answers.
var errNoTerminal = errors.New("this system has no pseudo-terminals")

func startInTerminal(*exec.Cmd, int, int) (*os.File, error) { return nil, errNoTerminal }

func setSize(*os.File, int, int) error { return errNoTerminal }

func killGroup(int) {}

func exitCode(s *os.ProcessState) int { return s.ExitCode() }
