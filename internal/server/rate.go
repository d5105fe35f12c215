package server

import "time"

// rateWindow is what flows_per_s looks back on: cxtracker writes a file a minute.
const rateWindow = 60

// rate counts flows in slots of a second.
type rate struct {
	start time.Time // when counting began
	last  int64     // the Unix second of the newest slot
	slots [rateWindow]uint64
	sum   uint64
}

// reset begins anew.
func (r *rate) reset(now time.Time) { *r = rate{start: now, last: now.Unix()} }

func (r *rate) add(now time.Time, n int) {
	r.advance(now)
	r.slots[r.last%rateWindow] += uint64(n)
	r.sum += uint64(n)
}

// perSecond is the mean of the window, or of the time since reset while that is shorter.
func (r *rate) perSecond(now time.Time) float64 {
	r.advance(now)
	span := min(max(now.Sub(r.start).Seconds(), 1), rateWindow)
	return float64(r.sum) / span
}

// advance empties the slots of the seconds that passed. A clock that was set back counts on in the newest slot.
func (r *rate) advance(now time.Time) {
	sec := now.Unix()
	if sec-r.last > rateWindow {
		r.last = sec - rateWindow
	}
	for r.last < sec {
		r.last++
		r.sum -= r.slots[r.last%rateWindow]
		r.slots[r.last%rateWindow] = 0
	}
}
