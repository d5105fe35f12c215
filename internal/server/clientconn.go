package server

import (
	"context"
	"encoding/json"

	"cxlens/internal/server/accounts"
	"cxlens/internal/wire"
)

// clientConn is the owner of a client's connection. It implements wire.Handler.
type clientConn struct {
	*peer
	account accounts.Account // from ESTABLISHED on
	queries *queries
}

func newClientConn(p *peer) *clientConn {
	return &clientConn{peer: p, queries: newQueries(p)}
}

// Verb grants GET CXTRACKER to an authenticated client.
func (c *clientConn) Verb(v wire.Verb, module string) wire.Answer {
	switch {
	case c.at() != established:
		return wire.Unauthorized
	case v == wire.Get && module == moduleCxtracker:
		return wire.Accept
	}
	return wire.NotSupported
}

// Data takes a query, or the cancelling of one.
func (c *clientConn) Data(_ context.Context, _ wire.Verb, _ string, data []byte) wire.Answer {
	return c.queries.take(data)
}

// Call answers a client's methods (protocol.md section 4).
func (c *clientConn) Call(ctx context.Context, method string, params json.RawMessage) (any, error) {
	switch method {
	case "authenticate":
		return c.authenticateClient(ctx, params)
	case "ping":
		if c.at() != established {
			return nil, unauthorized("authenticate first")
		}
		return clientPingResult{Timestamp: wire.Timestamp(c.srv.now()), Nodes: c.srv.registry.snapshot()}, nil
	}
	return nil, noMethod(method)
}

// Closed ends the client's queries.
func (c *clientConn) Closed(err error) { c.closed(err) }

// clientResult is authenticate's result on the client side.
type clientResult struct {
	ID          uint32 `json:"id"`
	Level       int    `json:"level"`
	Description string `json:"description"`
	Status      status `json:"status"`
}

func (c *clientConn) authenticateClient(ctx context.Context, params json.RawMessage) (any, error) {
	a, err := c.authenticate(ctx, accounts.Client, params, func(a accounts.Account) state {
		c.account = a
		return established
	})
	if err != nil {
		return nil, err
	}
	c.goDo(func() { c.heartbeat(func(pong) {}) })
	return clientResult{ID: a.ID, Level: a.Level, Description: a.Description, Status: status{
		Timestamp: wire.Timestamp(c.srv.logins.swap(a, c.srv.now())),
	}}, nil
}

// pingResult is ping's result; to a client it carries the nodes.
type pingResult struct {
	Timestamp wire.Timestamp `json:"timestamp"`
}

type clientPingResult struct {
	Timestamp wire.Timestamp `json:"timestamp"`
	Nodes     []nodeStatus   `json:"nodes"`
}
