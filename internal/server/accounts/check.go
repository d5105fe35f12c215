package accounts

import (
	"context"
	"fmt"

	"cxlens/internal/secret"
)

// maxChecks bounds how many hashes a checker computes at once, so that a flood of logins
// takes maxChecks times the memory of one, and the others wait their turn.
const maxChecks = 2

// checker compares secrets.
type checker struct {
	params Params
	slots  chan struct{}
	// decoy is what an unknown name's secret is compared with, so that it costs the same time as a known one.
	decoy hash
}

func newChecker(p Params) *checker {
	return &checker{params: p, slots: make(chan struct{}, maxChecks), decoy: newHash(secret.Generate(), p)}
}

// check compares given with the secret of an entry; known is false when there is no such entry.
func (c *checker) check(ctx context.Context, e entry, known bool, given string) (Account, error) {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return Account{}, fmt.Errorf("waiting to check a secret: %w", ctx.Err())
	}
	defer func() { <-c.slots }()
	h := c.decoy
	if known {
		h = e.hash
	}
	if !h.matches(given) || !known {
		return Account{}, ErrRefused
	}
	return e.Account, nil
}

// acceptable refuses at once what no account can have: it costs a flood nothing and tells it nothing.
func acceptable(name, given string) bool {
	return CheckName(name) == nil && secret.Check(given) == nil
}
