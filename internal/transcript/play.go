package transcript

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// maxLine bounds what is read of a peer's line.
const maxLine = 64 << 20

// Player is the side that Play says.
type Player struct {
	Side string // a capital letter
	// Chunk is how many bytes go out at once; 0: a step at a time.
	Chunk int
	Vars  Vars // remembered texts, more come in; may be nil
	// Hooks are what the script's "! name" lines run, one after the other with the other lines.
	Hooks map[string]func() error
}

// Play says the lines of p's side on nc and compares what comes with the lines of the other sides. It returns
// the first difference, with the script's name and line, or ctx's end. It does not close nc, unless the script has its side do so.
func (s *Script) Play(ctx context.Context, nc net.Conn, p Player) error {
	if p.Vars == nil {
		p.Vars = Vars{}
	}
	stop := context.AfterFunc(ctx, func() { nc.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	in := bufio.NewReader(nc)
	closed := false
	for _, st := range s.steps {
		var err error
		switch {
		case st.hook != "":
			err = p.run(st.hook)
		case st.side == p.Side:
			err = p.say(nc, st)
			closed = closed || st.closes
		case !closed || !st.closes: // after closing this side does not see the other close
			err = p.hear(in, st)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", s.name, st.line, errors.Join(ctx.Err(), err))
		}
	}
	return nil
}

func (p Player) run(hook string) error {
	f := p.Hooks[hook]
	if f == nil {
		return fmt.Errorf("no hook %q is given", hook)
	}
	if err := f(); err != nil {
		return fmt.Errorf("hook %q: %w", hook, err)
	}
	return nil
}

func (p Player) say(nc net.Conn, st step) error {
	if st.closes {
		return nc.Close()
	}
	fill := p.Vars.fill
	if st.json {
		fill = p.Vars.fillJSON
	}
	text, err := fill(st.text)
	if err != nil {
		return err
	}
	if !st.open {
		text += "\n"
	}
	for data := []byte(text); len(data) > 0; {
		n := len(data)
		if p.Chunk > 0 {
			n = min(n, p.Chunk)
		}
		if _, err := nc.Write(data[:n]); err != nil {
			return fmt.Errorf("say %q: %w", text, err)
		}
		data = data[n:]
	}
	return nil
}

func (p Player) hear(in *bufio.Reader, st step) error {
	if st.closes {
		line, err := readLine(in)
		if line == "" && errors.Is(err, io.EOF) {
			return nil
		}
		return differs("the connection closed", line, err)
	}
	if st.open {
		got := make([]byte, len(st.text))
		n, err := io.ReadFull(in, got)
		if err != nil || string(got) != st.text {
			return differs(strconv.Quote(st.text), string(got[:n]), err)
		}
		return nil
	}
	line, err := readLine(in)
	if err != nil {
		return differs(strconv.Quote(st.text), line, err)
	}
	if st.json {
		return p.Vars.matchJSON(st.text, line)
	}
	return p.Vars.matchText(st.text, line)
}

func differs(want, got string, err error) error {
	if err != nil {
		return fmt.Errorf("want %s, got %q and then: %w", want, got, err)
	}
	return fmt.Errorf("want %s, got %q", want, got)
}

// readLine reads up to LF and drops it.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return string(line[:len(line)-1]), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return string(line), err
		case len(line) > maxLine:
			return "", fmt.Errorf("a line of more than %d bytes", maxLine)
		}
	}
}
