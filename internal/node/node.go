// Package node is the agent's side of the protocol: it connects to a server on
// behalf of an agent, and brings it the flows of its sources. It may import wire,
// flow and its own sub-packages: sources (where flows come from), meter (packets to
// flows), capture and packed (reading capture files).
//
// The connection may be lost at any time. Run connects again and sends the block
// that was not acknowledged once more, byte for byte, so that a server that did
// store it recognises it (protocol.md section 6).
//
// The surprising thing: a source never sees the connection. Its Post returns when
// the block is stored, however many connections that took.
package node

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"strings"
	"time"

	"cxlens/internal/node/sources"
	"cxlens/internal/transport"
)

// ErrAuth is returned, wrapped, when the server refuses the agent's name or secret. It is not tried again.
var ErrAuth = errors.New("authentication refused: the agent's name or its secret is wrong")

// ErrIdentify is returned, wrapped, when the server refuses what the node says it is. It is not tried again.
var ErrIdentify = errors.New("the server refused the node's identification")

// DefaultPort is the port of the server's node side (protocol.md section 1).
const DefaultPort = "10101"

// DefaultPing is the interval of pings (protocol.md section 4).
const DefaultPing = 5 * time.Second

// Config says who the node is and where its server is.
type Config struct {
	// Server is the server's address, host:port or host.
	Server string
	// Agent and Secret are the account, Name is the node's own name under it.
	Agent, Secret, Name string
	// Type is the node's type; CXTRACKER when empty.
	Type string
	// Netgroup is the logical group of the node.
	Netgroup string
	// TLS, when set, is used on the connection. Its ServerName defaults to Server's host.
	TLS *tls.Config
	// Insecure allows a connection without TLS to an address that is not loopback.
	Insecure bool
	// Dial, when set, connects instead of TCP to Server, and the check for loopback is left out.
	Dial func(ctx context.Context) (net.Conn, error)
	// PingInterval is the time between pings. DefaultPing when 0.
	PingInterval time.Duration
	// Silence is how long the server may say nothing before it counts as lost; three ping intervals when 0.
	Silence time.Duration
	// Log gets what happens to the connection; nil: nothing.
	Log *slog.Logger
	// Notice gets lines for a person: damaged files, refused blocks. Nil: they are logged.
	Notice func(text string)
	// State gets each change of the connection; may be nil. It must be quick.
	State func(State)
	// Progress gets how far the sources are; may be nil. It must be quick.
	Progress func(sources.Progress)
	// Once ends Run when all sources have ended. Otherwise it keeps the connection until ctx is done.
	Once bool
}

// State is what became of the connection.
type State struct {
	// Connected: the node is identified and sends.
	Connected bool
	// Err is why it is not connected.
	Err error
	// Retry is when the next attempt is made.
	Retry time.Duration
}

// check fills in defaults and refuses what cannot work.
func (c *Config) check() error {
	switch {
	case c.Agent == "":
		return errors.New("the agent's name is missing")
	case c.Secret == "":
		return errors.New("the agent's secret is missing")
	case c.Name == "":
		return errors.New("the node's name is missing")
	case c.Server == "" && c.Dial == nil:
		return errors.New("the server's address is missing")
	}
	if c.Type == "" {
		c.Type = "CXTRACKER"
	}
	if c.PingInterval <= 0 {
		c.PingInterval = DefaultPing
	}
	if c.Silence <= 0 {
		c.Silence = 3 * c.PingInterval
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Dial != nil {
		return nil
	}
	return c.checkServer()
}

// checkServer completes the server's address and refuses one to which the secret would cross the network readably.
func (c *Config) checkServer() error {
	if _, _, err := net.SplitHostPort(c.Server); err != nil {
		c.Server = net.JoinHostPort(strings.Trim(c.Server, "[]"), DefaultPort)
	}
	return transport.Check(c.Server, transport.Options{TLS: c.TLS, Insecure: c.Insecure})
}

// Run connects, runs the sources and stays connected; see Config.Once. It returns
// ErrAuth or ErrIdentify when the server refuses the node, the joined errors of the
// sources when they have ended, and ctx's error when that is done. In every case it
// says BYE first where there is somebody to say it to.
func Run(ctx context.Context, cfg Config, srcs ...sources.Source) error {
	if err := cfg.check(); err != nil {
		return err
	}
	a := &agent{cfg: cfg, sources: srcs, news: make(chan struct{})}
	run, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	keeping := make(chan struct{})
	keepCtx, endKeeping := context.WithCancel(context.WithoutCancel(ctx))
	defer endKeeping()
	go func() {
		defer close(keeping)
		if err := a.keepConnected(keepCtx); err != nil {
			stop(err)
		}
	}()
	err := a.runSources(run)
	a.goodbye()
	endKeeping()
	<-keeping
	return err
}
