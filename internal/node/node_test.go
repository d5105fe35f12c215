package node_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cxlens/internal/node"
	"cxlens/internal/node/sources"
	"cxlens/internal/wire"
)

// TestSession: authenticate, identify, post, BYE, in this order and form.
func TestSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		var states []node.State
		cfg := config(s)
		cfg.State = func(st node.State) { states = append(states, st) }
		src := &list{blocks: []string{row, row + row}}
		if err := node.Run(t.Context(), cfg, src); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := []string{
			`authenticate {"agent":"sensor-a","secret":"s3cret"}`,
			`identify {"name":"eth1","netgroup":"dmz","type":"CXTRACKER"}`,
		}
		if !slices.Equal(s.calls, want) {
			t.Errorf("calls %q", s.calls)
		}
		if !slices.Equal(s.blocks, src.blocks) || !slices.Equal(s.modules, []string{"DATA", "DATA"}) {
			t.Errorf("blocks %q of %q", s.blocks, s.modules)
		}
		if len(s.ended) != 1 || s.ended[0] != nil {
			t.Errorf("the server saw the connection end with %v, want BYE", s.ended)
		}
		if len(states) != 1 || !states[0].Connected {
			t.Errorf("states %+v", states)
		}
	})
}

// TestLostAck: a block whose ack was lost is sent again, byte for byte, and the source is told once.
func TestLostAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(s *fakeServer, n int) wire.Answer {
			if n == 2 {
				s.hang() // stored, but the ack never leaves
			}
			return wire.Accept
		}
		var states []string
		cfg := config(s)
		cfg.State = func(st node.State) {
			states = append(states, fmt.Sprintf("%v %v", st.Connected, st.Retry > 0 && st.Retry < time.Second))
		}
		src := &list{blocks: []string{"a|1\n", "a|2\n", "a|3\n"}}
		if err := node.Run(t.Context(), cfg, src); err != nil {
			t.Fatal(err)
		}
		if want := []string{"a|1\n", "a|2\n", "a|2\n", "a|3\n"}; !slices.Equal(s.blocks, want) {
			t.Errorf("blocks %q", s.blocks)
		}
		if want := []string{"true false", "false true", "true false"}; !slices.Equal(states, want) {
			t.Errorf("states %q", states)
		}
		for _, err := range src.results {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// TestRestart: the server goes away for an hour; the node tries again at growing, bounded pauses.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(s *fakeServer, n int) wire.Answer {
			if n == 1 {
				s.mu.Lock()
				s.up = false
				s.mu.Unlock()
				s.hang()
				time.AfterFunc(time.Hour, func() {
					s.mu.Lock()
					defer s.mu.Unlock()
					s.up = true
				})
			}
			return wire.Accept
		}
		if err := node.Run(t.Context(), config(s), &list{blocks: []string{row}}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.blocks, []string{row, row}) {
			t.Errorf("blocks %q", s.blocks)
		}
		longest := time.Duration(0)
		for i := 1; i < len(s.dials); i++ {
			longest = max(longest, s.dials[i]-s.dials[i-1])
		}
		if n := len(s.dials); n < 80 || n > 500 || longest < 15*time.Second || longest > 45*time.Second {
			t.Errorf("%d attempts in an hour, at most %v apart", n, longest)
		}
	})
}

// TestNoFinalAck: a server that never acknowledges, or that says 401, is left, and the block sent again.
func TestNoFinalAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.forbidden = 1
		release := make(chan struct{})
		s.answer = func(_ *fakeServer, n int) wire.Answer {
			if n == 1 {
				<-release
			}
			return wire.Accept
		}
		src := &list{blocks: []string{row}}
		err := node.Run(t.Context(), config(s), src)
		close(release)
		if err != nil || src.results[0] != nil || !slices.Equal(s.blocks, []string{row, row}) || len(s.conns) != 3 {
			t.Errorf("%v, %v, %d blocks on %d connections", err, src.results, len(s.blocks), len(s.conns))
		}
	})
}

// TestRefusedBlock: 204 and 202 reach the source as ErrRefused, the connection stays.
func TestRefusedBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(_ *fakeServer, n int) wire.Answer {
			return []wire.Answer{wire.DataError, wire.Accept, wire.NotSupported}[n-1]
		}
		src := &list{blocks: []string{"a|1\n", "a|2\n", "a|3\n", "a|4\n.\r\n"}}
		if err := node.Run(t.Context(), config(s), src); err != nil {
			t.Fatal(err)
		}
		for i, refused := range []bool{true, false, true, true} {
			if errors.Is(src.results[i], sources.ErrRefused) != refused || !refused && src.results[i] != nil {
				t.Errorf("block %d: %v", i+1, src.results[i])
			}
		}
		if len(s.blocks) != 3 || len(s.conns) != 1 {
			t.Errorf("%d blocks on %d connections", len(s.blocks), len(s.conns))
		}
	})
}

// TestRefusedNode: what no retry mends ends Run at once; what may pass is tried again.
func TestRefusedNode(t *testing.T) {
	for name, tc := range map[string]struct {
		method string
		code   int
		want   error
		calls  int
	}{
		"secret":           {"authenticate", wire.CodeAuthUnsupported, node.ErrAuth, 1},
		"unauthorized":     {"authenticate", wire.CodeUnauthorized, node.ErrAuth, 1},
		"type":             {"identify", wire.CodeIdentifyUnsupported, node.ErrIdentify, 2},
		"other type":       {"identify", wire.CodeIdentifyMismatch, node.ErrIdentify, 2},
		"registered":       {"identify", wire.CodeAlreadyRegistered, nil, 4},
		"server's trouble": {"authenticate", wire.CodeInternal, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				refused := false
				s.call = func(_ int, method string) (any, error) {
					if method == tc.method && !refused {
						refused = true
						return nil, &wire.Error{Code: tc.code, Message: "no"}
					}
					return map[string]any{"id": "x"}, nil
				}
				var log bytes.Buffer
				cfg := config(s)
				cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				err := node.Run(t.Context(), cfg, &list{blocks: []string{row}})
				if !errors.Is(err, tc.want) || tc.want == nil && err != nil || len(s.calls) != tc.calls {
					t.Errorf("%v after %d calls", err, len(s.calls))
				}
				if strings.Contains(log.String()+fmt.Sprint(err), "s3cret") {
					t.Error("the secret stands in the log or the error")
				}
				if strings.Contains(log.String(), "\x1b") {
					t.Error("the log has a control character")
				}
			})
		})
	}
}

// TestSilentServer: a server that says nothing for three intervals is lost.
func TestSilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		ctx, cancel := context.WithCancel(t.Context())
		cfg := config(s)
		// The first connection swallows everything once the node is identified.
		cfg.Dial = func(ctx context.Context) (net.Conn, error) {
			c, err := s.dial(ctx)
			if err == nil && s.connections() == 1 {
				return &swallow{Conn: c, after: time.Now().Add(time.Second)}, nil
			}
			return c, err
		}
		var lost time.Duration
		began := time.Now()
		cfg.State = func(st node.State) {
			if !st.Connected && lost == 0 {
				lost = time.Since(began)
			} else if st.Connected && lost > 0 {
				cancel()
			}
		}
		err := node.Run(ctx, cfg, &list{hold: make(chan struct{})})
		if !errors.Is(err, context.Canceled) || lost < 14*time.Second || lost > 17*time.Second {
			t.Errorf("%v, lost after %v", err, lost)
		}
	})
}

// swallow loses what is written after a time.
type swallow struct {
	net.Conn
	after time.Time
}

func (s *swallow) Write(b []byte) (int, error) {
	if time.Now().After(s.after) {
		return len(b), nil
	}
	return s.Conn.Write(b)
}

// TestPings go out at every interval, while a block waits for its ack too; the server's are answered.
func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.answer = func(s *fakeServer, n int) wire.Answer {
			time.Sleep(32 * time.Second)
			return wire.Accept
		}
		src := &list{blocks: []string{row}, hold: make(chan struct{})}
		over := make(chan error)
		go func() { over <- node.Run(t.Context(), config(s), src) }()
		time.Sleep(time.Second)
		var pong struct {
			Timestamp float64 `json:"timestamp"`
		}
		if err := s.newest().Call(t.Context(), "ping", map[string]float64{"timestamp": 1}, &pong); err != nil || int64(pong.Timestamp) != time.Now().Unix() {
			t.Errorf("%+v, %v", pong, err)
		}
		var unknown *wire.Error
		if err := s.newest().Call(t.Context(), "reboot", nil, nil); !errors.As(err, &unknown) || unknown.Code != wire.CodeNoMethod {
			t.Error(err)
		}
		time.Sleep(32 * time.Second)
		if _, _, err := s.newest().Ping(t.Context()); err != nil {
			t.Error(err)
		}
		close(src.hold)
		if err := <-over; err != nil || s.pings != 6 || len(s.blocks) != 1 {
			t.Errorf("%v, %d pings, %d blocks", err, s.pings, len(s.blocks))
		}
	})
}

// TestGet: GET CXTRACKER makes the sources look at once; other modules are not there.
func TestGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		src := &list{hold: make(chan struct{}), rescans: make(chan struct{}, 1)}
		over := make(chan error)
		go func() { over <- node.Run(t.Context(), config(s), src) }()
		synctest.Wait()
		if err := s.newest().Get(t.Context(), "CXTRACKER", []byte("all\n")); err != nil || len(src.rescans) != 1 {
			t.Errorf("%v, %d rescans", err, len(src.rescans))
		}
		var ack *wire.AckError
		for _, refused := range []error{s.newest().Get(t.Context(), "PCAP", nil), s.newest().Post(t.Context(), "DATA", nil)} {
			if !errors.As(refused, &ack) || ack.Code != 202 {
				t.Error(refused)
			}
		}
		close(src.hold)
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
}

// TestEnd: a cancelled node finishes the block on its way, says BYE, and gives up a stuck one after the grace.
func TestEnd(t *testing.T) {
	for _, slow := range []time.Duration{time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer()
			release := make(chan struct{})
			s.answer = func(*fakeServer, int) wire.Answer {
				select {
				case <-time.After(slow):
				case <-release:
				}
				return wire.Accept
			}
			ctx, cancel := context.WithCancel(t.Context())
			src := &list{blocks: []string{row, row}}
			over := make(chan error)
			began := time.Now()
			go func() { over <- node.Run(ctx, config(s), src) }()
			synctest.Wait()
			cancel()
			err := <-over
			took := time.Since(began)
			close(release)
			synctest.Wait()
			if !errors.Is(err, context.Canceled) || len(s.blocks) != 1 {
				t.Errorf("%v after %d blocks", err, len(s.blocks))
			}
			if slow == time.Second && (took != time.Second || src.results[0] != nil || s.ended[0] != nil) {
				t.Errorf("took %v, block %v, end %v", took, src.results[0], s.ended)
			}
			if slow == time.Hour && (took > 12*time.Second || src.results[0] == nil) {
				t.Errorf("took %v, block %v", took, src.results[0])
			}
		})
	}
}

// TestSourceErrors: they are joined at the end; without Once a node with nothing left to do ends with them too.
func TestSourceErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := errors.New("x.pcap: damaged")
		s := newServer()
		cfg := config(s)
		cfg.Once = false
		if err := node.Run(t.Context(), cfg, &list{err: bad}, &list{blocks: []string{row}}); !errors.Is(err, bad) || len(s.blocks) != 1 {
			t.Errorf("%v, %d blocks", err, len(s.blocks))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := node.Run(ctx, cfg, &list{blocks: []string{row}}); !errors.Is(err, context.DeadlineExceeded) || len(s.conns) != 2 {
			t.Errorf("%v, %d connections", err, len(s.conns))
		}
	})
}

// TestServerBye: a server that says BYE is connected to again.
func TestServerBye(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		src := &list{hold: make(chan struct{})}
		over := make(chan error)
		go func() { over <- node.Run(t.Context(), config(s), src) }()
		synctest.Wait()
		if err := s.newest().Bye(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Second)
		if n := s.connections(); n != 2 {
			t.Errorf("%d connections", n)
		}
		close(src.hold)
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
}
