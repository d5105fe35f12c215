package server

import (
	"time"

	"cxlens/internal/wire"
)

// microStamp is the time of microseconds since the Unix epoch, 0 for none.
func microStamp(us int64) wire.Timestamp {
	if us == 0 {
		return wire.Timestamp{}
	}
	return wire.Timestamp(time.UnixMicro(us))
}

// millis is a duration as the protocol has it in rtt_ms, skew_ms and elapsed_ms, to the microsecond.
func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

type pingParams struct {
	Timestamp wire.Timestamp `json:"timestamp"`
}
