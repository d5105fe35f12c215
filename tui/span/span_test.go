package span

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, shows, from, to string
	}{
		{"", "all time", "", ""},
		{" all ", "all time", "", ""},
		{"24h", "last 24h", "2026-11-21T14:00:00Z", ""},
		{"last  15m", "last 15m", "2026-11-22T13:45:00Z", ""},
		{"2026-11-01..2026-11-02", "2026-11-01..2026-11-02", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"},
		{"2026-11-01", "2026-11-01", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"},
		{"..2026-11-02", "..2026-11-02", "", "2026-11-02T00:00:00Z"},
		{"today", "today", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
	} {
		s, err := Parse(c.text, now)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.text, err)
			continue
		}
		from, to := s.Ends(now)
		if s.String() != c.shows || from != c.from || to != c.to {
			t.Errorf("Parse(%q) shows %q from %q to %q, want %q %q %q", c.text, s, from, to, c.shows, c.from, c.to)
		}
		if again, err := Parse(s.Text(), now); err != nil || again != s {
			t.Errorf("Parse(%q) reads back as %v, %v", s.Text(), again, err)
		}
	}
}

func TestSpanMovesWithTheClock(t *testing.T) {
	s, err := Parse("1h", now)
	if err != nil {
		t.Fatal(err)
	}
	from, _ := s.Bounds(now.Add(time.Minute))
	if want := now.Add(-59 * time.Minute); !from.Equal(want) {
		t.Errorf("from is %v, want %v", from, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"nonsense", "last", "24x", "2026-13-01", "2026-11-02..2026-11-01", "last 0h", "-5m"} {
		if s, err := Parse(text, now); err == nil {
			t.Errorf("Parse(%q) = %q, want an error", text, s)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("error of %q has several lines: %q", text, err)
		}
	}
}

func TestLimit(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int64
		ok    bool
	}{
		{"24h limit 100k", 100_000, true},
		{"all limit none", -1, true},
		{"all LIMIT 2M", 2_000_000, true},
		{"limit 500", 500, true},
		{"24h", 0, true},
		{"24h limit", 0, false},
		{"24h limit 0", -1, true},
		{"24h limit 0k", 0, false},
		{"24h limit 5 6", 0, false},
		{"24h limit 99999999999999999999", 0, false},
		{"24h limit -5", 0, false},
	} {
		_, limit, err := ParseWithLimit(c.text, now)
		if (err == nil) != c.ok || limit != c.limit && c.ok {
			t.Errorf("ParseWithLimit(%q) = %d, %v", c.text, limit, err)
		}
	}
}

func TestLimitTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1<<60).Draw(t, "n")
		if back, err := ParseLimit(LimitText(n)); err != nil || back != n {
			t.Fatalf("ParseLimit(%q) = %d, %v", LimitText(n), back, err)
		}
	})
}
