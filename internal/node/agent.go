package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/node/sources"
	"cxlens/internal/wire"
)

// grace is how long a block that is on its way may still take when Run is to end, and a BYE after it.
const grace = 5 * time.Second

// module is the word of a node's POST (protocol.md section 3).
const module = "DATA"

// agent is one running node. It is the Sink of its sources.
type agent struct {
	cfg     Config
	sources []sources.Source

	mu   sync.Mutex
	conn *wire.Conn    // nil while there is no identified connection
	news chan struct{} // closed and replaced when conn changes

	leaving atomic.Bool // BYE was said: the end of the connection is no loss
}

// setConn publishes the connection, or its loss with nil.
func (a *agent) setConn(c *wire.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conn = c
	close(a.news)
	a.news = make(chan struct{})
}

// connection waits for an identified connection other than the one that failed.
func (a *agent) connection(ctx context.Context, failed *wire.Conn) (*wire.Conn, error) {
	for {
		a.mu.Lock()
		c, news := a.conn, a.news
		a.mu.Unlock()
		if c != nil && c != failed {
			return c, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// Post sends a block until the server has stored it; see sources.Sink.
func (a *agent) Post(ctx context.Context, lines []byte) error {
	var failed *wire.Conn
	for {
		c, err := a.connection(ctx, failed)
		if err != nil {
			return err
		}
		send, release := lingering(ctx, grace)
		err = c.Post(send, module, lines)
		release()
		var ack *wire.AckError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &ack) && ack.Code != 401:
			return fmt.Errorf("%w: %w", sources.ErrRefused, ack) // an old server's other codes count as 204
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case ack == nil && !errors.Is(err, wire.ErrClosed): // nothing was sent: the block cannot be one
			return fmt.Errorf("%w: %w", sources.ErrRefused, err)
		}
		a.cfg.Log.Info("block not acknowledged, it will be sent again", "bytes", len(lines), "err", err)
		failed = c
	}
}

// lingering returns a context that ends d after ctx, so that a block that is on its
// way can be finished.
func lingering(ctx context.Context, d time.Duration) (context.Context, func()) {
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		t := time.AfterFunc(d, cancel)
		<-long.Done()
		t.Stop()
	})
	return long, func() { stop(); cancel() }
}

// Notice tells a person one line.
func (a *agent) Notice(text string) {
	text = flow.Clean(text)
	if a.cfg.Notice != nil {
		a.cfg.Notice(text)
		return
	}
	a.cfg.Log.Warn(text)
}

// Progress passes on how far a source is.
func (a *agent) Progress(p sources.Progress) {
	if a.cfg.Progress != nil {
		a.cfg.Progress(p)
	}
}

// runSources waits for the first connection and runs all sources side by side.
func (a *agent) runSources(ctx context.Context) error {
	if _, err := a.connection(ctx, nil); err != nil {
		return err
	}
	errs := make([]error, len(a.sources))
	var wg sync.WaitGroup
	for i, s := range a.sources {
		wg.Go(func() {
			errs[i] = s.Run(ctx, a)
			if errs[i] != nil && ctx.Err() == nil {
				a.cfg.Log.Error("source ended", "source", s.Name(), "err", flow.Clean(errs[i].Error()))
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := errors.Join(errs...); err != nil || a.cfg.Once {
		return err
	}
	<-ctx.Done() // a node without work stays at its server's disposal
	return context.Cause(ctx)
}

// rescan asks every source that can for what it has.
func (a *agent) rescan() {
	for _, s := range a.sources {
		if r, ok := s.(sources.Rescanner); ok {
			r.Rescan()
		}
	}
}

// goodbye says BYE where there is a connection.
func (a *agent) goodbye() {
	a.leaving.Store(true)
	a.mu.Lock()
	c := a.conn
	a.mu.Unlock()
	if c == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := c.Bye(ctx); err != nil {
		a.cfg.Log.Debug("bye was not answered", "err", err)
		c.Close()
	}
}
