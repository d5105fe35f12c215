package server

import (
	"sync"
	"time"
)

// The rate of log lines about bad lines: a node with a broken disk must not fill the server's.
const (
	lineLogBurst     = 20
	lineLogPerSecond = 1
)

// lineLog says which of many log lines are written.
type lineLog struct {
	now func() time.Time

	mu       sync.Mutex
	tokens   float64
	last     time.Time
	withheld int
}

func newLineLog(now func() time.Time) *lineLog {
	return &lineLog{now: now, tokens: lineLogBurst, last: now()}
}

// allow tells whether a line may be written, and then how many were not since the last one that was.
func (l *lineLog) allow() (withheld int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.tokens = min(l.tokens+max(now.Sub(l.last).Seconds(), 0)*lineLogPerSecond, lineLogBurst)
	l.last = now
	if l.tokens < 1 {
		l.withheld++
		return 0, false
	}
	l.tokens--
	withheld, l.withheld = l.withheld, 0
	return withheld, true
}
