package wire

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTimestampRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.UnixMicro(rapid.Int64Range(1, 4_000_000_000_000_000).Draw(t, "µs"))
		data, err := json.Marshal(Timestamp(want))
		if err != nil {
			t.Fatal(err)
		}
		var got Timestamp
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		// A JSON number has 53 bits: a microsecond may be lost in rounding.
		if d := got.Time().Sub(want).Abs(); d > time.Microsecond {
			t.Fatalf("%s came back as %s", want, got.Time())
		}
	})
}

func TestTimestampReads(t *testing.T) {
	for text, want := range map[string]time.Time{
		"1795355793":   time.Unix(1795355793, 0),
		"1795355793.5": time.Unix(1795355793, 5e8),
		"null":         {},
		"0":            {},
		"-4":           {},
		"1e99":         {},
	} {
		var got Timestamp
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Time().Equal(want) {
			t.Errorf("%s: got %s, %v", text, got.Time(), err)
		}
	}
	var got Timestamp
	if err := json.Unmarshal([]byte(`"noon"`), &got); err == nil {
		t.Error("a text was taken for a time")
	}
}

func TestSkew(t *testing.T) {
	sent := time.Unix(1000, 0)
	peer := Timestamp(sent.Add(time.Second + 5*time.Second))
	if got, ok := peer.Skew(sent, 2*time.Second); !ok || got != 5*time.Second {
		t.Errorf("got %s, %v; want 5s", got, ok)
	}
	if _, ok := (Timestamp{}).Skew(sent, time.Second); ok {
		t.Error("a skew of no time")
	}
}
