package heap

import (
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"
)

func TestPercent(t *testing.T) {
	for _, tt := range []struct {
		live uint64
		want int
	}{
		{0, 100}, {1 << 20, 100}, {24 << 20, 100}, {48 << 20, 50}, {240 << 20, 10}, {480 << 20, 5}, {1 << 30, 5}, {1 << 40, 5},
	} {
		if got := percent(tt.live); got != tt.want {
			t.Errorf("%d live bytes: %d, want %d", tt.live, got, tt.want)
		}
	}
}

// TestKeep holds much, drops it, and waits until the system has it again.
func TestKeep(t *testing.T) {
	t.Setenv("GOGC", "")
	stop := sync.OnceFunc(Keep())
	defer stop()
	columns := fill(40)
	waitFor(t, "a slower pace of garbage", func() bool { runtime.GC(); return collectorPercent() < 50 })
	// On a busy machine memory may be given back while the scratch is filled, which keeps the collector from running
	// by itself, or before the scratch is dead, and not again before the collector runs: then it is tried again.
	const tries = 10
	for try := 1; !scratchGoesBack(); try++ {
		if try == tries {
			t.Fatalf("the scratch did not go back, tried %d times: %d bytes are held", tries, held())
		}
	}
	runtime.KeepAlive(columns)
	columns = nil
	// A cycle that begins before the last one was told of is not told: then the next one is.
	waitFor(t, "the usual pace", func() bool { runtime.GC(); return collectorPercent() == 100 })
	stop()
	if now := collectorPercent(); now != 100 {
		t.Errorf("the collector is left at %d", now)
	}
}

// scratchGoesBack fills memory, drops it after a cycle of the collector, and tells whether the system has it soon.
func scratchGoesBack() bool {
	cycles := automatic()
	scratch := fill(40) // the collector runs while it is alive
	ran := within(10*quiet, func() bool { return automatic() > cycles })
	runtime.KeepAlive(scratch)
	scratch = nil
	return ran && within(10*quiet, func() bool { return held() < 60*piece })
}

// within tells whether cond holds before limit has passed.
func within(limit time.Duration, cond func() bool) bool {
	for began := time.Now(); !cond(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > limit {
			return false
		}
	}
	return true
}

const piece = 4 << 20

// fill returns n pieces of memory that the system had to give.
func fill(n int) [][]byte {
	pieces := make([][]byte, n)
	for i := range pieces {
		pieces[i] = make([]byte, piece)
		for at := 0; at < piece; at += 4096 {
			pieces[i][at] = 1
		}
	}
	return pieces
}

// TestKeepLeavesGOGC: what a person chose stays.
func TestKeepLeavesGOGC(t *testing.T) {
	t.Setenv("GOGC", "70")
	defer debug.SetGCPercent(debug.SetGCPercent(70))
	defer Keep()()
	if now := collectorPercent(); now != 70 {
		t.Errorf("the collector is at %d", now)
	}
}

// collectorPercent is what SetGCPercent was given last.
func collectorPercent() uint64 { return read("/gc/gogc:percent")[0] }

func waitFor(t *testing.T, what string, cond func() bool) {
	t.Helper()
	if !within(2*time.Minute, cond) {
		t.Fatalf("waited for %s", what)
	}
}
