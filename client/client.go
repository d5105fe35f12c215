package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"cxlens/internal/flow"
	"cxlens/internal/transport"
	"cxlens/internal/wire"
)

// byeTimeout bounds how long Close waits for the server's answer to BYE.
const byeTimeout = time.Second

// Client keeps a connection to a server: it authenticates, pings, and dials again
// with backoff when the connection is lost. Create it with New, end it with Close.
type Client struct {
	cfg     Config
	changed chan struct{}
	ctx     context.Context // done when the client is closed
	cancel  context.CancelFunc
	work    sync.WaitGroup

	mu      sync.Mutex
	status  Status
	link    *link         // nil while not online
	online  chan struct{} // closed while online
	results map[int64]*Result
	lastID  int64
}

// New returns a client that is not yet connected.
func New(cfg Config) *Client {
	ctx, cancel := context.WithCancel(context.Background())
	return &Client{
		cfg: cfg.withDefaults(), ctx: ctx, cancel: cancel,
		changed: make(chan struct{}, 1),
		status:  Status{Server: cfg.Server, Name: cfg.Name, Since: time.Now()},
		online:  make(chan struct{}),
		results: make(map[int64]*Result),
	}
}

// Connect dials and authenticates once and returns what came of it; afterwards the
// client keeps the connection by itself until Close. An error that is ErrAuth means
// refused; after any error Connect may be called again.
func (c *Client) Connect(ctx context.Context) error {
	c.setPhase(Connecting, nil)
	l, err := c.connect(ctx)
	if err != nil {
		phase := Closed
		if errors.Is(err, ErrAuth) {
			phase = Refused
		}
		c.setPhase(phase, err)
		return err
	}
	c.work.Go(func() { c.keep(l) })
	return nil
}

// connect dials and authenticates; when it succeeds the client is Online.
func (c *Client) connect(ctx context.Context) (*link, error) {
	nc, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	l := &link{client: c}
	l.conn = wire.New(nc, l, wire.Config{Log: c.cfg.Log, IdleTimeout: max(time.Minute, c.cfg.Silence)})
	account, err := l.authenticate(ctx)
	if err != nil {
		_ = l.conn.Close()
		return nil, fmt.Errorf("log in to %s as %s: %w", c.where(), c.cfg.Name, err)
	}
	c.wentOnline(l, account)
	return l, nil
}

func (c *Client) dial(ctx context.Context) (net.Conn, error) {
	if c.cfg.Dial != nil {
		nc, err := c.cfg.Dial(ctx)
		if err != nil {
			return nil, fmt.Errorf("connect to %s: %w", c.where(), err)
		}
		return nc, nil
	}
	return transport.Dial(ctx, c.cfg.Server, transport.Options{TLS: c.cfg.TLS, Insecure: c.cfg.Insecure})
}

func (c *Client) where() string {
	if c.cfg.Server == "" {
		return "the embedded server"
	}
	return c.cfg.Server
}

// keep serves the connection until the client is closed, dialling again each time it is lost.
func (c *Client) keep(l *link) {
	for l != nil {
		err := l.serve(c.ctx)
		if c.ctx.Err() != nil {
			return
		}
		c.cfg.Log.Warn("connection lost", "server", c.where(), "err", err)
		l = c.redial(err)
	}
}

// redial tries to connect until it succeeds, is refused, or the client is closed; then it returns nil.
func (c *Client) redial(cause error) *link {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval = min(500*time.Millisecond, c.cfg.MaxBackoff)
	wait.MaxInterval = c.cfg.MaxBackoff
	for attempt := 0; ; attempt++ {
		d := wait.NextBackOff()
		c.wentOffline(cause, attempt, time.Now().Add(d))
		select {
		case <-c.ctx.Done():
			return nil
		case <-time.After(d):
		}
		c.setPhase(Connecting, cause)
		l, err := c.connect(c.ctx)
		if err == nil {
			return l
		}
		if errors.Is(err, ErrAuth) {
			c.setPhase(Refused, err)
			return nil
		}
		cause = err
	}
}

// Status returns a snapshot. It never blocks.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.status
	if c.link != nil {
		s.LastHeard = c.link.conn.LastHeard()
	}
	return s
}

// Changed gets a value after Status changed; values coalesce. For one reader.
func (c *Client) Changed() <-chan struct{} { return c.changed }

// Close cancels what runs, says BYE and ends; a server that does not answer is left
// after a moment (protocol.md section 3 has peers that do not). It may be called more than once.
func (c *Client) Close() error {
	c.mu.Lock()
	l := c.link
	open := make([]*Result, 0, len(c.results))
	for _, r := range c.results {
		open = append(open, r)
	}
	c.mu.Unlock()
	for _, r := range open {
		r.end(Cancelled, nil)
	}
	c.cancel()
	if l != nil {
		ctx, cancel := context.WithTimeout(context.Background(), byeTimeout)
		defer cancel()
		if err := l.conn.Bye(ctx); err != nil && !errors.Is(err, wire.ErrClosed) {
			c.cfg.Log.Info("the server did not answer BYE", "server", c.where(), "err", err)
		}
	}
	c.work.Wait()
	c.setPhase(Closed, nil)
	return nil
}

func (c *Client) wentOnline(l *link, a account) {
	c.update(func(s *Status) {
		s.Phase, s.Since, s.Err, s.Attempts = Online, time.Now(), nil, 0
		s.Description, s.Level = flow.Clean(a.Description), a.Level
		c.link = l
		close(c.online)
	})
}

func (c *Client) wentOffline(cause error, attempt int, retry time.Time) {
	c.update(func(s *Status) {
		if c.link != nil {
			c.link, c.online = nil, make(chan struct{})
		}
		s.Phase, s.Since, s.Err = Waiting, time.Now(), cause
		s.Attempts, s.RetryAt = attempt, retry
	})
}

// leave takes a connection that has ended away, so that no query is sent on it any more.
func (c *Client) leave(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == l {
		c.link, c.online = nil, make(chan struct{})
	}
}

func (c *Client) setPhase(p Phase, err error) {
	c.update(func(s *Status) {
		if c.link != nil && p != Online {
			c.link, c.online = nil, make(chan struct{})
		}
		s.Phase, s.Since, s.Err = p, time.Now(), err
	})
}

// update changes the status under the lock and wakes the reader of Changed.
func (c *Client) update(change func(*Status)) {
	c.mu.Lock()
	change(&c.status)
	c.mu.Unlock()
	wake(c.changed)
}

// pinged takes in what a ping told.
func (c *Client) pinged(rtt, skew time.Duration, nodes []wireNode, has bool) {
	c.update(func(s *Status) {
		s.RTT, s.Skew, s.HasNodes = rtt, skew, has
		s.Nodes = slices.Collect(func(yield func(Node) bool) {
			for i := range nodes {
				if !yield(nodes[i].node()) {
					return
				}
			}
		})
	})
}

// waitOnline returns the link as soon as there is one.
func (c *Client) waitOnline(ctx context.Context) (*link, error) {
	for {
		c.mu.Lock()
		l, online := c.link, c.online
		c.mu.Unlock()
		if l != nil {
			return l, nil
		}
		select {
		case <-online:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-c.ctx.Done():
			return nil, errors.New("the client is closed")
		}
	}
}

func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
