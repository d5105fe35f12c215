package wire

import (
	"log/slog"
	"time"
)

// The defaults of protocol.md sections 2 and 3.
const (
	defaultMaxObject = 1 << 20
	defaultMaxLine   = 64 << 10
	defaultMaxBlock  = 64 << 20
	defaultMaxOutbox = 4 << 20

	defaultAckTimeout      = 30 * time.Second
	defaultFinalAckTimeout = 60 * time.Second
	defaultWriteTimeout    = 30 * time.Second
	defaultIdleTimeout     = 60 * time.Second
)

// Bounds that are not worth a setting.
const (
	maxCalls   = 32   // of the peer's requests, at once
	maxNews    = 64   // of our requests and PINGs that are not written yet
	maxDepth   = 1000 // of nested objects and arrays
	maxModule  = 64   // bytes of a module's name
	minRate    = 4096 // bytes a second that an item begun must keep up, after AckTimeout
	itemCost   = 64   // bytes that an item costs the outbox beside its text
	byeWait    = 5 * time.Second
	lingerTime = 500 * time.Millisecond
	lingerRead = 4 << 20 // bytes read and dropped so that the peer can read our last words
	maxDate    = 64      // characters of a peer's date that are kept
)

// withDefaults fills in what is zero.
func (c Config) withDefaults() Config {
	size := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	wait := func(v *time.Duration, def time.Duration) {
		if *v <= 0 {
			*v = def
		}
	}
	size(&c.MaxObject, defaultMaxObject)
	size(&c.MaxLine, defaultMaxLine)
	size(&c.MaxBlock, defaultMaxBlock)
	size(&c.MaxOutbox, defaultMaxOutbox)
	wait(&c.AckTimeout, defaultAckTimeout)
	wait(&c.FinalAckTimeout, defaultFinalAckTimeout)
	wait(&c.WriteTimeout, defaultWriteTimeout)
	if c.IdleTimeout == 0 {
		c.IdleTimeout = defaultIdleTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}
