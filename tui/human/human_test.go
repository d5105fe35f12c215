package human

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCount(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0", 7: "7", 999: "999", 1000: "1.00k", 1234: "1.23k", 9994: "9.99k", 9995: "10.0k", 45123: "45.1k",
		99949: "99.9k", 99950: "100k", 120000: "120k", 999499: "999k", 999500: "1.00M", 1800000: "1.80M",
		48_100_000_000: "48.1G", math.MaxUint64: "18.4E",
	} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCountKeepsThreeFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64().Draw(t, "n")
		s := Count(n)
		mantissa := strings.TrimRight(s, "kMGTPE")
		if len(strings.ReplaceAll(mantissa, ".", "")) > 3 {
			t.Fatalf("Count(%d) = %q has more than three figures", n, s)
		}
		f, err := strconv.ParseFloat(mantissa, 64)
		if err != nil {
			t.Fatal(err)
		}
		unit := strings.Index(" kMGTPE", s[len(mantissa):])
		if s == mantissa {
			unit = 0
		}
		back := f * math.Pow(1000, float64(unit))
		if diff := math.Abs(back - float64(n)); diff > float64(n)*0.00501 {
			t.Fatalf("Count(%d) = %q is off by %g", n, s, diff)
		}
	})
}

func TestExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64().Draw(t, "n")
		s := Exact(n)
		if strings.ReplaceAll(s, ",", "") != strconv.FormatUint(n, 10) {
			t.Fatalf("Exact(%d) = %q", n, s)
		}
		for i, group := range strings.Split(s, ",") {
			if len(group) > 3 || i > 0 && len(group) != 3 {
				t.Fatalf("Exact(%d) = %q: group %q", n, s, group)
			}
		}
	})
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 412 * time.Microsecond: "412µs", 204 * time.Millisecond: "204ms", 999600 * time.Microsecond: "1.00s",
		3 * time.Second: "3.00s", 12400 * time.Millisecond: "12.4s", 59960 * time.Millisecond: "1m00s",
		245 * time.Second: "4m05s", 3*time.Hour + 12*time.Minute: "3h12m", 52 * time.Hour: "2d04h",
		-2 * time.Second: "-2.00s", math.MinInt64: "-106751d23h",
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestBytesAndFloats(t *testing.T) {
	if got := Bytes(45123); got != "45.1 kB" {
		t.Errorf("Bytes = %q", got)
	}
	if got := Bytes(12); got != "12 B" {
		t.Errorf("Bytes = %q", got)
	}
	for f, want := range map[float64]string{0: "0", 0.25: "0.25", 9.81: "9.81", 999.6: "1.00k", -5: "-5.00", 45123: "45.1k"} {
		if got := string(AppendFloat(nil, f)); got != want {
			t.Errorf("AppendFloat(%g) = %q, want %q", f, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		t    time.Time
		want string
	}{{time.Time{}, "never"}, {now, "now"}, {now.Add(time.Hour), "now"}, {now.Add(-11 * time.Second), "11s ago"}, {now.Add(-4 * time.Minute), "4m00s ago"}} {
		if got := Ago(now, c.t); got != c.want {
			t.Errorf("Ago(%v) = %q, want %q", c.t, got, c.want)
		}
	}
}
