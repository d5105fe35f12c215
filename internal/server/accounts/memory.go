package accounts

import (
	"context"
	"sync"
	"time"

	"cxlens/internal/secret"
)

// Memory keeps accounts in memory, for a server inside another program. It is safe for concurrent use.
type Memory struct {
	checker *checker
	now     func() time.Time
	mu      sync.Mutex
	rolls   [numKinds]roll
}

// memoryParams are cheap: these hashes never leave the process, so there is nothing to guess at.
var memoryParams = Params{MemoryKiB: 64, Passes: 1, Threads: 1}

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	return &Memory{checker: newChecker(memoryParams), now: time.Now}
}

// Add adds an account with a's name, description and level, and that secret. ErrExists: the name is taken.
func (m *Memory) Add(kind Kind, a Account, given string) error {
	e, err := newEntry(kind, a, given, m.checker.params, m.now())
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err = m.rolls[kind].add(e)
	return err
}

// Remove removes an account. Its connections stay; it cannot authenticate again. ErrUnknown: it is not there.
func (m *Memory) Remove(kind Kind, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rolls[kind].remove(kind, name)
}

// Authenticate returns the account of that name if given is its secret, else ErrRefused.
func (m *Memory) Authenticate(ctx context.Context, kind Kind, name, given string) (Account, error) {
	if !acceptable(name, given) {
		return Account{}, ErrRefused
	}
	m.mu.Lock()
	e, known := m.entry(kind, name)
	m.mu.Unlock()
	return m.checker.check(ctx, e, known, given)
}

func (m *Memory) entry(kind Kind, name string) (entry, bool) {
	r := &m.rolls[kind]
	if i, found := r.find(name); found {
		return r.entries[i], true
	}
	return entry{}, false
}

// newEntry makes an entry without an id.
func newEntry(kind Kind, a Account, given string, p Params, now time.Time) (entry, error) {
	if kind == Agent {
		a.Level = 0
	}
	if err := a.check(kind); err != nil {
		return entry{}, err
	}
	if err := secret.Check(given); err != nil {
		return entry{}, err
	}
	a.Kind, a.ID, a.Created = kind, 0, now.UTC().Truncate(time.Second)
	return entry{Account: a, hash: newHash(given, p)}, nil
}
