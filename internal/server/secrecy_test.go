package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"

	"cxlens/internal/transcript"
	"cxlens/internal/transport"
)

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestLogHasNoSecret: secrets and a peer's control characters stay out of the log, at every level.
func TestLogHasNoSecret(t *testing.T) {
	var log safeBuffer
	r := newRig(t, func(c *Config) {
		c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	m := r.dial(r.clients)
	m.walk([]step{
		{"authenticate", object{"client": "ann", "secret": "wrong hunter2"}, "(code -10)"},
		{"authenticate", object{"client": "evil\x1b[2J\u202e", "secret": "wrong hunter2"}, "(code -10)"},
		{"authenticate", object{"client": "ann", "secret": []string{"hunter2"}}, "(code -32602)"},
		{"authenticate", clientLogin, "{"},
	})
	n := r.node("eth1")
	if err := n.post("DATA", line(0)+"evil\x1b[2J\n"); err != nil {
		t.Fatal(err)
	}
	m.Close()
	n.Close()
	wait(t, "the ends in the log", func() bool {
		return strings.Count(log.String(), `"closed"`)+strings.Count(log.String(), `"connection lost"`) >= 2
	})
	text := log.String()
	for _, bad := range []string{"hunter2", "client secret", "agent secret", `\u001b`, "\x1b", "\u202e"} {
		if strings.Contains(text, bad) {
			t.Errorf("the log has %q:\n%s", bad, text)
		}
	}
	for _, want := range []string{"authentication refused", `"line":2`, `"node":"eth1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
}

// TestOverTLS: the server's sides work on any listener, TLS among them.
func TestOverTLS(t *testing.T) {
	r := newRig(t)
	cfg, fingerprint, err := transport.ServerTLS(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.serving.Go(func() { r.report(r.srv.ServeNodes(tls.NewListener(l, cfg))) })
	nc, err := transport.Dial(context.Background(), l.Addr().String(), transport.Options{TLS: transport.ClientTLS(fingerprint)})
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	play(t, "testdata/early.txt", nc, transcript.Player{Side: "N"})
}
