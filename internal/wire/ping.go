package wire

import (
	"context"
	"fmt"
	"time"
)

// Ping sends the text PING and waits for its PONG; it goes between transactions. pong is
// the peer's date as it came, cleaned, empty when the peer sent none; rtt runs from the
// writing of PING to the reading of PONG. A pong that does not come within AckTimeout
// ends the connection.
func (c *Conn) Ping(ctx context.Context) (answer string, rtt time.Duration, err error) {
	if err := c.place(ctx); err != nil {
		return "", 0, fmt.Errorf("PING: %w", err)
	}
	p := &ping{pong: make(chan pong, 1)}
	it := &outItem{
		kind:  outText,
		parts: [2][]byte{[]byte("PING " + date(c.cfg.Now()) + "\n")},
		debt:  &debt{kind: debtPong, name: "PONG", ping: p},
		token: true,
	}
	if err := c.step(func(m *machine) error { return m.say(it) }); err != nil {
		<-c.news
		return "", 0, fmt.Errorf("PING: %w", err)
	}
	select {
	case got := <-p.pong:
		return got.date, got.rtt, nil
	case <-ctx.Done():
		return "", 0, fmt.Errorf("PING: no PONG yet: %w", context.Cause(ctx))
	case <-c.ctx.Done():
	}
	select {
	case got := <-p.pong:
		return got.date, got.rtt, nil
	default:
		return "", 0, fmt.Errorf("PING: %w", c.closedErr())
	}
}

// place takes one of the maxNews places for what is not written yet, so that a slow
// peer slows down who talks to it instead of filling memory.
func (c *Conn) place(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.news <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.ctx.Done():
		return c.closedErr()
	}
}

func (c *Conn) closedErr() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m.closedErr()
}

// date is $DATE of PING and PONG: Unix seconds with six places.
func date(t time.Time) string {
	us := t.UnixMicro()
	return fmt.Sprintf("%d.%06d", us/1e6, us%1e6)
}
