package testdata

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// fact reads a figure of the table in lab/README.md.
func fact(t *testing.T, name string) string {
	t.Helper()
	readme, err := os.ReadFile("lab/README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^\| ` + name + ` \| ` + "`?([^`|]+?)`?" + ` \|$`).FindSubmatch(readme)
	if m == nil {
		t.Fatalf("lab/README.md does not state %q", name)
	}
	return strings.ReplaceAll(string(m[1]), ",", "")
}

func unpack(t *testing.T) []byte {
	t.Helper()
	r, err := zstd.NewReader(bytes.NewReader(Sample))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSampleIsTheOneDescribed holds the file against what the README states.
func TestSampleIsTheOneDescribed(t *testing.T) {
	data := unpack(t)
	if got, want := binary.LittleEndian.Uint32(data), uint32(0xa1b2c3d4); got != want {
		t.Fatalf("the magic number is %x, want %x", got, want)
	}
	sum := sha256.Sum256(Sample)
	n, frameBytes, longest := 0, 0, 0
	var first, last int64
	for at := 24; at < len(data); n++ {
		caught := int(binary.LittleEndian.Uint32(data[at+8:]))
		stamp := int64(binary.LittleEndian.Uint32(data[at:]))*1e6 + int64(binary.LittleEndian.Uint32(data[at+4:]))
		if n == 0 {
			first = stamp
		}
		if stamp < last {
			t.Errorf("packet %d is earlier than the one before it", n)
		}
		last = stamp
		frameBytes += int(binary.LittleEndian.Uint32(data[at+12:]))
		longest = max(longest, caught)
		at += 16 + caught
	}
	for name, got := range map[string]string{
		"SHA-256": hex.EncodeToString(sum[:]), "bytes": strconv.Itoa(len(Sample)), "unpacked": strconv.Itoa(len(data)),
		"packets": strconv.Itoa(n), "frame bytes": strconv.Itoa(frameBytes), "longest record": strconv.Itoa(longest),
		"first packet": stampText(first), "last packet": stampText(last),
	} {
		if want := fact(t, name); got != want {
			t.Errorf("%s: the sample has %s, lab/README.md states %s", name, got, want)
		}
	}
}

func stampText(microseconds int64) string {
	return time.UnixMicro(microseconds).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// TestSessionFilesAreOfTheSample checks the form of every session line and
// that the packets that its offsets point to are in the sample.
func TestSessionFilesAreOfTheSample(t *testing.T) {
	data := unpack(t)
	for _, fields := range []int{15, 19, 20} {
		for _, form := range []string{"decimal", "text"} {
			name := fmt.Sprintf("%d-%s.txt", fields, form)
			text, err := os.ReadFile(filepath.Join("cxtracker", name))
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			if want := fact(t, "sessions"); strconv.Itoa(len(lines)) != want {
				t.Errorf("%s has %d sessions, lab/README.md states %s", name, len(lines), want)
			}
			for i, line := range lines {
				checkSession(t, fmt.Sprintf("%s:%d", name, i+1), strings.Split(line, "|"), fields, data)
			}
		}
	}
}

func checkSession(t *testing.T, where string, f []string, fields int, data []byte) {
	t.Helper()
	if len(f) != fields {
		t.Errorf("%s has %d fields, want %d", where, len(f), fields)
		return
	}
	begin, err := time.Parse(time.DateTime, f[1])
	if err != nil || !strings.HasPrefix(f[0], strconv.FormatInt(begin.Unix(), 10)) || len(f[0]) != 19 {
		t.Errorf("%s: id %s does not begin with the start %s", where, f[0], f[1])
	}
	if fields == 15 {
		return
	}
	file, offset := f[fields-4], f[fields-3]
	end := f[fields-1]
	if file == "" {
		if offset != "-1" || end != "-1" {
			t.Errorf("%s: no file, but offsets %s and %s", where, offset, end)
		}
		return
	}
	at, err := strconv.Atoi(offset)
	if err != nil || at < 24 || at+16 > len(data) {
		t.Fatalf("%s: offset %s is outside of the sample", where, offset)
	}
	if got := int64(binary.LittleEndian.Uint32(data[at:])); got != begin.Unix() {
		t.Errorf("%s: the packet at %s is of second %d, the session begins at %d", where, offset, got, begin.Unix())
	}
	// The end offset is 16 short of the record's end: a record begins 16 after it, or the file ends there.
	last, err := strconv.Atoi(end)
	if err != nil || last < at || last+16 > len(data) {
		t.Errorf("%s: end offset %s is outside of the sample", where, end)
	}
}
