package wire

import (
	"encoding/json"
	"strconv"
	"time"
)

// maxUnix is the end of the year 2200, beyond which a peer's clock is nonsense.
const maxUnix = 7_289_654_400

// Timestamp is a time as the protocol has it (protocol.md section 4): Unix seconds as a
// JSON number, to the microsecond; null for the zero time. Reading takes a peer's nonsense
// (0, negative, after 2200) for the zero time.
type Timestamp time.Time

// Time returns t in UTC, or the zero time.
func (t Timestamp) Time() time.Time {
	if time.Time(t).IsZero() {
		return time.Time{}
	}
	return time.Time(t).UTC()
}

// MarshalJSON implements json.Marshaler.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(time.Time(t).UnixMicro())/1e6, 'f', -1, 64), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	var s float64
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*t = Timestamp{}
	if s > 0 && s < maxUnix {
		*t = Timestamp(time.UnixMicro(int64(s * 1e6)))
	}
	return nil
}

// Skew is how far the peer's clock is ahead of ours: t, which the peer told, less the
// middle of our interval from sent to the answer. ok is false when the peer told no time.
func (t Timestamp) Skew(sent time.Time, rtt time.Duration) (skew time.Duration, ok bool) {
	if time.Time(t).IsZero() {
		return 0, false
	}
	return time.Time(t).Sub(sent.Add(rtt / 2)).Round(time.Microsecond), true
}
