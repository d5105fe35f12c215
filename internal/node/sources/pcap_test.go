package sources

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/node/meter"
	"cxlens/internal/node/nodetest"
)

func parse(t *testing.T, line string) flow.Record {
	t.Helper()
	var r flow.Record
	if form, err := flow.ParseLine([]byte(strings.TrimSuffix(line, "\n")), &r); err != nil || form != flow.Form20 {
		t.Fatalf("%q: form %d, %v", line, form, err)
	}
	return r
}

// TestPcapFiles: a flow goes on from one capture to the next, and says where.
func TestPcapFiles(t *testing.T) {
	dir := t.TempDir()
	one := write(t, filepath.Join(dir, "one.pcap"), captureOf(2))
	two := write(t, filepath.Join(dir, "two.pcap"), zst(t, captureOf(1)))
	r := &recorder{}
	if err := Pcap([]string{one, two}, PcapOptions{}).Run(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	flows := map[uint16]flow.Record{}
	for _, l := range r.lines() {
		f := parse(t, l)
		flows[f.SrcPort] = f
	}
	a, b := flows[1000], flows[1001]
	if len(flows) != 2 || a.SrcPackets != 2 || a.File != one || a.Offset != 24 || a.EndFile != two || a.EndOffset != 24+43 || b.EndFile != one {
		t.Errorf("%+v", flows)
	}
	if p := r.last(); !p.Done || p.Lines != 2 || p.Meter.Packets != 3 || p.Meter.Flows != 2 {
		t.Errorf("%+v", p)
	}
}

// TestPcapDamage: a damaged capture gives its flows and one notice; the run goes on and ends with the error.
func TestPcapDamage(t *testing.T) {
	dir := t.TempDir()
	cut := write(t, filepath.Join(dir, "cut.pcap"), captureOf(3)[:24+2*59+20])
	missing := filepath.Join(dir, "missing.pcap")
	text := write(t, filepath.Join(dir, "text"), "no capture")
	good := write(t, filepath.Join(dir, "good.pcap"), captureOf(5))
	odd := write(t, filepath.Join(dir, "odd.pcap"), string(nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 147, nodetest.Frame{Data: []byte("?")})))
	r := &recorder{}
	err := Pcap([]string{cut, missing, text, good, odd}, PcapOptions{}).Run(t.Context(), r)
	if len(r.lines()) != 5 {
		t.Errorf("%d flows", len(r.lines()))
	}
	want := []string{
		"cut.pcap: packet 3 at offset 142: the packet is cut short after 4 of 43 bytes; the file is damaged from here",
		"missing.pcap: no such file or directory", "text: begins with 6e 6f 20 63: not a pcap or pcapng capture",
		"odd.pcap: packet 1 at offset 24: link type 147 is not read (1 of 1 packets)",
	}
	for i, w := range want {
		if len(r.notices) != len(want) || !strings.HasSuffix(r.notices[i], w) {
			t.Errorf("notices %q, want %q", r.notices, w)
		}
	}
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("%v", err)
	}
}

// TestPcapShowsEarly: the flows of a stream that pauses are posted 200 ms after the first has ended, or at once on Rescan.
func TestPcapShowsEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		s := Pcap([]string{"-"}, PcapOptions{Stdin: in, Meter: meter.Options{MaxFlows: 1}}) // each flow ends when the next begins
		began := time.Now()
		var at []time.Duration
		r := &recorder{posted: func() { at = append(at, time.Since(began)) }}
		over := make(chan error)
		go func() { over <- s.Run(t.Context(), r) }()
		content := captureOf(4)
		record := func(n int) string { return content[24+n*59 : 24+(n+1)*59] }
		io.WriteString(out, content[:24]+record(0)+record(1))
		synctest.Wait()
		if len(r.lines()) != 0 {
			t.Fatal("posted before anything could gather")
		}
		time.Sleep(maxDelay)
		synctest.Wait()
		io.WriteString(out, record(2))
		synctest.Wait()
		s.(Rescanner).Rescan()
		synctest.Wait()
		io.WriteString(out, record(3))
		out.Close()
		if err := <-over; err != nil {
			t.Error(err)
		}
		if want := []time.Duration{maxDelay, maxDelay, maxDelay}; !slices.Equal(at, want) || len(r.lines()) != 4 {
			t.Errorf("posted after %v, %d flows", at, len(r.lines()))
		}
		if f := parse(t, r.lines()[0]); f.File != "" || f.Offset != -1 {
			t.Errorf("a stream has no file: %+v", f)
		}
		if n := r.notices; len(n) != 1 || !strings.HasPrefix(n[0], "3 flows were ended early") {
			t.Errorf("%q", n)
		}
	})
}

// TestPcapSameBlocks: the same file makes the same blocks, however fast the server takes them, so
// that it recognises them when they are sent again.
func TestPcapSameBlocks(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "x.pcap"), string(nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, nodetest.Traffic(60_000, 40_000)...)))
	run := func(posted func()) []string {
		r := &recorder{posted: posted}
		if err := Pcap([]string{path}, PcapOptions{}).Run(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return r.blocks
	}
	quick := run(func() {})
	slow := run(func() {
		for range 10_000 {
			runtime.Gosched()
		}
	})
	if len(quick) < 5 || !slices.Equal(quick, slow) {
		t.Errorf("%d and %d blocks, which are not the same", len(quick), len(slow))
	}
	if n := strings.Count(quick[0], "\n"); n > far.first {
		t.Errorf("the first block has %d lines, and nothing is shown before it", n)
	}
}

// TestPcapBlocks: large captures come in blocks within the bounds, and the reader does not run ahead of the sink.
func TestPcapBlocks(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "x.pcap"), string(nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, nodetest.Traffic(60_000, 40_000)...)))
	r := &recorder{}
	if err := Pcap([]string{path}, PcapOptions{}).Run(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	var packets uint64
	for _, b := range r.blocks {
		if len(b) > MaxBytes || strings.Count(b, "\n") > MaxLines {
			t.Errorf("a block of %d bytes and %d lines", len(b), strings.Count(b, "\n"))
		}
	}
	for _, l := range r.lines() {
		f := parse(t, l)
		packets += f.Packets()
	}
	if packets != 60_000 || len(r.blocks) < 3 || r.last().Lines != uint64(len(r.lines())) {
		t.Errorf("%d packets in %d blocks, %+v", packets, len(r.blocks), r.last())
	}
}

// TestPcapRefused: a refused block is sent again, the same, and given up in the end.
func TestPcapRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := write(t, filepath.Join(t.TempDir(), "x.pcap"), captureOf(2))
		r := &recorder{answer: func(n int) error {
			if n < 3 {
				return ErrRefused
			}
			return nil
		}}
		began := time.Now()
		if err := Pcap([]string{path}, PcapOptions{}).Run(t.Context(), r); err != nil || len(r.blocks) != 3 || r.blocks[0] != r.blocks[2] {
			t.Errorf("%v, %d blocks", err, len(r.blocks))
		}
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("after %v", d)
		}
		r = &recorder{answer: func(int) error { return ErrRefused }}
		err := Pcap([]string{path}, PcapOptions{}).Run(t.Context(), r)
		if !errors.Is(err, ErrRefused) || len(r.blocks) != maxRefusals {
			t.Errorf("%v, %d blocks", err, len(r.blocks))
		}
	})
}

// TestPcapCancel ends a run whose standard input never ends, and one whose sink is stuck.
func TestPcapCancel(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error)
	go func() { over <- Pcap([]string{"-"}, PcapOptions{Stdin: in}).Run(ctx, &recorder{}) }()
	io.WriteString(out, captureOf(1))
	cancel()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	path := write(t, filepath.Join(t.TempDir(), "x.pcap"), string(nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, nodetest.Traffic(60_000, 40_000)...)))
	stuck := &recorder{answer: func(int) error { cancel(); return ctx.Err() }}
	if err := Pcap([]string{path}, PcapOptions{Meter: meter.Options{MaxFlows: 10}}).Run(ctx, stuck); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSessionFiles are sent once, in order, whatever their compression, and stay.
func TestSessionFiles(t *testing.T) {
	dir := t.TempDir()
	a := write(t, filepath.Join(dir, "a"), sessionLines(10_001))
	b := write(t, filepath.Join(dir, "b"), gz(t, sessionLine(7)+".\r\nno fields\n"))
	c := write(t, filepath.Join(dir, "c"), gz(t, sessionLines(5000))[:2000])
	r := &recorder{}
	err := SessionFiles([]string{a, c, "-", b}, strings.NewReader(sessionLine(8))).Run(t.Context(), r)
	lines := r.lines()
	n := len(lines)
	if err == nil || !strings.Contains(err.Error(), "c: line ") || n < 10_003 || lines[n-2] != sessionLine(8) || lines[n-1] != sessionLine(7) {
		t.Errorf("%d lines, %v", n, err)
	}
	if !exists(a) || !exists(b) {
		t.Errorf("files there: %v, %v", exists(a), exists(b))
	}
	if len(r.notices) != 2 || !strings.Contains(r.notices[1], "b: 2 lines were left out") {
		t.Errorf("%q", r.notices)
	}
	if p := r.last(); !p.Done || p.Lines != uint64(n) {
		t.Errorf("%+v", p)
	}
}

// TestSessionBlocks: the first block is small, so that there is something to see, and later ones are as large as
// the store likes them; the same file makes the same blocks.
func TestSessionBlocks(t *testing.T) {
	const n = 160_000
	path := write(t, filepath.Join(t.TempDir(), "a"), strings.Repeat("a|b\n", n))
	run := func() (sizes []int, progress []Progress) {
		r := &recorder{}
		if err := SessionFiles([]string{path}, nil).Run(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		for _, b := range r.blocks {
			sizes = append(sizes, strings.Count(b, "\n"))
		}
		return sizes, r.progress
	}
	sizes, progress := run()
	if again, _ := run(); !slices.Equal(sizes, []int{500, 4_000, 32_000, NearLines, n - NearLines - 36_500}) || !slices.Equal(sizes, again) {
		t.Errorf("blocks of %d, then of %d lines", sizes, again)
	}
	if p := progress[len(progress)-2]; p.Read != 4*n || p.Size != 4*n || p.File != path {
		t.Errorf("%+v", p)
	}
}

// TestSessionStream: lines of a stream that goes on are sent after a moment.
func TestSessionStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		r, ended := &recorder{}, make(chan error, 1)
		go func() { ended <- SessionFiles([]string{"-"}, in).Run(t.Context(), r) }()
		if _, err := io.WriteString(out, sessionLine(1)+sessionLine(2)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(maxDelay) // of the bubble's clock
		synctest.Wait()
		if got := r.lines(); len(got) != 2 {
			t.Errorf("%d lines", len(got))
		}
		out.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestSessionFileRefused stops: what refuses this file refuses the next.
func TestSessionFileRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		a, b := write(t, filepath.Join(dir, "a"), sessionLine(1)), write(t, filepath.Join(dir, "b"), sessionLine(2))
		r := &recorder{answer: func(int) error { return ErrRefused }}
		if err := SessionFiles([]string{a, b}, nil).Run(t.Context(), r); !errors.Is(err, ErrRefused) || len(r.blocks) != maxRefusals {
			t.Errorf("%v, %d blocks", err, len(r.blocks))
		}
	})
}

// TestStrangeLinks beside others are a notice; the capture is read.
func TestStrangeLinks(t *testing.T) {
	o := binary.LittleEndian
	file := nodetest.Cat(nodetest.Section(o), nodetest.Interface(o, 147), nodetest.Interface(o, 101),
		nodetest.Enhanced(o, 1, 5, nodetest.Frame{Data: nodetest.IPv4("10.0.0.1", "10.0.0.2", 17, 1, 0, nodetest.UDP(1, 2, ""))}),
		nodetest.Enhanced(o, 0, 6, nodetest.Frame{Data: []byte("?")}))
	for _, tail := range []string{"", "damage"} {
		r := &recorder{}
		err := PcapBytes("x", []byte(string(file)+tail)).Run(t.Context(), r)
		if len(r.lines()) != 1 || r.notices[0] != "x: packet 2 at offset 128: link type 147 is not read (1 of 2 packets)" || (err == nil) != (tail == "") {
			t.Errorf("%q, %v, %q", r.notices, err, r.lines())
		}
	}
}

// TestEmptyCaptures are an error when there is nothing else, and a notice beside others.
func TestEmptyCaptures(t *testing.T) {
	dir := t.TempDir()
	empty := write(t, filepath.Join(dir, "empty.pcap"), captureOf(0))
	good := write(t, filepath.Join(dir, "good.pcap"), captureOf(1))
	for _, paths := range [][]string{{empty}, {empty, empty}, {empty, good}} {
		r := &recorder{}
		err := Pcap(paths, PcapOptions{}).Run(t.Context(), r)
		if fails := !slices.Contains(paths, good); (err != nil) != fails || !strings.HasSuffix(r.notices[0], "empty.pcap: offset 24: the capture holds no packets") {
			t.Errorf("%v: %v, %q", paths, err, r.notices)
		}
	}
}

// TestPcapBytes meters what is in memory; the flows lie in no file.
func TestPcapBytes(t *testing.T) {
	r := &recorder{}
	s := PcapBytes("sample", []byte(zst(t, captureOf(3))))
	if err := s.Run(t.Context(), r); err != nil || len(r.lines()) != 3 || s.Name() != "sample" {
		t.Errorf("%v: %q", err, r.blocks)
	}
	if f := parse(t, r.lines()[0]); f.File != "" || f.Offset != -1 {
		t.Errorf("%+v", f)
	}
	if err := PcapBytes("sample", []byte{0x1f, 0x8b, 8, 0xff}).Run(t.Context(), r); err == nil || !strings.HasPrefix(err.Error(), "sample: gzip") {
		t.Error(err)
	}
}

// TestMalformed reads files that broke other programs as one source: the flows of what
// is whole, and one line for each file that is damaged.
func TestMalformed(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(nodetest.Data(t, "malformed"), "*"))
	if err != nil || len(paths) != 17 {
		t.Fatalf("%d files (%v)", len(paths), err)
	}
	r := &recorder{}
	began := time.Now()
	err = Pcap(paths, PcapOptions{}).Run(t.Context(), r)
	if d := time.Since(began); d > time.Minute {
		t.Errorf("took %v", d)
	}
	damaged := []string{
		"bad.pcapng: packet 28", "be_test901.pcapng: offset 480", "bug-6875-01_fuzz.pcap: packet 2", "http-mime-truncated_input.pcap.gz: packet 2697",
		"pcap-invalid-version-1.pcap: offset 4", "shb-option-too-long.pcapng: offset 0",
	}
	foreign := []string{
		"hoobr_juniper3.pcap: packet 1 at offset 24: link type 132 is not read (1 of 1 packets)",
		"llc.pcap: packet 1 at offset 24: link type 10 is not read (1333 of 1333 packets)", "microsecs_big_endian.pcap: packet 1 at offset 24: link type 253 is not read (13 of 13 packets)",
	}
	empty := []string{"empty.pcap: offset 24: the capture holds no packets", "empty.pcapng: offset 48: the capture holds no packets"}
	notices := strings.Join(r.notices, "\n")
	for _, want := range slices.Concat(damaged, foreign, empty) {
		if strings.Count(notices, want) != 1 {
			t.Errorf("%q is missing in %s", want, notices)
		}
	}
	if len(r.notices) != len(damaged)+len(foreign)+len(empty) || err == nil || strings.Count(err.Error(), "\n")+1 != len(damaged)+len(foreign) {
		t.Errorf("notices %s\nerror %v", notices, err)
	}
	if st := r.last().Meter; st.Flows == 0 || st.Flows != uint64(len(r.lines())) {
		t.Errorf("%+v, %d lines", st, len(r.lines()))
	}
}
