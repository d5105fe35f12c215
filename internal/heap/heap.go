// Package heap keeps the memory of a process close to what it holds: the rows of a
// result are large and live long, and Go's collector by itself lets as much garbage
// grow beside them before it looks.
//
// It imports nothing of cxlens, and works on the whole process: only a command starts it.
//
// The surprising thing: it costs next to nothing, because the columns of a table hold
// no pointers, so that the collector has nothing to follow in them.
package heap

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// roomBytes and roomPart are the garbage that may stand beside what lives, the larger of both: enough
	// for a small program to be as it is without this package.
	roomBytes = 24 << 20
	roomPart  = 20
	// quiet is how long the collector must not have run before memory is given back: who works will need it again.
	quiet = 500 * time.Millisecond
)

// Keep does so until stop is called; then the collector is as before. Where the environment sets GOGC, nothing is changed.
func Keep() (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	cycles, done, ended := make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	before := debug.SetGCPercent(percent(live()))
	watch(cycles, done)
	go func() {
		defer close(ended)
		keep(cycles, done)
	}()
	return func() {
		close(done)
		<-ended
		debug.SetGCPercent(before)
	}
}

// watch tells cycles of every cycle of the collector: it finds the sentinel dead, and leaves another one.
func watch(cycles, done chan struct{}) {
	sentinel := new([16]byte)
	runtime.AddCleanup(sentinel, func(struct{}) {
		select {
		case <-done:
			return
		case cycles <- struct{}{}:
		default:
		}
		watch(cycles, done)
	}, struct{}{})
}

// keep sets the pace after each cycle, and gives memory back when the collector rests.
func keep(cycles, done chan struct{}) {
	rest := time.NewTimer(quiet)
	defer rest.Stop()
	last, worked := percent(live()), automatic()
	for {
		select {
		case <-done:
			return
		case <-cycles:
			if p := percent(live()); p != last {
				debug.SetGCPercent(p)
				last = p
			}
			rest.Reset(quiet)
		case <-rest.C:
			// What the last cycle found alive may be dead by now, the scratch of a sort for one: only
			// another cycle tells. The one that this makes is no reason for a further one.
			if now := automatic(); now != worked && held() > 2*roomBytes {
				debug.FreeOSMemory()
				worked = automatic()
			}
		}
	}
}

// room is the garbage that may stand beside so many live bytes.
func room(live uint64) uint64 { return max(roomBytes, live/roomPart) }

// percent is room as GOGC has it: a part of what lives, at most the usual 100.
func percent(live uint64) int {
	return int(math.Ceil(min(100, 100*float64(room(live))/float64(max(live, 1)))))
}

// live is what the last cycle of the collector found alive.
func live() uint64 { return read("/gc/heap/live:bytes")[0] }

// held is the memory that the heap has from the system.
func held() uint64 {
	values := read("/memory/classes/heap/objects:bytes", "/memory/classes/heap/unused:bytes", "/memory/classes/heap/free:bytes")
	return values[0] + values[1] + values[2]
}

// automatic counts the cycles of the collector that nobody asked for.
func automatic() uint64 { return read("/gc/cycles/automatic:gc-cycles")[0] }

func read(names ...string) []uint64 {
	samples := make([]metrics.Sample, len(names))
	for i, name := range names {
		samples[i].Name = name
	}
	metrics.Read(samples)
	values := make([]uint64, len(names))
	for i := range samples {
		values[i] = samples[i].Value.Uint64()
	}
	return values
}
