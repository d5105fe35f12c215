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
