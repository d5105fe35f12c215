package peers

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"cxlens/internal/terminal"
)

// ended is the right end of the status line when nothing runs any more: how long the query took.
var ended = regexp.MustCompile(`(?m) matched · 100,000 here.*  [0-9.]+(µs|ms|s)$`)

// BenchmarkTerminalBytes is what the program writes to its terminal while 100,000 rows stream in for at least
// five seconds, while the cursor then goes down by 100 rows that scroll, and in ten seconds in which nobody does anything.
func BenchmarkTerminalBytes(b *testing.B) {
	for name, flags := range map[string][]string{"usual": nil, "low-bandwidth": {"--low-bandwidth"}} {
		b.Run(name, func(b *testing.B) {
			var stream, scroll, rest int64
			for b.Loop() {
				s := startTrickle(b, 100_000, 50*time.Millisecond)
				term := openClient(b, s.addr(), flags...)
				<-s.first
				<-s.posted
				waitFor(b, term, func(sc terminal.Screen) bool { return ended.MatchString(sc.String()) })
				stream += settled(term)
				scroll += scrolled(b, term)
				before := term.BytesWritten()
				time.Sleep(10 * time.Second) // what is measured is what comes by itself
				rest += term.BytesWritten() - before
				if err := term.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(stream)/float64(b.N), "B/stream")
			b.ReportMetric(float64(scroll)/float64(b.N)/100, "B/row-scrolled")
			b.ReportMetric(float64(rest)/float64(b.N)/10, "B/s-at-rest")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// scrolled is what the program writes for 100 rows that the cursor goes down at the lower end of the screen,
// each of them seen before the next key.
func scrolled(b *testing.B, term *terminal.Terminal) int64 {
	b.Helper()
	row := 1
	down := func(rows int) {
		for range rows {
			row++
			if err := term.Send("down"); err != nil {
				b.Fatal(err)
			}
			text := fmt.Sprintf("row %d ·", row)
			waitFor(b, term, func(sc terminal.Screen) bool { return sc.Contains(text) })
		}
	}
	down(40) // more than the screen has
	before := settled(term)
	down(100)
	return settled(term) - before
}

// settled waits until nothing was written for a while and returns all that was.
func settled(term *terminal.Terminal) int64 {
	for n := term.BytesWritten(); ; {
		time.Sleep(150 * time.Millisecond) // a terminal does not tell that nothing more comes
		now := term.BytesWritten()
		if now == n {
			return n
		}
		n = now
	}
}

func waitFor(b *testing.B, term *terminal.Terminal, cond func(terminal.Screen) bool) {
	b.Helper()
	if err := term.WaitFor(b.Context(), cond); err != nil {
		b.Fatal(err)
	}
}
