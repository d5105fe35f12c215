package span

import (
	"testing"
	"time"
)

func TestBetween(t *testing.T) {
	from := time.Date(2026, 11, 20, 10, 0, 7, 0, time.UTC)
	for _, c := range []struct {
		to   time.Time
		want string
	}{
		{from.Add(10 * time.Minute), "2026-11-20 10:00:07 .. 10:10:07"},
		{from.Add(24 * time.Hour), "2026-11-20 10:00:07 .. 2026-11-21 10:00:07"},
	} {
		s, err := Between(from, c.to)
		if err != nil {
			t.Fatal(err)
		}
		if s.String() != c.want {
			t.Errorf("shown as %q, want %q", s, c.want)
		}
		if a, b := s.Bounds(from); !a.Equal(from) || !b.Equal(c.to) {
			t.Errorf("from %s to %s", a, b)
		}
		if again, err := Parse(s.Text(), from); err != nil || again != s {
			t.Errorf("%q reads back as %q, %v", s.Text(), again, err)
		}
	}
}

func TestLength(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Minute: "1m", 30 * time.Minute: "30m", 90 * time.Second: "1m30s", 2 * time.Hour: "2h", 90 * time.Minute: "1h30m", 10 * time.Second: "10s"} {
		if got := Length(d); got != want {
			t.Errorf("%s is written %s, want %s", d, got, want)
		}
	}
}

func TestParseShown(t *testing.T) {
	now := time.Date(2026, 11, 22, 13, 58, 7, 0, time.UTC)
	for _, text := range []string{
		"", "all", "24h", "last 90m", "today", "yesterday", "2026-11-20", "2026-11-20 08:00:00 .. 2026-11-20 09:00:00",
		"2026-11-20 08:00:00 .. 2026-11-21 09:00:00", "2026-11-20T08:00:00Z .. ", ".. 2026-11-20", "now-2h",
	} {
		s, err := Parse(text, now)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseShown(s.String(), now); err != nil || got != s {
			t.Errorf("%q is shown as %q, which is %+v, %v, not %+v", text, s, got, err, s)
		}
	}
	if _, err := ParseShown("± 1m", now); err == nil {
		t.Error("± 1m is read")
	}
}
