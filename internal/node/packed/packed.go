// Package packed reads files and streams that may be compressed with gzip or
// zstd. What a file is follows from its first bytes and never from its name: a
// capture called x.pcap may well be gzip. It imports nothing of cxlens but
// flow (for clean names in errors). Its one surprising thing: offsets and reads
// are those of the uncompressed content, while Consumed counts bytes of the file
// as it is stored, because only that can be compared with the file's size.
package packed

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"cxlens/internal/flow"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression is how a stream was found to be compressed.
type Compression uint8

// The compressions.
const (
	None Compression = iota
	Gzip             // RFC 1952, several members allowed
	Zstd             // RFC 8878, window up to 128 MiB
)

// String returns "none", "gzip" or "zstd".
func (c Compression) String() string { return [...]string{"none", "gzip", "zstd"}[c] }

const (
	bufferSize = 256 << 10
	// maxWindow bounds the memory that a zstd frame can ask for; `zstd --long` uses 128 MiB.
	maxWindow = 128 << 20
)

// Reader reads the uncompressed content of a file or stream. One goroutine reads;
// Consumed may be called from any.
type Reader struct {
	*bufio.Reader
	compression Compression
	consumed    atomic.Int64
	size        int64
	closers     []func() error
}

// Open opens the file at path. A directory or a missing file is an error that names it.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = errors.New("is a directory; name the files in it")
	}
	if err != nil {
		f.Close()
		return nil, openError(path, err)
	}
	r, err := NewReader(f)
	if err != nil {
		f.Close()
		return nil, openError(path, err)
	}
	if st.Mode().IsRegular() {
		r.size = st.Size()
	}
	r.closers = append(r.closers, f.Close)
	return r, nil
}

func openError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the name is given once, cleaned
	}
	return fmt.Errorf("%s: %w", flow.Clean(path), err)
}

// NewReader looks through src's compression. It does not close src.
func NewReader(src io.Reader) (*Reader, error) {
	r := &Reader{}
	raw := bufio.NewReaderSize(&counter{src: src, n: &r.consumed}, bufferSize)
	head, err := raw.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case isGzip(head):
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		r.compression, r.Reader = Gzip, bufio.NewReaderSize(z, bufferSize)
		r.closers = append(r.closers, z.Close)
	case isZstd(head):
		z, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		r.compression, r.Reader = Zstd, bufio.NewReaderSize(z, bufferSize)
		r.closers = append(r.closers, func() error { z.Close(); return nil })
	default:
		r.Reader = raw
	}
	return r, nil
}

func isGzip(b []byte) bool { return len(b) >= 3 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8 }

// isZstd knows a frame and the skippable frame that parallel compressors begin with.
func isZstd(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	frame := b[0] == 0x28 && b[1] == 0xb5 && b[2] == 0x2f && b[3] == 0xfd
	skippable := b[0]&0xf0 == 0x50 && b[1] == 0x2a && b[2] == 0x4d && b[3] == 0x18
	return frame || skippable
}

// Compression tells how the stream is compressed.
func (r *Reader) Compression() Compression { return r.compression }

// Consumed is how many bytes of the file as stored were read so far, read-ahead included.
func (r *Reader) Consumed() int64 { return r.consumed.Load() }

// Size is the size of the file as stored; 0 when it is not a regular file.
func (r *Reader) Size() int64 { return r.size }

// Close frees the decompressor and closes what Open opened.
func (r *Reader) Close() error {
	var errs []error
	for _, c := range r.closers {
		errs = append(errs, c())
	}
	r.closers = nil
	return errors.Join(errs...)
}

// counter counts the bytes that pass.
type counter struct {
	src io.Reader
	n   *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}
