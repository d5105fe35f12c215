package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/transport"
	"cxlens/internal/wire"

	"github.com/cenkalti/backoff/v5"
)

const (
	// signInTimeout bounds authenticate and identify together, which the server gives
	// 10 s (protocol.md section 4).
	signInTimeout = 10 * time.Second
	// firstRetry and lastRetry bound the pause between attempts, which grows and is jittered.
	firstRetry = 500 * time.Millisecond
	lastRetry  = 30 * time.Second
	// steady is how long a connection must live for the pause to begin small again.
	steady = 10 * time.Second
)

// keepConnected connects, again and again, until ctx is done or the server refuses the node for good.
func (a *agent) keepConnected(ctx context.Context) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstRetry, lastRetry
	for {
		lived, err := a.connectOnce(ctx)
		switch {
		case ctx.Err() != nil, a.leaving.Load():
			return nil
		case errors.Is(err, ErrAuth), errors.Is(err, ErrIdentify):
			return err
		}
		if lived > steady {
			pause.Reset()
		}
		retry := pause.NextBackOff()
		a.tell(State{Err: err, Retry: retry})
		t := time.NewTimer(retry)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return nil
		}
	}
}

// tell logs a change of the connection and passes it on.
func (a *agent) tell(s State) {
	if s.Connected {
		a.cfg.Log.Info("connected", "server", flow.Clean(a.cfg.Server), "node", flow.Clean(a.cfg.Name))
	} else {
		a.cfg.Log.Warn("not connected", "server", flow.Clean(a.cfg.Server), "err", flow.Clean(s.Err.Error()), "retry", s.Retry)
	}
	if a.cfg.State != nil {
		a.cfg.State(s)
	}
}

// connectOnce connects, signs in and keeps the connection until it is lost. It
// returns how long the node was identified, and why the connection ended.
func (a *agent) connectOnce(ctx context.Context) (lived time.Duration, err error) {
	nc, err := a.dial(ctx)
	if err != nil {
		return 0, err
	}
	c := wire.New(nc, &handler{agent: a}, wire.Config{Log: a.cfg.Log, IdleTimeout: a.cfg.Silence})
	defer c.Close()
	if err := a.signIn(ctx, c); err != nil {
		return 0, err
	}
	a.setConn(c)
	defer a.setConn(nil)
	a.tell(State{Connected: true})
	began := time.Now()
	a.ping(ctx, c)
	if err = c.Err(); err == nil {
		err = errors.New("the server said BYE")
	}
	return time.Since(began), err
}

// dial opens the connection, with TLS where it is configured.
func (a *agent) dial(ctx context.Context) (net.Conn, error) {
	if a.cfg.Dial != nil {
		ctx, cancel := context.WithTimeout(ctx, transport.DialTimeout)
		defer cancel()
		return a.cfg.Dial(ctx)
	}
	return transport.Dial(ctx, a.cfg.Server, transport.Options{TLS: a.cfg.TLS, Insecure: a.cfg.Insecure})
}

// signIn authenticates and identifies (protocol.md section 4).
func (a *agent) signIn(ctx context.Context, c *wire.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	var account, registered struct {
		ID          any    `json:"id"`
		Description string `json:"description"`
	}
	err := c.Call(ctx, "authenticate", map[string]string{"agent": a.cfg.Agent, "secret": a.cfg.Secret}, &account)
	if err != nil {
		return final(fmt.Errorf("authenticate as agent %s: %w", flow.Clean(a.cfg.Agent), err), ErrAuth,
			wire.CodeAuthUnsupported, wire.CodeUnauthorized, wire.CodeNoMethod, wire.CodeInvalidParams)
	}
	err = c.Call(ctx, "identify", map[string]string{"name": a.cfg.Name, "type": a.cfg.Type, "netgroup": a.cfg.Netgroup}, &registered)
	if err != nil {
		return final(fmt.Errorf("identify as node %s: %w", flow.Clean(a.cfg.Name), err), ErrIdentify,
			wire.CodeIdentifyUnsupported, wire.CodeIdentifyMismatch, wire.CodeUnauthorized, wire.CodeNoMethod, wire.CodeInvalidParams)
	}
	a.cfg.Log.Debug("identified", "agent_id", account.ID, "node_id", registered.ID, "description", flow.Clean(registered.Description))
	return nil
}

// final marks err with mark when the server gave one of the codes that no retry mends.
func final(err, mark error, codes ...int) error {
	var we *wire.Error
	if !errors.As(err, &we) {
		return err
	}
	for _, code := range codes {
		if we.Code == code {
			return fmt.Errorf("%w: %w", mark, err)
		}
	}
	return err
}
