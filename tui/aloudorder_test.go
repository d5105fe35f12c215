package tui

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/internal/flow"
)

// TestRowsAreToldWhenKeysReachThem: rows that a followed query brings come on the screen only when the order
// has them, and are not said to be here before.
func TestRowsAreToldWhenKeysReachThem(t *testing.T) {
	var later atomic.Int64 // sorts look at the clock too
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.set(func() { r.table, r.progress.State = flow.NewTable(), client.Streaming })
	}
	l := listen(start(t, aloudWidth, aloudHeight, src, func(o *Options) {
		o.Follow, o.Now = true, func() time.Time { return clock.Add(time.Duration(later.Load())) }
	}))
	l.heard()
	arrive := func(n int) {
		src.last().set(func() {
			r := src.results[len(src.results)-1]
			r.table = newTableLike(r.table, n)
			r.progress.State, r.progress.Rows, r.progress.Matched = client.Following, n, uint64(n)
		})
	}
	told := func(text string, want int) {
		t.Helper()
		l.until(text, func() bool { return slices.Contains(l.out, text) })
		if shown, _ := l.m.table.Len(); shown != want {
			t.Errorf("%q is said while %d rows can be reached", l.heard(), shown)
		}
		if got := l.heard(); !slices.Equal(got, []string{text}) {
			t.Errorf("said\n%q, want\n%q", got, text)
		}
	}
	arrive(20)
	told("following: 20 matched, 20 here", 20)
	later.Add(int64(time.Minute)) // long enough for the next word
	arrive(70)
	told("following: 70 matched, 20 here, 50 not in order yet", 20)
	later.Add(int64(time.Minute))
	told("following: 70 matched, 70 here", 70)
}
