package node_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"cxlens/internal/node"
	"cxlens/internal/node/sources"
	"cxlens/internal/transcript"
	"cxlens/internal/wire"
)

const transcriptLine = "1259999619000000001|2026-11-20 07:53:39|2026-11-20 07:53:41|2|6|167772167|51234|3221225993|443|10|1500|8|9000|27|27\n"

// promptedSource posts the transcript's line each time it is told to.
type promptedSource struct {
	prompts chan struct{}
	results chan error
}

func (promptedSource) Name() string { return "prompted" }

func (s promptedSource) Run(ctx context.Context, sink sources.Sink) error {
	for {
		select {
		case <-s.prompts:
			s.results <- sink.Post(ctx, []byte(transcriptLine))
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// rehearse plays the server of a script against a node, and returns what Run ended with.
func rehearse(t *testing.T, file string, chunk int) error {
	t.Helper()
	script, err := transcript.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := wire.Pipe()
	t.Cleanup(func() { _ = theirs.Close() })
	dials := make(chan net.Conn, 1)
	dials <- ours
	playing, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	ctx, leave := context.WithCancel(playing)
	defer leave()
	src := promptedSource{make(chan struct{}, 1), make(chan error, 1)}
	ended := make(chan error, 1)
	go func() {
		ended <- node.Run(ctx, node.Config{
			Agent: "sensor-a", Secret: "agent secret", Name: "eth1", Netgroup: "dmz", PingInterval: time.Hour,
			Dial: func(ctx context.Context) (net.Conn, error) {
				select {
				case nc := <-dials:
					return nc, nil
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			},
		}, src)
	}()
	err = script.Play(playing, theirs, transcript.Player{Side: "S", Chunk: chunk, Hooks: map[string]func() error{
		"post":   func() error { src.prompts <- struct{}{}; return nil },
		"stored": func() error { return <-src.results },
		"refused": func() error {
			if err := <-src.results; !errors.Is(err, sources.ErrRefused) {
				return fmt.Errorf("got %w, want ErrRefused", err)
			}
			return nil
		},
		"leave": func() error { leave(); return nil },
	}})
	if err != nil {
		t.Fatal(err)
	}
	return <-ended
}

// TestTranscript plays the document's server against our node, a byte at a time as well.
func TestTranscript(t *testing.T) {
	for _, chunk := range []int{0, 1, 5} {
		t.Run(fmt.Sprint(chunk), func(t *testing.T) {
			if err := rehearse(t, "testdata/node.txt", chunk); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
}

func TestTranscriptRefused(t *testing.T) {
	if err := rehearse(t, "testdata/refused.txt", 0); !errors.Is(err, node.ErrIdentify) {
		t.Errorf("got %v, want ErrIdentify", err)
	}
}
