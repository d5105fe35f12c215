package peers

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/terminal"
)

// programDir holds the built cxlens, once there is one.
var programDir string

// program is the built cxlens, made once for all benchmarks.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "cxlens-bench")
	if err != nil {
		return "", err
	}
	programDir = dir
	path := filepath.Join(dir, "cxlens")
	out, err := exec.Command("go", "build", "-o", path, "cxlens/cmd/cxlens").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build cxlens: %w\n%s", err, out)
	}
	return path, nil
})

// TestMain removes the built program.
func TestMain(m *testing.M) {
	code := m.Run()
	if programDir != "" {
		_ = os.RemoveAll(programDir)
	}
	os.Exit(code)
}

func built(tb testing.TB) string {
	tb.Helper()
	path, err := program()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// home is an environment whose folders are new and empty.
func home(dir string) []string {
	return []string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + filepath.Join(dir, "config"), "XDG_STATE_HOME=" + filepath.Join(dir, "state"),
		"CXLENS_SERVER=", "CXLENS_CLIENT=", "CXLENS_SECRET=",
	}
}

// openClient runs the client on a server's flows, without a limit, with further flags.
func openClient(tb testing.TB, server string, flags ...string) *terminal.Terminal {
	tb.Helper()
	dir := tb.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("benchmark secret\n"), 0o600); err != nil {
		tb.Fatal(err)
	}
	term, err := terminal.Start(tb.Context(), terminal.Options{
		Cmd: built(tb), Env: home(dir), Dir: dir, Cols: 140, Rows: 40, Timeout: 5 * time.Minute,
		Args: append([]string{"--server", server, "--client", "bench", "--secret-file", secret, "--limit", "0"}, flags...),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return term
}

// processOf finds the process that runs a program.
func processOf(tb testing.TB, path string) int {
	tb.Helper()
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		dir := filepath.Dir(link)
		target, err := os.Readlink(link)
		if err != nil || target != path {
			continue
		}
		// The guard of its terminal is the same program, without an argument.
		if args, err := os.ReadFile(dir + "/cmdline"); err == nil && bytes.Count(args, []byte{0}) > 1 {
			pid, _ := strconv.Atoi(filepath.Base(dir))
			return pid
		}
	}
	tb.Fatalf("no process runs %s", path)
	return 0
}

// resident returns the present and the largest resident size of a process in bytes, and begins a new largest.
func resident(tb testing.TB, pid int) (now, peak uint64) {
	tb.Helper()
	dir := "/proc/" + strconv.Itoa(pid)
	text, err := os.ReadFile(dir + "/status")
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kb uint64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kb); err == nil {
			now = kb << 10
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			peak = kb << 10
		}
	}
	if err := os.WriteFile(dir+"/clear_refs", []byte("5"), 0); err != nil {
		tb.Log("the peak cannot be begun anew:", err)
	}
	return now, peak
}

// BenchmarkClientMemory is the resident size of a whole client process that shows all flows of another
// process and sorts them once, divided by the flows: at rest, and the most that it was.
func BenchmarkClientMemory(b *testing.B) {
	const rows = 10_000_000
	for b.Loop() {
		s := startPoster(b, rows)
		began := time.Now()
		term := openClient(b, s.addr())
		<-s.posted
		took := time.Since(began)
		if err := term.WaitText(b.Context(), "10,000,000 here"); err != nil {
			b.Fatal(err)
		}
		pid := processOf(b, built(b))
		time.Sleep(2 * time.Second) // for the runtime to give back what it does
		loaded, loadPeak := resident(b, pid)
		sortByNumber(b, term)
		time.Sleep(2 * time.Second)
		rest, sortPeak := resident(b, pid)
		b.ReportMetric(float64(loaded)/rows, "B/flow-loaded")
		b.ReportMetric(float64(rest)/rows, "B/flow-sorted")
		b.ReportMetric(float64(loadPeak)/rows, "B/flow-peak-load")
		b.ReportMetric(float64(sortPeak)/rows, "B/flow-peak-sort")
		b.ReportMetric(rows/took.Seconds(), "rows/s-to-client")
		b.ReportMetric(0, "ns/op")
		if err := term.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstRows is the time from the post of a result's first part to its first row on the
// terminal of a client process, while the rest of the result follows as fast as the client takes it.
func BenchmarkFirstRows(b *testing.B) {
	for _, rows := range []int{500, 100_000, 2_000_000} {
		b.Run(fmt.Sprintf("of-%d", rows), func(b *testing.B) {
			var r flow.Record
			newFlows(rows / 10).next(&r)
			var all time.Duration
			for b.Loop() {
				s := startPoster(b, rows)
				term := openClient(b, s.addr())
				posted := <-s.first
				if err := term.WaitText(b.Context(), r.Src.Text(r.IPVersion)); err != nil {
					b.Fatal(err)
				}
				all += time.Since(posted)
				if err := term.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms/first-row")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// ordered is how the status line says that rows are ordered by what a side sent.
var ordered = regexp.MustCompile(`sort (src|dst)_(bytes|packets)↓`)

// sortByNumber orders the rows by a column of numbers, and waits until that is done.
func sortByNumber(b *testing.B, term *terminal.Terminal) {
	b.Helper()
	keys := slices.Repeat([]string{"right"}, 8)
	if err := term.Send(append(keys, "s")...); err != nil {
		b.Fatal(err)
	}
	err := term.WaitFor(b.Context(), func(s terminal.Screen) bool {
		text := strings.Join(s.Lines(), "\n")
		return ordered.MatchString(text) && !strings.Contains(text, "sorting…")
	})
	if err != nil {
		b.Fatal(err)
	}
}
