package server

import (
	"context"
	"errors"
	"time"

	"cxlens/internal/wire"
)

// firstPing is when an established peer is pinged for the first time: soon, because the node pane
// waits for its round trip, and behind the answer that made it established.
const firstPing = 250 * time.Millisecond

// pong is the outcome of a ping that was answered.
type pong struct {
	rtt     time.Duration
	skew    time.Duration // the peer's time minus the middle of the round trip
	hasSkew bool          // the answer had a timestamp
}

// heartbeat pings an established peer every interval until the connection ends, and hands
// every answer to heard. That a peer is lost is wire's finding: its IdleTimeout is the silence of the configuration.
func (p *peer) heartbeat(heard func(pong)) {
	interval := p.srv.cfg.PingInterval
	next := time.NewTimer(min(firstPing, interval))
	defer next.Stop()
	for {
		select {
		case <-next.C:
		case <-p.ctx.Done():
			return
		}
		next.Reset(interval)
		if a, err := p.ping(3 * interval); err == nil {
			heard(a)
		} else {
			p.log.Debug("ping", "err", err)
		}
	}
}

// ping asks the peer for its time. An error object is an answer too: the peer lives.
func (p *peer) ping(timeout time.Duration) (pong, error) {
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	now := p.srv.now
	var result struct {
		Timestamp wire.Timestamp `json:"timestamp"`
	}
	sent := now()
	err := p.wire().Call(ctx, "ping", pingParams{Timestamp: wire.Timestamp(sent)}, &result)
	rtt := now().Sub(sent)
	if refused := (*wire.Error)(nil); errors.As(err, &refused) {
		return pong{rtt: rtt}, nil
	}
	if err != nil {
		return pong{}, err
	}
	a := pong{rtt: rtt}
	a.skew, a.hasSkew = result.Timestamp.Skew(sent, rtt)
	return a, nil
}
