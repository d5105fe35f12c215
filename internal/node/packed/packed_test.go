package packed_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/node/packed"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gz(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zst(t *testing.T, content string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(content), nil)
}

func TestCompressions(t *testing.T) {
	long := strings.Repeat("a flow and another\n", 100_000)
	for name, tc := range map[string]struct {
		stored []byte
		kind   packed.Compression
		want   string
	}{
		"plain":          {[]byte("plain text"), packed.None, "plain text"},
		"empty":          {nil, packed.None, ""},
		"short":          {[]byte{0x1f, 0x8b}, packed.None, "\x1f\x8b"},
		"gzip":           {gz(t, long), packed.Gzip, long},
		"two members":    {append(gz(t, "one "), gz(t, "two")...), packed.Gzip, "one two"},
		"zstd":           {zst(t, long), packed.Zstd, long},
		"zstd skippable": {append([]byte{0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 'x', 'y'}, zst(t, "z")...), packed.Zstd, "z"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.pcap")
			if err := os.WriteFile(path, tc.stored, 0o644); err != nil {
				t.Fatal(err)
			}
			r, err := packed.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			got, err := io.ReadAll(r)
			if err != nil || string(got) != tc.want {
				t.Errorf("read %d bytes (%v), want %d", len(got), err, len(tc.want))
			}
			if r.Compression() != tc.kind || r.Size() != int64(len(tc.stored)) || r.Consumed() != r.Size() {
				t.Errorf("%v, size %d, consumed %d of %d", r.Compression(), r.Size(), r.Consumed(), len(tc.stored))
			}
		})
	}
}

func TestDamagedCompression(t *testing.T) {
	whole := gz(t, strings.Repeat("content ", 1000))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // the checksum
	for name, stored := range map[string][]byte{
		"cut gzip": whole[:len(whole)/2], "checksum": flipped, "cut zstd": zst(t, strings.Repeat("content ", 1000))[:20],
	} {
		r, err := packed.NewReader(bytes.NewReader(stored))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := io.ReadAll(r); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad\x1b[31m.gz")
	if err := os.WriteFile(bad, []byte{0x1f, 0x8b, 8, 0xff, 0, 0}, 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                            "is a directory",
		filepath.Join(dir, "none"):     "no such file",
		filepath.Join(dir, "e\x1b[0m"): "e\uFFFD[0m: ",
		bad:                            "gzip: ",
	} {
		_, err := packed.Open(path)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v, want it to say %q", path, err, want)
		}
	}
}
