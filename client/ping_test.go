package client

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cxlens/internal/wire"
)

// mute is a server that answers pings until it is told to answer nothing any more.
type mute struct {
	*fakePeer
	pings  atomic.Int32
	silent atomic.Bool
}

func (m *mute) Call(ctx context.Context, method string, params json.RawMessage) (any, error) {
	if method == "ping" {
		m.pings.Add(1)
	}
	if m.silent.Load() {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return m.fakePeer.Call(ctx, method, params)
}

// TestSilentServerIsLost: the client pings at every interval, and a server of which nothing is heard for three of
// them is lost (protocol.md section 4).
func TestSilentServerIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := wire.NewListener()
		defer l.Close()
		var log strings.Builder
		c := New(Config{
			Name: "me", Secret: "right", Dial: l.Dial, PingInterval: 5 * time.Second, MaxBackoff: time.Hour,
			Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		defer c.Close()
		m := &mute{fakePeer: &fakePeer{}}
		go func() {
			nc, err := l.Accept()
			if err != nil {
				t.Error(err)
				return
			}
			m.conn = wire.New(nc, m, wire.Config{})
		}()
		if err := c.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(22 * time.Second) // the first is sent at once
		synctest.Wait()
		if n := m.pings.Load(); n != 5 || c.Status().Phase != Online {
			t.Fatalf("%d pings in 22 s, %+v", n, c.Status())
		}
		m.silent.Store(true)
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if s := c.Status(); s.Phase != Online {
			t.Errorf("lost too early: %+v", s)
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if s := c.Status(); s.Phase == Online || !strings.Contains(log.String(), "nothing heard for 15s") {
			t.Errorf("not lost: %+v\n%s", s, log.String())
		}
		_ = m.conn.Close() // its handlers stand still
	})
}
