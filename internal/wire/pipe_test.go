package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestPipeCarriesBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := Pipe()
		sent := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "data")
		sent = bytes.Repeat(sent, rapid.IntRange(1, 200).Draw(t, "repeat"))
		step := rapid.IntRange(1, 200_000).Draw(t, "write")
		read := rapid.IntRange(1, 200_000).Draw(t, "read")
		go func() {
			for p := sent; len(p) > 0; {
				n, err := a.Write(p[:min(step, len(p))])
				if err != nil {
					return
				}
				p = p[n:]
			}
			a.Close()
		}()
		var got []byte
		buf := make([]byte, read)
		for {
			n, err := b.Read(buf)
			got = append(got, buf[:n]...)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got, sent) {
			t.Fatalf("got %d bytes, want %d", len(got), len(sent))
		}
	})
}

func TestPipeEnds(t *testing.T) {
	a, b := Pipe()
	if _, err := a.Write([]byte("last")); err != nil {
		t.Fatal(err)
	}
	if err := a.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(b); string(got) != "last" || err != nil {
		t.Errorf("after CloseWrite: %q, %v", got, err)
	}
	if _, err := b.Write([]byte("back")); err != nil {
		t.Errorf("the other direction: %v", err)
	}
	if _, err := a.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after CloseWrite: %v", err)
	}
	a.Close()
	if _, err := a.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
	if _, err := b.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("write to a closed end: %v", err)
	}
	if a.LocalAddr().String() == "" || b.RemoteAddr().Network() != "memory" {
		t.Error("addresses")
	}
}

// TestPipeCloseWakes closes under a waiting Read and a waiting Write.
func TestPipeCloseWakes(t *testing.T) {
	for _, closer := range []string{"own", "peer"} {
		a, b := Pipe()
		read := start(func() error {
			_, err := a.Read(make([]byte, 1))
			return err
		})
		write := start(func() error {
			_, err := a.Write(make([]byte, pipeBuffer+1))
			return err
		})
		if closer == "own" {
			a.Close()
		} else {
			b.Close()
		}
		if err := result(t, read); err == nil {
			t.Errorf("%s: read ends without an error", closer)
		}
		if err := result(t, write); err == nil {
			t.Errorf("%s: write ends without an error", closer)
		}
	}
}

func TestPipeDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		soon := func() time.Time { return time.Now().Add(5 * time.Millisecond) }
		a.SetReadDeadline(soon())
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read: %v", err)
		}
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a passed deadline stays: %v", err)
		}
		a.SetWriteDeadline(soon())
		n, err := a.Write(make([]byte, 3*pipeBuffer))
		if !errors.Is(err, os.ErrDeadlineExceeded) || n != pipeBuffer {
			t.Errorf("write: %d, %v", n, err)
		}
		a.SetDeadline(time.Time{})
		if _, err := b.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if n, err := a.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Errorf("read without a deadline: %d, %v", n, err)
		}
		// A deadline set under a waiting Read wakes it.
		read := start(func() error {
			_, err := a.Read(make([]byte, 1))
			return err
		})
		a.SetReadDeadline(time.Unix(1, 0))
		if err := result(t, read); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a deadline in the past: %v", err)
		}
		var ne net.Error
		if !errors.As(os.ErrDeadlineExceeded, &ne) || !ne.Timeout() {
			t.Error("the error is not a net.Error with Timeout")
		}
	})
}

func TestListener(t *testing.T) {
	l := NewListener()
	var _ net.Listener = l
	accepted := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			accepted <- c
		}
	}()
	near, err := l.Dial(bg)
	if err != nil {
		t.Fatal(err)
	}
	far := <-accepted
	if _, err := near.Write([]byte("hi")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 2)
	if _, err := io.ReadFull(far, buf); err != nil || string(buf) != "hi" {
		t.Fatalf("%q %v", buf, err)
	}

	ctx, cancel := context.WithCancel(bg)
	dial := start(func() error {
		_, err := l.Dial(ctx)
		return err
	})
	cancel()
	if err := result(t, dial); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled dial: %v", err)
	}
	accept := start(func() error {
		_, err := l.Accept()
		return err
	})
	l.Close()
	l.Close()
	if err := result(t, accept); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept after Close: %v", err)
	}
	if _, err := l.Dial(bg); !errors.Is(err, net.ErrClosed) {
		t.Errorf("dial after Close: %v", err)
	}
	if _, err := far.Write([]byte("x")); err != nil {
		t.Errorf("a connection does not outlive its listener: %v", err)
	}
}
