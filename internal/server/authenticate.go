package server

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/server/accounts"
	"cxlens/internal/wire"
)

// status is the "status" member of authenticate's and identify's results: what was known
// before this connection.
type status struct {
	Timestamp wire.Timestamp `json:"timestamp"`
	State     string         `json:"state,omitempty"`
}

// authParams are authenticate's params, of both sides.
type authParams struct {
	Agent  string `json:"agent"`
	Client string `json:"client"`
	Secret string `json:"secret"`
}

// authenticate checks a name and a secret and moves the peer to the state that entered returns. Twice is -2, a wrong name or
// secret -10, and an attempt after the third -10 ends the connection.
func (p *peer) authenticate(ctx context.Context, kind accounts.Kind, raw json.RawMessage, entered func(accounts.Account) state) (accounts.Account, error) {
	var params authParams
	if err := decodeParams("authenticate", raw, &params); err != nil {
		return accounts.Account{}, err
	}
	name := params.Agent
	if kind == accounts.Client {
		name = params.Client
	}
	if err := need("authenticate", kind.String(), name); err != nil {
		return accounts.Account{}, err
	}
	if err := need("authenticate", "secret", params.Secret); err != nil {
		return accounts.Account{}, err
	}
	p.login.Lock()
	defer p.login.Unlock()
	if p.at() != connected {
		return accounts.Account{}, unauthorized("authenticated already")
	}
	if p.failed >= maxLogins {
		p.wire().Close()
		return accounts.Account{}, unauthorized("too many attempts")
	}
	a, err := p.srv.cfg.Accounts.Authenticate(ctx, kind, name, params.Secret)
	if err != nil {
		return a, p.refuse(kind, name, err)
	}
	p.log.Info("authenticated", kind.String(), a.Name)
	p.reach(entered(a))
	return a, nil
}

// refuse answers an authenticate in vain; p.login is held.
func (p *peer) refuse(kind accounts.Kind, name string, err error) error {
	if !errors.Is(err, accounts.ErrRefused) {
		p.log.Error("authentication cannot be checked", "err", err)
		return &wire.Error{Code: wire.CodeInternal, Message: "authentication cannot be checked now; the server's log says why"}
	}
	p.failed++
	if len(name) > accounts.MaxName {
		name = name[:accounts.MaxName] + "..."
	}
	p.log.Warn("authentication refused", kind.String(), flow.Clean(name), "attempt", p.failed)
	return &wire.Error{Code: wire.CodeAuthUnsupported, Message: "authentication failed: wrong name or secret"}
}

// logins remembers when accounts last authenticated, while the server runs.
type logins struct {
	mu   sync.Mutex
	last map[loginKey]time.Time
}

type loginKey struct {
	kind accounts.Kind
	id   uint32
}

func newLogins() *logins { return &logins{last: map[loginKey]time.Time{}} }

// swap notes a login at now and returns the one before it, or when the account was made.
func (l *logins) swap(a accounts.Account, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := loginKey{a.Kind, a.ID}
	before, ok := l.last[k]
	l.last[k] = now
	if !ok {
		return a.Created
	}
	return before
}
