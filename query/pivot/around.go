package pivot

import (
	"errors"
	"time"

	"cxlens/internal/flow"
)

// Around is the span from d before the start of r to d after it, in whole seconds that hold both
// ends; r itself is in it. d is above 0.
func Around(r *flow.Record, d time.Duration) (from, to time.Time, err error) {
	if d <= 0 {
		return from, to, errors.New("the time around a row must be above 0")
	}
	start := time.UnixMicro(r.Start).UTC()
	from = start.Add(-d).Truncate(time.Second)
	to = start.Add(d).Truncate(time.Second).Add(time.Second)
	if from.UnixMicro() < flow.MinTime || to.UnixMicro() > flow.MaxTime {
		return from, to, errors.New("the time around this row is outside of the years 0 to 9999")
	}
	return from, to, nil
}
