package heap

import (
	"runtime"
	"runtime/debug"
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
	stop := Keep()
	columns := make([][]byte, 40)
	for i := range columns {
		columns[i] = make([]byte, 4<<20)
		for at := 0; at < len(columns[i]); at += 4096 {
			columns[i][at] = 1
		}
	}
	runtime.GC()
	waitFor(t, "a slower pace of garbage", func() bool { return collectorPercent() < 50 })
	runtime.KeepAlive(columns)
	columns = nil
	runtime.GC()
	waitFor(t, "the usual pace", func() bool { return collectorPercent() == 100 })
	waitFor(t, "the memory to go back", func() bool { return spare() <= 2*roomBytes })
	stop()
	if now := collectorPercent(); now != 100 {
		t.Errorf("the collector is left at %d", now)
	}
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
	for began := time.Now(); !cond(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("waited for %s", what)
		}
	}
}
