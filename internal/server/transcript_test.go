package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/store/duckdb"
	"cxlens/internal/transcript"
	"cxlens/internal/wire"
)

func play(t *testing.T, file string, nc net.Conn, p transcript.Player) {
	t.Helper()
	script, err := transcript.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := script.Play(ctx, nc, p); err != nil {
		t.Error(err)
	}
}

// connect dials a side of a rig in memory and closes the connection at the test's end.
func connect(t *testing.T, l *wire.Listener) net.Conn {
	t.Helper()
	nc, err := l.Dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	return nc
}

// TestNodeTranscript plays the document's node against the server, a byte at a time as well.
func TestNodeTranscript(t *testing.T) {
	for _, chunk := range []int{0, 1, 5} {
		t.Run(fmt.Sprint(chunk), func(t *testing.T) {
			r := newRig(t)
			answers := make(chan error, 1)
			play(t, "testdata/node.txt", connect(t, r.nodes), transcript.Player{
				Side: "N", Chunk: chunk,
				Hooks: map[string]func() error{
					"get": func() error {
						go func() { answers <- r.srv.GetFromNode(context.Background(), 1, "cxtracker", []byte("now")) }()
						return nil
					},
					"got": func() error { return <-answers },
					"refused": func() error {
						var ack *wire.AckError
						if err := <-answers; !errors.As(err, &ack) || ack.Code != 204 || ack.Phase != wire.PhaseFinal {
							return fmt.Errorf("got %w", err)
						}
						return nil
					},
				},
			})
			stats, err := r.store.Stats(context.Background())
			if err != nil || stats[1].Flows != 1 {
				t.Errorf("stored %v, %v", stats, err)
			}
		})
	}
}

// TestClientTranscript plays the document's client against the server.
func TestClientTranscript(t *testing.T) {
	for _, chunk := range []int{0, 1, 5} {
		t.Run(fmt.Sprint(chunk), func(t *testing.T) {
			r := transcriptRig(t)
			play(t, "testdata/client.txt", connect(t, r.clients), transcript.Player{Side: "C", Chunk: chunk})
		})
	}
}

// transcriptRig is a rig whose store has the flow of the transcripts.
func transcriptRig(t *testing.T) *rig {
	t.Helper()
	before := runtime.NumGoroutine()
	db, err := duckdb.Open(context.Background(), "", duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	const lines = "1259999619000000001|2026-11-20 07:53:39|2026-11-20 07:53:41|2|6|167772167|51234|3221225993|443|10|1500|8|9000|27|27\n"
	ctx := context.Background()
	err = errors.Join(
		db.SaveNode(ctx, flow.NodeInfo{ID: 1, Name: "eth1", Agent: "sensor-a", Netgroup: "dmz"}),
		db.Append(ctx, 1, parseBlock([]byte(lines), 1)),
	)
	if err != nil {
		t.Fatal(err)
	}
	return startRig(t, db, before)
}

// TestEarlyVerb: a verb before authenticate gets 401 and the end, on both sides, also over TCP.
func TestEarlyVerb(t *testing.T) {
	r := newRig(t)
	play(t, "testdata/early.txt", connect(t, r.nodes), transcript.Player{Side: "N"})
	play(t, "testdata/early.txt", connect(t, r.clients), transcript.Player{Side: "N"})

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.serving.Go(func() { r.report(r.srv.ServeNodes(l)) })
	nc, err := net.DialTimeout("tcp", l.Addr().String(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	play(t, "testdata/early.txt", nc, transcript.Player{Side: "N"})
}
