package spoken

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// queued bounds what waits to be written: a terminal that takes nothing must not fill the memory.
const queued = 1 << 20

// Voice prints what is told, in the background, so that a slow terminal holds nothing up. It writes
// line ends for a terminal in raw mode and, apart from the backspace, no control character. Create it with NewVoice.
type Voice struct {
	mu      sync.Mutex
	wake    *sync.Cond
	pending strings.Builder
	lost    int  // lines that found no room
	midline bool // the cursor stands behind an echo
	closed  bool
	done    chan struct{}
}

// NewVoice returns a voice that prints to w.
func NewVoice(w io.Writer) *Voice {
	v := &Voice{done: make(chan struct{})}
	v.wake = sync.NewCond(&v.mu)
	go v.write(w)
	return v
}

// Say prints what was told.
func (v *Voice) Say(out Out) {
	if out.Echo == "" && len(out.Lines) == 0 {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending.Len() > queued {
		v.lost += len(out.Lines)
		return
	}
	if v.lost > 0 {
		out.Lines = append([]string{fmt.Sprintf("%d lines were not said: the terminal does not take them", v.lost)}, out.Lines...)
		v.lost = 0
	}
	if out.Echo != "" {
		v.pending.WriteString(out.Echo)
		v.midline = true
	}
	for _, l := range out.Lines {
		if v.midline {
			v.pending.WriteString("\r\n")
			v.midline = false
		}
		v.pending.WriteString(l + "\r\n")
	}
	v.wake.Signal()
}

func (v *Voice) write(w io.Writer) {
	defer close(v.done)
	for {
		v.mu.Lock()
		for v.pending.Len() == 0 && !v.closed {
			v.wake.Wait()
		}
		text := v.pending.String()
		v.pending.Reset()
		v.mu.Unlock()
		if text == "" {
			return
		}
		if _, err := io.WriteString(w, text); err != nil {
			return // nobody listens any more; the program ends by its own signals
		}
	}
}

// Close prints what waits and ends the voice. It returns when that is done, or when stop is closed.
func (v *Voice) Close(stop <-chan struct{}) {
	v.mu.Lock()
	if v.midline {
		v.pending.WriteString("\r\n")
	}
	v.closed = true
	v.wake.Signal()
	v.mu.Unlock()
	select {
	case <-v.done:
	case <-stop:
	}
}
