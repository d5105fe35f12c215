package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Options say what to run and in what terminal.
type Options struct {
	// Cmd is the program's path or name, Args its arguments.
	Cmd  string
	Args []string
	// Env is added to the environment of the caller, from which everything is
	// taken that describes another terminal. TERM is xterm-256color and
	// COLORTERM is truecolor unless Env says otherwise.
	Env []string
	// Dir is the working directory, "" for the caller's.
	Dir string
	// Cols and Rows are the size in cells, 80x24 when 0.
	Cols, Rows int
	// Scheme is the colours of the terminal, Dark when zero.
	Scheme Scheme
	// Timeout bounds a wait whose context has no deadline, 10 s when 0.
	Timeout time.Duration
	// Stdin and Stdout, when set, take the place of the terminal there, as
	// with a pipe; the terminal stays the controlling one (/dev/tty).
	Stdin  io.Reader
	Stdout io.Writer
	// Record, when set, gets every byte that the program writes to the terminal.
	Record io.Writer
}

// Terminal is a program in its terminal. Its methods may be called from
// several goroutines.
type Terminal struct {
	cmd     *exec.Cmd
	pty     *os.File
	in      *outbox
	timeout time.Duration
	record  io.Writer

	mu      sync.Mutex
	em      *emulator
	written int64
	// changed is closed, and replaced, whenever something can have changed.
	changed   chan struct{}
	recordErr error
	code      int

	exited  chan struct{} // closed when the program has ended and all its output is on the screen
	release func() bool   // lets go of the context
	done    sync.WaitGroup
}

// Start runs a program in a new terminal. It is killed, with everything in its
// process group, when ctx ends or by Close, which must be called in the end.
func Start(ctx context.Context, o Options) (*Terminal, error) {
	o.defaults()
	if o.Cols < 1 || o.Rows < 1 || o.Cols > maxParam || o.Rows > maxParam {
		return nil, fmt.Errorf("terminal of %dx%d cells: columns and rows must be 1 to %d", o.Cols, o.Rows, maxParam)
	}
	cmd := exec.Command(o.Cmd, o.Args...)
	cmd.Dir, cmd.Env = o.Dir, environment(os.Environ(), o.Env)
	cmd.Stdin, cmd.Stdout = o.Stdin, o.Stdout
	cmd.WaitDelay = time.Second // for a Stdin that never ends
	f, err := startInTerminal(cmd, o.Cols, o.Rows)
	if err != nil {
		return nil, fmt.Errorf("start %s in a terminal: %w", o.Cmd, err)
	}
	t := &Terminal{
		cmd: cmd, pty: f, in: newOutbox(), timeout: o.Timeout, record: o.Record,
		changed: make(chan struct{}), exited: make(chan struct{}),
	}
	t.em = newEmulator(o.Cols, o.Rows, o.Scheme, t.answer)
	drained := make(chan struct{})
	t.done.Go(func() { t.in.drain(f) })
	t.done.Go(func() { defer close(drained); t.read() })
	t.done.Go(func() { t.reap(drained) })
	t.release = context.AfterFunc(ctx, t.kill)
	return t, nil
}

func (o *Options) defaults() {
	if o.Cols == 0 {
		o.Cols = 80
	}
	if o.Rows == 0 {
		o.Rows = 24
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Scheme == (Scheme{}) {
		o.Scheme = Dark
	}
}

// answer sends what the terminal itself says to the program. A program that
// asks and never reads loses answers past the bound, as it would elsewhere.
func (t *Terminal) answer(s string) { _ = t.in.put([]byte(s)) }

// read brings the program's output to the screen until there is no more. The
// end is an error in any case (EIO on Linux), and none that says anything.
func (t *Terminal) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := t.pty.Read(buf)
		if n > 0 {
			t.take(buf[:n])
		}
		if err != nil {
			return
		}
	}
}

func (t *Terminal) take(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.written += int64(len(p))
	if t.record != nil && t.recordErr == nil {
		_, t.recordErr = t.record.Write(p)
	}
	t.em.write(p)
	t.wake()
}

// wake tells those who wait that something has changed. The caller holds mu.
func (t *Terminal) wake() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// drainLimit is how long a program's output is waited for after its end: a
// child of its own may hold the terminal open.
const drainLimit = 2 * time.Second

// reap waits for the program, and then for its last output.
func (t *Terminal) reap(drained <-chan struct{}) {
	_ = t.cmd.Wait() // how it ended is in ProcessState
	select {
	case <-drained:
	case <-time.After(drainLimit):
	}
	killGroup(t.cmd.Process.Pid) // what it left behind in its group
	t.in.close()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.em.frozen = nil
	t.code = exitCode(t.cmd.ProcessState)
	close(t.exited)
	t.wake()
}

// Screen returns what is on the screen now. During a synchronized update
// (mode 2026) that is the screen from before it.
func (t *Terminal) Screen() Screen {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.em.screen()
}

// BytesWritten is the number of bytes that the program has written to the
// terminal, escape sequences included.
func (t *Terminal) BytesWritten() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.written
}

// Clipboard is what the program has copied with OSC 52.
func (t *Terminal) Clipboard() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.em.clipboard["c"]
}

// Resize changes the size of the terminal and tells the program (SIGWINCH).
func (t *Terminal) Resize(cols, rows int) error {
	if cols < 1 || rows < 1 || cols > maxParam || rows > maxParam {
		return fmt.Errorf("resize to %dx%d cells: columns and rows must be 1 to %d", cols, rows, maxParam)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := setSize(t.pty, cols, rows); err != nil {
		return fmt.Errorf("resize to %dx%d cells: %w", cols, rows, err)
	}
	t.em.resize(cols, rows)
	t.wake()
	return nil
}

// Signal sends a signal to the program itself.
func (t *Terminal) Signal(sig os.Signal) error { return t.cmd.Process.Signal(sig) }

// Wait waits until the program has ended by itself and its last output is on
// the screen, and returns its exit code: 128 and the signal's number when a
// signal ended it, as shells have it.
func (t *Terminal) Wait(ctx context.Context) (int, error) {
	ctx, cancel := t.deadline(ctx)
	defer cancel()
	select {
	case <-t.exited:
		return t.code, nil
	case <-ctx.Done():
		return 0, t.failure("the program to end", ctx.Err())
	}
}

// ExitCode is the exit code as Wait returns it; ok is false while the program runs.
func (t *Terminal) ExitCode() (code int, ok bool) {
	select {
	case <-t.exited:
		return t.code, true
	default:
		return 0, false
	}
}

// Close kills what still runs and frees the terminal. It returns the error of
// the recording, if there was one. The last screen stays readable.
func (t *Terminal) Close() error {
	t.release()
	t.kill()
	<-t.exited
	_ = t.pty.Close() // nothing is lost: all output was read
	t.done.Wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.recordErr
}

func (t *Terminal) kill() {
	select {
	case <-t.exited:
	default:
		killGroup(t.cmd.Process.Pid)
	}
}
