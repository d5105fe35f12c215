package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cxlens/internal/terminal"
	"cxlens/tui"
)

// The size of the soak. Without flags it is a short one, which finds panics and hangs; `make soak` is the long one.
var (
	soakFor   = flag.Duration("soak", 4*time.Second, "how long the soak presses keys")
	soakFlows = flag.Int("soak.flows", 3000, "how many flows the soak begins with")
	soakSeed  = flag.Uint64("soak.seed", 1, "seed of the keys of the soak")
)

// vitals are what the client tells of itself after a collection of its garbage.
type vitals struct {
	Goroutines int
	Heap       uint64 // bytes in use
	Resident   uint64 // bytes, after free memory went back to the system
}

// soakReport names the file of the vitals; the program that has it in its environment is this test
// binary, which then is the program and writes them at every SIGUSR1.
const soakReport = "CXLENS_TEST_VITALS"

// runReporting runs the program and reports its vitals.
func runReporting(path string) int {
	ask := make(chan os.Signal, 1)
	signal.Notify(ask, syscall.SIGUSR1)
	go func() {
		for range ask {
			debug.FreeOSMemory()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			data, err := json.Marshal(vitals{runtime.NumGoroutine(), m.HeapInuse, resident()})
			if err == nil {
				if err = os.WriteFile(path+".part", data, 0o600); err == nil {
					_ = os.Rename(path+".part", path) // the test waits for it and says when it does not come
				}
			}
		}
	}()
	return run()
}

// resident is the resident size of this process, 0 where the system does not tell.
func resident() uint64 {
	var size, pages uint64
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

// soak is a client under keys.
type soak struct {
	*screen
	report string
	rng    *rand.Rand
	keys   []string
	files  *spool
	slow   time.Duration // the longest that a help page took to come
	// patience bounds every wait: queries over millions of flows take their time.
	patience time.Duration
}

// TestSoak: random keys, changing sizes, several tabs, a followed query and new flows all the time leave
// the program whole: it answers, no goroutine is left over and its memory does not grow.
func TestSoak(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the resident size is read from /proc")
	}
	t.Parallel()
	srv, files := startServer(t), newSpool(t)
	srv.startNode(t, "eth1", files.dir)
	const most = 250_000 // flows of a file
	for left := *soakFlows; left > 0; left -= most {
		files.add(min(left, most), standard)
		files.empties(4)
	}
	files.empties(0)
	s := openSoak(t, srv, files)
	s.home()
	before := s.vitals()
	t.Logf("begins with %d flows: %+v, %.1f bytes a flow", *soakFlows, before, float64(before.Resident)/float64(*soakFlows))

	seen := []vitals{before}
	end := time.Now().Add(*soakFor)
	pace := time.NewTicker(25 * time.Millisecond) // what an impatient person's fingers and key repeat do
	defer pace.Stop()
	for keys := 0; time.Now().Before(end); keys++ {
		<-pace.C
		s.step(keys)
		if keys%1500 == 1499 {
			s.home()
			v := s.vitals()
			t.Logf("after %d keys: %+v, a key answered within %v", keys+1, v, s.slow)
			seen = append(seen, v)
		}
	}
	s.home()
	after := s.rests(before)
	t.Logf("at the end: %+v, a key was answered within %v at most", after, s.slow)
	s.judge(append(seen, after))
	s.press("ctrl+c", "ctrl+c")
	s.ends(exitFine)
}

func openSoak(t *testing.T, srv *testServer, files *spool) *soak {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report, bound := filepath.Join(t.TempDir(), "vitals"), time.Minute
	if *soakFor > bound {
		bound = 10 * time.Minute
	}
	term, err := terminal.Start(t.Context(), terminal.Options{
		Cmd: exe, Args: srv.asClient("--limit", "0", fullBandwidth), Env: append(home(t), soakReport+"="+report), Dir: t.TempDir(), Cols: 140, Rows: 40,
		Timeout: bound,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.Close() }) // it has ended, or the test has failed
	return &soak{screen: &screen{term, t}, report: report, rng: rand.New(rand.NewPCG(*soakSeed, 0)), keys: soakKeys(), files: files, patience: bound}
}

// forbidden are keys that end the program, suspend it, fill the disk or open tabs without end.
var forbidden = []string{"q", "ctrl+c", "ctrl+z", "ctrl+k", "ctrl+t", "ctrl+o", "o", "O", "U", "x"}

// soakKeys are all keys of all parts that a terminal can send and that leave the program running.
func soakKeys() (keys []string) {
	for _, km := range tui.AllKeys() {
		for _, b := range km.Bindings {
			for _, k := range b.Keys {
				if !slices.Contains(forbidden, k) && !slices.Contains(keys, k) && terminal.IsKey(k) {
					keys = append(keys, k)
				}
			}
		}
	}
	return keys
}

var walking = []string{"j", "k", "down", "up", "pgdown", "pgup", "ctrl+d", "ctrl+u", "g", "G", "h", "l", "left", "right", "enter", "esc"}

var soakTexts = []string{
	"port 53", "tcp and src bytes > 150", "udp or port 443", "ip 10.0.3.0/24", "not proto tcp", "duration > 5s and bytes > 1K", "any", "flags S", "zz", "last 24h", "(",
	"10.0.0.", "日本語",
}

// step presses one key, or does one of the rarer things.
func (s *soak) step(n int) {
	switch p := s.rng.IntN(1000); {
	case p < 600:
		s.press(walking[s.rng.IntN(len(walking))])
	case p < 900:
		s.press(s.keys[s.rng.IntN(len(s.keys))])
	case p < 930:
		if err := s.Type(soakTexts[s.rng.IntN(len(soakTexts))]); err != nil {
			s.t.Fatal(err)
		}
	case p < 950:
		if err := s.Resize(20+s.rng.IntN(230), 5+s.rng.IntN(75)); err != nil {
			s.t.Fatal(err)
		}
	case p < 970:
		sc := s.Screen()
		x, y := s.rng.IntN(sc.Cols), s.rng.IntN(sc.Rows)
		if !sc.Mode(1006) { // the mouse is the terminal's
			break
		}
		s.click(terminal.LeftButton, x, y)
	case p < 975:
		s.leave()
		s.press("ctrl+t")
		s.enter(soakTexts[s.rng.IntN(5)])
	case p < 982:
		s.leave()
		s.press("ctrl+w", "ctrl+w")
	default:
		s.press("esc")
	}
	if n%40 == 0 {
		s.files.add(10, standard)
	}
}

// leave goes out of boxes within boxes.
func (s *soak) leave() {
	s.t.Helper()
	for range 5 {
		s.press("esc")
	}
}

var rowsHere = regexp.MustCompile(` matched · ([0-9,]+) here`)

// home brings the program to where it began: one tab with all flows, followed, in a known size.
func (s *soak) home() {
	s.t.Helper()
	if err := s.Resize(140, 40); err != nil {
		s.t.Fatal(err)
	}
	s.helps()
	s.leave()
	s.press("ctrl+w", "ctrl+w", "ctrl+w", "ctrl+w", "ctrl+w", "ctrl+w")
	s.press("L", "ctrl+u")
	s.enter("all limit none")
	s.press(":", "ctrl+u")
	s.enter("any")
	s.until(func(sc terminal.Screen) bool { return sc.Contains("❯ any  ") && here(sc) >= *soakFlows })
	if !s.Screen().Contains("no limit · follow") {
		s.press("F")
	}
	s.until(func(sc terminal.Screen) bool {
		return here(sc) >= *soakFlows && sc.Contains("following new flows") && !sc.Contains("not in order yet")
	})
}

// helps leaves whatever box is open and asks for the keys, which shows that the program answers. A box that opens
// by itself, when what it shows has come, may open after that: then it is tried again.
func (s *soak) helps() {
	s.t.Helper()
	const tries = 10
	for try := 1; ; try++ {
		s.leave()
		began := time.Now()
		s.press("?")
		ctx, cancel := context.WithTimeout(s.t.Context(), s.patience/tries)
		err := s.WaitText(ctx, "keys for ")
		cancel()
		if err == nil {
			s.slow = max(s.slow, time.Since(began))
			return
		}
		if try == tries {
			s.t.Fatalf("esc and ? do not lead to the keys, tried %d times: %v", tries, err)
		}
		s.t.Logf("try %d of %d: %v", try, tries, err)
	}
}

// here is how many flows the status line counts, 0 while it says something else.
func here(sc terminal.Screen) int {
	found := rowsHere.FindStringSubmatch(sc.String())
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(found[1], ",", ""))
	if err != nil {
		return 0
	}
	return n
}

// vitals asks the program for them.
func (s *soak) vitals() (v vitals) {
	s.t.Helper()
	_ = os.Remove(s.report) // it may not be there
	if err := s.Signal(syscall.SIGUSR1); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "the program's vitals", func() bool {
		data, err := os.ReadFile(s.report)
		return err == nil && json.Unmarshal(data, &v) == nil
	})
	return v
}

// moreGoroutines is how many more than at the beginning are none that a leak left.
const moreGoroutines = 8

// rests waits until what the last keys began has ended, queries that nobody looks at any more among it, and
// returns the vitals of then. When it does not end, they tell.
func (s *soak) rests(before vitals) (v vitals) {
	s.t.Helper()
	for end := time.Now().Add(s.patience); ; {
		v = s.vitals()
		if v.Goroutines <= before.Goroutines+moreGoroutines || time.Now().After(end) {
			return v
		}
	}
}

// judge compares the vitals of the end with those of the beginning. The flows that came meanwhile, the
// history and the caches may cost a little; what leaks goes on with every key.
func (s *soak) judge(seen []vitals) {
	s.t.Helper()
	first, last := seen[0], seen[len(seen)-1]
	if last.Goroutines > first.Goroutines+moreGoroutines {
		s.t.Errorf("%d goroutines at the end, %d at the beginning", last.Goroutines, first.Goroutines)
	}
	most := slices.MaxFunc(seen[len(seen)/2:], func(a, b vitals) int { return cmp.Compare(a.Heap, b.Heap) }).Heap
	if allowed := first.Heap + first.Heap/8 + 32<<20; most > allowed {
		s.t.Errorf("%d bytes of heap in the second half, %d at the beginning", most, first.Heap)
	}
	if frame := s.Screen().String(); strings.Contains(frame, "panic") || strings.Contains(frame, "goroutine ") {
		s.t.Error("the screen shows a panic")
	}
}
