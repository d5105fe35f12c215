package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cxlens/internal/wire"
)

// authTimeout bounds authenticate; a server closes what is not established in 10 s.
const authTimeout = 10 * time.Second

// moduleCXTRACKER is the module of session queries and their results.
const moduleCXTRACKER = "CXTRACKER"

// link is one connection of a client, from authenticate to its end. It is the
// wire.Handler of that connection.
type link struct {
	client *Client
	conn   *wire.Conn
}

// account is the result of authenticate (protocol.md section 4).
type account struct {
	ID          json.Number `json:"id"`
	Level       int         `json:"level"`
	Description string      `json:"description"`
}

func (l *link) authenticate(ctx context.Context) (account, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	var a account
	err := l.conn.Call(ctx, "authenticate", map[string]string{
		"client": l.client.cfg.Name, "secret": l.client.cfg.Secret,
	}, &a)
	var refused *wire.Error
	if errors.As(err, &refused) && refused.Code == wire.CodeAuthUnsupported {
		return a, ErrAuth
	}
	return a, err
}

// serve pings until the connection ends and says why it ended.
func (l *link) serve(ctx context.Context) error {
	every, silence := l.client.cfg.PingInterval, l.client.cfg.Silence
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := l.ping(ctx, silence); err != nil && time.Since(l.conn.LastHeard()) >= silence {
			_ = l.conn.Close()
			l.closeResults()
			return fmt.Errorf("nothing heard for %s", silence)
		}
		select {
		case <-tick.C:
		case <-l.conn.Done():
			l.closeResults()
			if err := l.conn.Err(); err != nil {
				return err
			}
			return errors.New("the server said goodbye")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pingParams are the params of a ping, and our answer to the server's.
type pingParams struct {
	Timestamp wire.Timestamp `json:"timestamp"`
}

// pingResult is the result of ping to a client (protocol.md section 4).
type pingResult struct {
	Timestamp wire.Timestamp `json:"timestamp"`
	Nodes     []wireNode     `json:"nodes"`
}

func (l *link) ping(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sent := time.Now()
	var res pingResult
	err := l.conn.Call(ctx, "ping", pingParams{wire.Timestamp(sent)}, &res)
	if err != nil {
		return err
	}
	rtt := time.Since(sent)
	skew, _ := res.Timestamp.Skew(sent, rtt)
	l.client.pinged(rtt, skew, res.Nodes, res.Nodes != nil)
	return nil
}

// closeResults fails what this connection was still to answer. From then on queries wait for the next one.
func (l *link) closeResults() {
	l.client.leave(l)
	for _, r := range l.client.openOn(l) {
		r.end(Failed, ErrLost)
	}
}

// Verb lets results in and nothing else.
func (l *link) Verb(v wire.Verb, module string) wire.Answer {
	if v == wire.Post && module == moduleCXTRACKER {
		return wire.Accept
	}
	return wire.NotSupported
}

// Data takes in a part of a result.
func (l *link) Data(_ context.Context, _ wire.Verb, _ string, data []byte) wire.Answer {
	if err := l.client.receive(l, data); err != nil {
		l.client.cfg.Log.Warn("result part not taken", "err", err)
		return wire.DataError
	}
	return wire.Accept
}

// Call answers the server's pings.
func (l *link) Call(_ context.Context, method string, _ json.RawMessage) (any, error) {
	if method != "ping" {
		return nil, &wire.Error{Code: wire.CodeNoMethod, Message: "no such method"}
	}
	return pingParams{wire.Timestamp(time.Now())}, nil
}

// Closed has nothing to do: serve sees the end.
func (l *link) Closed(error) {}
