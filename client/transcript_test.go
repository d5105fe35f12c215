package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"cxlens/internal/transcript"
	"cxlens/internal/wire"
	"cxlens/query"
)

// rehearse plays the server of a script against a client, whose first connection it is.
func rehearse(t *testing.T, file string, chunk int, hooks func(*Client) map[string]func() error) (*Client, error) {
	t.Helper()
	script, err := transcript.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := wire.Pipe()
	t.Cleanup(func() { _ = theirs.Close() })
	dials := make(chan net.Conn, 1)
	dials <- ours
	c := New(Config{
		Name: "ann", Secret: "client secret", PingInterval: time.Hour,
		Dial: func(ctx context.Context) (net.Conn, error) {
			select {
			case nc := <-dials:
				return nc, nil
			default:
				return nil, errors.New("the script is over")
			}
		},
	})
	t.Cleanup(func() { _ = c.Close() })
	connected := make(chan error, 1)
	go func() { connected <- c.Connect(t.Context()) }()
	player := transcript.Player{Side: "S", Chunk: chunk}
	if hooks != nil {
		player.Hooks = hooks(c)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := script.Play(ctx, theirs, player); err != nil {
		t.Fatal(err)
	}
	return c, <-connected
}

// TestTranscript plays the document's server against our client, a byte at a time as well.
func TestTranscript(t *testing.T) {
	for _, chunk := range []int{0, 1, 5} {
		t.Run(fmt.Sprint(chunk), func(t *testing.T) {
			if _, err := rehearse(t, "testdata/client.txt", chunk, transcriptHooks(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

func transcriptHooks(t *testing.T) func(*Client) map[string]func() error {
	return func(c *Client) map[string]func() error {
		var r *Result
		return map[string]func() error{
			"pinged": func() error {
				c.until(t, "the ping's answer", func(s Status) bool { return s.RTT > 0 })
				return nil
			},
			"submit": func() error {
				r = c.Submit(query.Request{Query: "dst port 443"})
				return nil
			},
			"answered": func() error {
				if err := r.Wait(t.Context()); err != nil || r.View().Len() != 1 {
					return fmt.Errorf("%d rows, %w", r.View().Len(), err)
				}
				return nil
			},
			"refused": func() error {
				var refused *query.RequestError
				if err := r.Wait(t.Context()); !errors.As(err, &refused) || refused.Offset != 4 {
					return fmt.Errorf("got %w", err)
				}
				return nil
			},
			"close": func() error {
				go func() { _ = c.Close() }()
				return nil
			},
		}
	}
}

func TestTranscriptRefused(t *testing.T) {
	if _, err := rehearse(t, "testdata/refused.txt", 0, nil); !errors.Is(err, ErrAuth) {
		t.Errorf("got %v, want ErrAuth", err)
	}
}

func TestTranscriptServerSaysBye(t *testing.T) {
	c, err := rehearse(t, "testdata/bye.txt", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	st := c.until(t, "the goodbye", func(s Status) bool { return s.Phase == Waiting })
	if st.Err == nil {
		t.Error("the screen is not told why")
	}
}
