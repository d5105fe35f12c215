//go:build unix

package terminal

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// startInTerminal starts cmd as the leader of a session whose controlling
// terminal is new, and returns the terminal's other side.
func startInTerminal(cmd *exec.Cmd, cols, rows int) (*os.File, error) {
	master, tty, err := pty.Open()
	if err != nil {
		return nil, err
	}
	defer tty.Close()
	if master, err = unblocked(master); err != nil {
		return nil, err
	}
	// The number that the terminal has in the child: of the streams, standard
	// error is never anything else.
	const ctty = 2
	if cmd.Stdin == nil {
		cmd.Stdin = tty
	}
	if cmd.Stdout == nil {
		cmd.Stdout = tty
	}
	cmd.Stderr = tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: ctty}
	if err = setSize(master, cols, rows); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_ = master.Close()
		return nil, err
	}
	return master, nil
}

// unblocked returns f so that closing it ends a write that waits: the library
// leaves it in blocking mode, where a program that reads nothing would hold
// the writer for ever. Elsewhere than on Linux terminals cannot be polled.
func unblocked(f *os.File) (*os.File, error) {
	if runtime.GOOS != "linux" {
		return f, nil
	}
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// setSize tells the terminal its size, which signals the program. The library
// would put f back into blocking mode.
func setSize(f *os.File, cols, rows int) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	ws := &unix.Winsize{
		Col: uint16(cols), Row: uint16(rows),
		Xpixel: uint16(min(cols*cellWidth, 0xffff)), Ypixel: uint16(min(rows*cellHeight, 0xffff)),
	}
	var sizeErr error
	if err := conn.Control(func(fd uintptr) { sizeErr = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, ws) }); err != nil {
		return err
	}
	return os.NewSyscallError("ioctl", sizeErr)
}

// killGroup ends the process group that pid leads.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// exitCode is how a shell would tell the end of a process.
func exitCode(s *os.ProcessState) int {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return s.ExitCode()
}
