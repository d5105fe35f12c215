package server

import (
	"bytes"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/crypto/blake2b"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

const (
	// maxRejected is how much of a bad line is kept, in bytes.
	maxRejected = 4096
	// pieceBytes is how much of a block is worth a goroutine.
	pieceBytes = 128 << 10
)

// parseBlock reads session lines, large blocks on all processors. Its hash is that of the lines with their ends,
// by BLAKE2b: twice as fast as SHA-256 where the processor has no instructions for that.
func parseBlock(data []byte, node uint32) store.Block {
	n := min(runtime.GOMAXPROCS(0), 1+len(data)/pieceBytes)
	if n == 1 {
		b := parsePieces(data, node, n)
		b.Hash = blake2b.Sum256(data)
		return b
	}
	var hash [32]byte
	var work sync.WaitGroup
	work.Go(func() { hash = blake2b.Sum256(data) })
	b := parsePieces(data, node, n)
	work.Wait()
	b.Hash = hash
	return b
}

// parsePieces reads session lines on at most n goroutines.
func parsePieces(data []byte, node uint32, n int) (b store.Block) {
	pieces := cutPieces(data, n)
	last := pieces[len(pieces)-1]
	records := make([]flow.Record, last.first+last.lines)
	var work sync.WaitGroup
	for i := range pieces {
		p := &pieces[i]
		p.records = records[p.first : p.first+p.lines]
		if i > 0 {
			work.Go(func() { p.parse(node) })
		}
	}
	pieces[0].parse(node)
	work.Wait()
	b.Records = records[:0]
	for _, p := range pieces {
		at := len(b.Records)
		b.Records = records[:at+p.good]
		if at < p.first { // lines before the piece were no flows
			copy(b.Records[at:], p.records[:p.good])
		}
		b.Rejected = append(b.Rejected, p.rejected...)
	}
	return b
}

// piece is a part of a block's lines that one goroutine reads.
type piece struct {
	data         []byte
	first, lines int // lines of the block before it, and its own
	records      []flow.Record
	good         int // records that were read; the others are empty
	rejected     []store.Rejected
}

// cutPieces cuts a block at ends of lines into at least one piece and at most n of about the same size.
func cutPieces(data []byte, n int) []piece {
	pieces := make([]piece, 0, n)
	for first := 0; ; n-- {
		size := len(data)
		if n > 1 {
			size = len(data) / n
			if end := bytes.IndexByte(data[size:], '\n'); end >= 0 {
				size += end + 1
			} else {
				size = len(data)
			}
		}
		p := piece{data: data[:size], first: first, lines: bytes.Count(data[:size], []byte{'\n'})}
		if size == len(data) {
			p.lines++ // the last line may have no end
			return append(pieces, p)
		}
		pieces = append(pieces, p)
		first, data = first+p.lines, data[size:]
	}
}

func (p *piece) parse(node uint32) {
	file, endFile := "", ""
	for data, number := p.data, p.first+1; len(data) > 0; number++ {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		// Old peers end lines with NUL or CR, and blocks with a blank line.
		if line = bytes.TrimRight(line, "\x00\r"); len(line) == 0 {
			continue
		}
		r := &p.records[p.good]
		r.File, r.EndFile = file, endFile // neighbours mostly share them
		if _, err := flow.ParseLine(line, r); err != nil {
			p.rejected = append(p.rejected, rejected(number, line, err))
			continue
		}
		r.Node = node
		file, endFile = r.File, r.EndFile
		p.good++
	}
}

func rejected(number int, line []byte, err error) store.Rejected {
	if len(line) > maxRejected {
		line = line[:maxRejected]
	}
	return store.Rejected{
		Line: number, Text: flow.Clean(strings.ToValidUTF8(string(line), flow.Mark)), Reason: flow.Clean(err.Error()),
	}
}
