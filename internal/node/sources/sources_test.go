package sources

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorder is a Sink that keeps what it is given and answers as it is told.
type recorder struct {
	mu       sync.Mutex
	blocks   []string
	notices  []string
	progress []Progress
	answer   func(n int) error // of the n-th block, from 1
	posted   func()
}

func (r *recorder) Post(ctx context.Context, lines []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.blocks = append(r.blocks, string(lines))
	if r.posted != nil {
		r.posted()
	}
	if r.answer != nil {
		return r.answer(len(r.blocks))
	}
	return nil
}

func (r *recorder) Notice(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notices = append(r.notices, text)
}

func (r *recorder) Progress(p Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress = append(r.progress, p)
}

func (r *recorder) lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(strings.Lines(strings.Join(r.blocks, "")))
}

func (r *recorder) last() Progress { return r.progress[len(r.progress)-1] }

// sessionLine is the n-th session of a file.
func sessionLine(n int) string {
	return fmt.Sprintf("1700000000%09d|2023-11-14 22:13:20|2023-11-14 22:13:21|1|6|167772161|%d|167772162|80|1|60|1|60|2|18\n", n, n%65536)
}

func sessionLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(sessionLine(i))
	}
	return b.String()
}

func write(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// clock is an injected time.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

// watched is a Cxtracker source over a new directory, looked at by hand.
func watched(t *testing.T, opts CxtrackerOptions) (*cxtracker, *clock, string) {
	t.Helper()
	c := &clock{now: time.Unix(1_700_000_000, 0)}
	opts.Now = c.read
	dir := t.TempDir()
	return Cxtracker(dir, opts).(*cxtracker), c, dir
}

// TestWholeFiles: a file is sent when it has not changed for a while, or at once when there is a newer one.
func TestWholeFiles(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{Settle: 3 * time.Second})
	r := &recorder{}
	look := func() int { left, _ := s.look(t.Context(), r); return left }

	path := write(t, filepath.Join(dir, "stats.eth0.1700000000"), sessionLine(1))
	if look() != 1 || len(r.blocks) != 0 {
		t.Fatal("a new file was sent at once")
	}
	clock.pass(2 * time.Second)
	write(t, path, sessionLine(1)+sessionLine(2))
	look()
	clock.pass(2 * time.Second)
	if look() != 1 || len(r.blocks) != 0 {
		t.Fatal("a file that changed two seconds ago was sent")
	}
	clock.pass(time.Second)
	if look() != 0 || strings.Join(r.blocks, "") != sessionLine(1)+sessionLine(2) || exists(path) {
		t.Fatalf("a settled file was not sent and removed: %q", r.blocks)
	}

	old := write(t, filepath.Join(dir, "stats.eth0.1700000100"), sessionLine(3))
	other := write(t, filepath.Join(dir, "stats.eth1.1700000050"), sessionLine(4))
	newest := write(t, filepath.Join(dir, "stats.eth0.1700000200"), "")
	if look() != 2 || exists(old) || !exists(other) || !exists(newest) || r.lines()[2] != sessionLine(3) {
		t.Fatalf("the file before a newer one of its interface was not sent alone: %q", r.lines())
	}
	clock.pass(3 * time.Second)
	if look() != 0 || exists(newest) || exists(other) || len(r.blocks) != 3 {
		t.Fatalf("what is left after settling: %q", r.blocks)
	}
}

// TestOtherFiles are left alone.
func TestOtherFiles(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{})
	target := write(t, filepath.Join(t.TempDir(), "target"), sessionLine(1))
	link := filepath.Join(dir, "stats.eth0.1700000003")
	folder := filepath.Join(dir, "stats.eth0.1700000004")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"stats.1700000000", "stats.eth0.12x", "pcap.1700000000", "stats..1"} {
		write(t, filepath.Join(dir, name), sessionLine(1))
	}
	r := &recorder{}
	for range 3 {
		if left, _ := s.look(t.Context(), r); left != 0 {
			t.Fatalf("%d files wait", left)
		}
		clock.pass(time.Hour)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 6 || len(r.blocks) != 0 {
		t.Errorf("%d entries are left (%v), sent %q", len(entries), err, r.blocks)
	}
}

// TestRemovedAfterLastAck: a file stays until every block of it is stored, and its
// blocks are the same when it is sent again by another process.
func TestRemovedAfterLastAck(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{})
	content := sessionLines(25_000)
	path := write(t, filepath.Join(dir, "stats.eth0.1700000000"), content)
	ctx, cancel := context.WithCancel(t.Context())
	first := &recorder{answer: func(n int) error {
		if n == 3 { // the process dies while the third block is on its way
			cancel()
			return ctx.Err()
		}
		return nil
	}}
	s.look(ctx, first)
	clock.pass(time.Minute)
	s.look(ctx, first)
	if !exists(path) || len(first.blocks) != 3 {
		t.Fatalf("%d blocks were sent, file there: %v", len(first.blocks), exists(path))
	}

	second := &recorder{posted: func() {
		if !exists(path) {
			t.Error("the file is gone before its last block is stored")
		}
	}}
	again := Cxtracker(dir, CxtrackerOptions{Now: clock.read}).(*cxtracker)
	again.look(t.Context(), second)
	clock.pass(time.Minute)
	again.look(t.Context(), second)
	if exists(path) || strings.Join(second.blocks, "") != content || len(second.blocks) < 3 || !slices.Equal(first.blocks, second.blocks[:3]) {
		t.Errorf("%d blocks were sent again, file there: %v", len(second.blocks), exists(path))
	}
	if p := second.last(); p.Lines != 25_000 || p.Read != int64(len(content)) || p.Size != p.Read {
		t.Errorf("%+v", p)
	}
}

// TestRefusedFile is tried again after growing pauses and then put aside, with a notice.
func TestRefusedFile(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{Refusals: 3, Once: true})
	path := write(t, filepath.Join(dir, "stats.eth0.1700000000"), sessionLine(1))
	write(t, filepath.Join(dir, "stats.eth0.1700000001"), sessionLine(2))
	r := &recorder{}
	r.answer = func(n int) error {
		if strings.HasPrefix(r.blocks[n-1], "1700000000000000001") {
			return fmt.Errorf("final ack: %w", ErrRefused)
		}
		return nil
	}
	s.look(t.Context(), r)
	if _, after := s.look(t.Context(), r); after != time.Second || len(r.blocks) != 1 {
		t.Fatalf("next look in %v, %d blocks", after, len(r.blocks))
	}
	clock.pass(time.Second)
	s.look(t.Context(), r)
	clock.pass(time.Second)
	s.look(t.Context(), r)
	if len(r.blocks) != 2 || !exists(path) {
		t.Fatalf("%d blocks before the second pause is over", len(r.blocks))
	}
	clock.pass(time.Hour)
	if left, _ := s.look(t.Context(), r); left != 0 || exists(path) || !exists(filepath.Join(dir, "failed", "stats.eth0.1700000000")) {
		t.Errorf("the file was not put aside: %d left, %q", left, r.notices)
	}
	if len(r.notices) != 3 || !strings.Contains(r.notices[2], "refused 3 times; moved to the folder failed") {
		t.Errorf("%q", r.notices)
	}
	if err := errors.Join(s.failures...); !errors.Is(err, ErrRefused) {
		t.Errorf("outcome: %v", err)
	}
}

// TestDoneDir keeps sent files, all of them.
func TestDoneDir(t *testing.T) {
	done := filepath.Join(t.TempDir(), "sent")
	s, clock, dir := watched(t, CxtrackerOptions{DoneDir: done})
	r := &recorder{}
	for n := range 3 {
		write(t, filepath.Join(dir, "stats.eth0.1700000000"), sessionLine(n))
		s.look(t.Context(), r)
		clock.pass(time.Minute)
		s.look(t.Context(), r)
	}
	for n, name := range []string{"stats.eth0.1700000000", "stats.eth0.1700000000.1", "stats.eth0.1700000000.2"} {
		if content, err := os.ReadFile(filepath.Join(done, name)); err != nil || string(content) != sessionLine(n) {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
}

// TestCannotBeRemoved: a stored file that cannot be put away is told once and not sent twice.
func TestCannotBeRemoved(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{DoneDir: "/dev/null/no folder"})
	write(t, filepath.Join(dir, "stats.eth0.1700000000"), sessionLine(1))
	r := &recorder{}
	for range 5 {
		s.look(t.Context(), r)
		clock.pass(time.Minute)
	}
	if len(r.blocks) != 1 || len(r.notices) != 1 || !strings.Contains(r.notices[0], "is stored by the server, but cannot be put away") {
		t.Errorf("%d blocks, %q", len(r.blocks), r.notices)
	}
}

// TestWrittenWhileSent: the file is not removed, and sent again.
func TestWrittenWhileSent(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{})
	path := write(t, filepath.Join(dir, "stats.eth0.1700000000"), sessionLine(1))
	r := &recorder{}
	r.posted = func() {
		if len(r.blocks) == 1 {
			write(t, path, sessionLines(3))
		}
	}
	for range 4 {
		s.look(t.Context(), r)
		clock.pass(time.Minute)
	}
	if exists(path) || r.blocks[len(r.blocks)-1] != sessionLines(3) || len(r.notices) != 1 {
		t.Errorf("%q, %q", r.blocks, r.notices)
	}
}

// TestRunOnce runs the real loop over a directory until it is empty.
func TestRunOnce(t *testing.T) {
	dir := t.TempDir()
	for n := range 5 {
		write(t, filepath.Join(dir, fmt.Sprintf("stats.eth0.170000000%d", n)), sessionLine(n))
	}
	s := Cxtracker(dir, CxtrackerOptions{Once: true, Settle: 20 * time.Millisecond, Every: 10 * time.Millisecond})
	r := &recorder{}
	if err := s.Run(t.Context(), r); err != nil || len(r.blocks) != 5 || !r.last().Done {
		t.Errorf("%v: %q", err, r.blocks)
	}
}

// TestRunOnceGivesUp a file that cannot be put away, and says so at the end.
func TestRunOnceGivesUp(t *testing.T) {
	dir := t.TempDir()
	for n := range 3 {
		write(t, filepath.Join(dir, fmt.Sprintf("stats.eth0.170000000%d", n)), sessionLine(n))
	}
	// DoneDir is a file by the time the first session file is to be moved there.
	done := filepath.Join(t.TempDir(), "sent")
	r := &recorder{}
	r.posted = func() {
		if len(r.blocks) == 1 {
			if err := os.Remove(done); err != nil {
				t.Error(err)
			}
			write(t, done, "")
		}
	}
	s := Cxtracker(dir, CxtrackerOptions{Once: true, Settle: time.Millisecond, Every: time.Millisecond, Refusals: 2, DoneDir: done})
	err := s.Run(t.Context(), r)
	if err == nil || strings.Count(err.Error(), "cannot be put away") != 3 || len(r.blocks) != 3 || len(r.notices) != 3 {
		t.Errorf("%v, %d blocks, %q", err, len(r.blocks), r.notices)
	}
}

// TestRunNotices a file that appears, by the system's word or by Rescan, long before the next look is due.
func TestRunNotices(t *testing.T) {
	for _, byHand := range []bool{false, true} {
		dir := t.TempDir()
		s := Cxtracker(dir, CxtrackerOptions{Every: time.Hour, Settle: time.Millisecond})
		sent := make(chan struct{}, 1)
		r := &recorder{posted: func() { sent <- struct{}{} }}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- s.Run(ctx, r) }()
		// In one piece: a file that stays empty for as long as Settle is whole, and is put away.
		if err := os.Rename(write(t, filepath.Join(dir, "part"), sessionLine(1)), filepath.Join(dir, "stats.eth0.1700000000")); err != nil {
			t.Fatal(err)
		}
		if byHand {
			s.(Rescanner).Rescan()
		}
		<-sent
		cancel()
		if err := <-over; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestMissingDirectory(t *testing.T) {
	err := Cxtracker(filepath.Join(t.TempDir(), "none\x1b"), CxtrackerOptions{}).Run(t.Context(), &recorder{})
	if err == nil || !strings.Contains(err.Error(), "no such file") || strings.Contains(err.Error(), "\x1b") {
		t.Error(err)
	}
	file := write(t, filepath.Join(t.TempDir(), "file"), "")
	if err := Cxtracker(file, CxtrackerOptions{}).Run(t.Context(), &recorder{}); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Error(err)
	}
}

// TestDirectoryGoesMissing is told once, and the source goes on when it is back.
func TestDirectoryGoesMissing(t *testing.T) {
	s, clock, dir := watched(t, CxtrackerOptions{})
	r := &recorder{}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.look(t.Context(), r)
	}
	if len(r.notices) != 1 || !strings.Contains(r.notices[0], "no such file") {
		t.Errorf("%q", r.notices)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "stats.eth0.1700000000"), sessionLine(1))
	s.look(t.Context(), r)
	clock.pass(time.Minute)
	s.look(t.Context(), r)
	if len(r.blocks) != 1 {
		t.Errorf("%q", r.blocks)
	}
}
