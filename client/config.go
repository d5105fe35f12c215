// Package client is the CLIENT role of protocol.md: a connection to a server that
// authenticates, pings, submits queries with GET CXTRACKER and receives their
// results, and dials again with backoff when it is lost.
//
// It may import query and, of internal, flow, wire and transport; it knows no screen.
// Its one surprising thing: a query that runs when the connection is lost fails
// and keeps its rows, because the server forgets it; asking again is a person's choice.
package client

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"time"
)

// ErrAuth is a server's refusal of the name or the secret; it never says which.
var ErrAuth = errors.New("the server refused the name or the secret")

// ErrLost ends the queries of a connection that was lost.
var ErrLost = errors.New("the connection was lost; run the query again")

// Config says which server to talk to, and as whom.
type Config struct {
	Server   string      // host:port
	Name     string      // of the client account
	Secret   string      // never logged
	TLS      *tls.Config // nil: plain TCP, which only loopback or Insecure allow
	Insecure bool
	// Dial replaces the network, for an embedded server.
	Dial         func(ctx context.Context) (net.Conn, error)
	PingInterval time.Duration // 0: 5 s
	// Silence is how long the server may say nothing before it counts as lost; 0: three ping intervals.
	Silence time.Duration
	// MaxBackoff is the longest wait between two attempts to connect again; 0: 15 s.
	MaxBackoff time.Duration
	Log        *slog.Logger // nil: discard
}

func (c Config) withDefaults() Config {
	if c.PingInterval <= 0 {
		c.PingInterval = 5 * time.Second
	}
	if c.Silence <= 0 {
		c.Silence = 3 * c.PingInterval
	}
	if c.MaxBackoff <= 0 {
		c.MaxBackoff = 15 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
