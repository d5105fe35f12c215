package sources

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"cxlens/internal/node/nodetest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gz(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zst(t *testing.T, content string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(content), nil))
}

// capture is a pcap file of n packets of n flows.
func captureOf(n int) string {
	var frames []nodetest.Frame
	for i := range n {
		ip := nodetest.IPv4("10.0.0.1", "10.0.0.2", 17, i, 0, nodetest.UDP(1000+i, 53, "q"))
		frames = append(frames, nodetest.Frame{Micros: 1_700_000_000_000_000 + int64(i), Data: nodetest.Ethernet(0x0800, ip)})
	}
	return string(nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, frames...))
}

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	for i, tc := range []struct {
		content string
		want    Kind
	}{
		{"", KindEmpty},
		{gz(t, ""), KindEmpty},
		{captureOf(1), KindPcap},
		{gz(t, captureOf(1)), KindPcap},
		{zst(t, captureOf(1)), KindPcap},
		{string(nodetest.Section(binary.BigEndian)), KindPcapng},
		{zst(t, sessionLines(20_000)), KindCxtracker},
		{strings.TrimSuffix(sessionLine(1), "\n"), KindCxtracker},
		{"damaged|line\n\n" + sessionLine(1), KindCxtracker},
		{"#separator \\x09\n#set_separator\t,\n", KindZeek},
		{"#fields\tts\tuid\n", KindZeek},
		{`{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1"}` + "\n", KindZeek},
		{`{"timestamp":"2021","event_type":"flow","src_ip":"10.0.0.1"}` + "\n", KindSuricata},
		{"Lorem ipsum dolor sit amet\n", KindUnknown},
		{"\n\n\n", KindUnknown},
		{"\x7fELF\x02\x01", KindUnknown},
		{"abc", KindUnknown},
	} {
		path := write(t, filepath.Join(dir, fmt.Sprint(i)), tc.content)
		if got, err := Detect(path); got != tc.want || err != nil {
			t.Errorf("%d: %v, %v, want %v", i, got, err, tc.want)
		}
	}
	if _, err := Detect(filepath.Join(dir, "none")); err == nil {
		t.Error("a missing file was detected")
	}
	if _, err := Detect(write(t, filepath.Join(dir, "bad.gz"), "\x1f\x8b\x08\xff")); err == nil {
		t.Error("a damaged gzip was detected")
	}
}

// TestDetectStream: a stream is known by its first line; the rest may come much later.
func TestDetectStream(t *testing.T) {
	in, out := io.Pipe()
	defer in.Close()
	go func() {
		_, _ = io.WriteString(out, sessionLine(1)[:20])
		_, _ = io.WriteString(out, sessionLine(1)[20:])
	}()
	got, err := Open([]string{"-"}, OpenOptions{Stdin: in})
	if len(got) != 1 || err != nil {
		t.Errorf("%d sources, %v", len(got), err)
	}
	in, out = io.Pipe()
	defer in.Close()
	go func() { _, _ = io.WriteString(out, sessionLine(1)) }() // all in one piece, which the look at the compression takes
	if got, err = Open([]string{"-"}, OpenOptions{Stdin: in}); len(got) != 1 || err != nil {
		t.Errorf("%d sources, %v", len(got), err)
	}
}

// TestDetectReal names the kinds of the real files.
func TestDetectReal(t *testing.T) {
	for folder, want := range map[string]Kind{"pcap": KindPcap, "zeek": KindZeek, "suricata": KindSuricata} {
		paths, err := filepath.Glob(filepath.Join(nodetest.Data(t, folder), "*"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no files in %s (%v)", folder, err)
		}
		for _, p := range paths {
			name := filepath.Base(p)
			want := want
			switch name {
			case "rita_not_zeek_text.conn.log", "rita_truncated_top.conn.log": // the second has no header
				want = KindUnknown
			}
			got, err := Detect(p)
			if got == KindPcapng {
				got = KindPcap
			}
			if got != want || err != nil {
				t.Errorf("%s: %v, %v, want %v", name, got, err, want)
			}
		}
	}
}

// TestOpen groups neighbours, keeps the order, and leaves out what cannot be read with one line each.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string { return write(t, filepath.Join(dir, name), content) }
	one, two := file("one.pcap", captureOf(1)), file("two.pcap", gz(t, captureOf(2)))
	lines := file("stats.eth0.1", sessionLine(1))
	zeek, eve := file("conn.log", "#separator \\x09\n"), file("eve.json", `{"event_type":"dns"}`+"\n")
	empty, text := file("empty", ""), file("note\x1b.txt", "hello\n")
	got, err := Open([]string{one, two, zeek, lines, eve, "-", one, empty, text, dir, filepath.Join(dir, "none")},
		OpenOptions{Stdin: strings.NewReader(sessionLines(3))})
	want := []string{
		"a Zeek log; reading these is not built yet", "a Suricata eve.json; reading these is not built yet",
		"empty: the file is empty", "note\uFFFD.txt: neither a capture", "is a directory", "none: no such file",
	}
	text = fmt.Sprint(err)
	if n := strings.Count(text, "\n") + 1; n != len(want) || strings.Contains(text, "\x1b") {
		t.Errorf("%d lines: %s", n, text)
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in %s", w, text)
		}
	}
	if len(got) != 3 {
		t.Fatalf("%d sources", len(got))
	}
	r := &recorder{}
	var names []string
	for _, s := range got {
		names = append(names, strings.TrimPrefix(s.Name(), dir+string(os.PathSeparator)))
		if err := s.Run(t.Context(), r); err != nil {
			t.Error(err)
		}
	}
	if want := "one.pcap and other captures, stats.eth0.1 and other session files, one.pcap"; strings.Join(names, ", ") != want {
		t.Errorf("%q, want %q", names, want)
	}
	if len(r.lines()) != 2+4+1 || len(r.notices) != 0 {
		t.Errorf("%d lines, %q", len(r.lines()), r.notices)
	}
	var ids []string // of what was metered: both sources number on
	for _, l := range r.lines() {
		if strings.Count(l, "|") == 19 {
			ids = append(ids, l[len("1700000000"):19])
		}
	}
	slices.Sort(ids)
	if want := []string{"000000001", "000000002", "000000003"}; !slices.Equal(ids, want) {
		t.Errorf("ids %v, want %v", ids, want)
	}
}

func TestOpenStdin(t *testing.T) {
	for _, tc := range []struct {
		paths []string
		opts  OpenOptions
		want  string
	}{
		{[]string{"-", "-"}, OpenOptions{Stdin: strings.NewReader(captureOf(1))}, "was given twice"},
		{[]string{"-"}, OpenOptions{}, "cannot be read here"},
		{[]string{"-"}, OpenOptions{Stdin: strings.NewReader("")}, "standard input: the file is empty"},
		{[]string{"-"}, OpenOptions{Stdin: strings.NewReader("\x1f\x8b\x08\xff")}, "standard input: gzip"},
	} {
		if _, err := Open(tc.paths, tc.opts); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: %v, want %q", tc.paths, err, tc.want)
		}
	}
}

// TestOpenPipe: a named pipe can be read only once, so it is looked at and metered on one opening.
func TestOpenPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	go func() {
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			defer f.Close()
			if _, err := f.WriteString(gz(t, captureOf(3))); err != nil {
				t.Error(err)
			}
		}
	}()
	srcs, err := Open([]string{path}, OpenOptions{})
	if err != nil || len(srcs) != 1 {
		t.Fatal(srcs, err)
	}
	r := &recorder{}
	if err := srcs[0].Run(t.Context(), r); err != nil || len(r.lines()) != 3 || parse(t, r.lines()[0]).File != "" {
		t.Errorf("%v, %q", err, r.lines())
	}
}
