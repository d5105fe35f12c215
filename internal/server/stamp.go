package server

import (
	"strconv"
	"time"
)

// maxUnix is the end of the year 2200, beyond which a peer's clock is nonsense.
const maxUnix = 7_289_654_400

// stamp is a time as the protocol has it: Unix seconds as a JSON number, to the microsecond;
// null for the zero time.
type stamp time.Time

// MarshalJSON implements json.Marshaler.
func (s stamp) MarshalJSON() ([]byte, error) {
	t := time.Time(s)
	if t.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(t.UnixMicro())/1e6, 'f', -1, 64), nil
}

// microStamp is the stamp of microseconds since the Unix epoch, 0 for none.
func microStamp(us int64) stamp {
	if us == 0 {
		return stamp{}
	}
	return stamp(time.UnixMicro(us))
}

// millis is a duration as the protocol has it in rtt_ms, skew_ms and elapsed_ms, to the microsecond.
func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

type pingParams struct {
	Timestamp stamp `json:"timestamp"`
}
