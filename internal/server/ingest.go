package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// maxRejected is how much of a bad line is kept, in bytes.
const maxRejected = 4096

// errDamaged is a block without a single line that can be read.
var errDamaged = errors.New("no line of the block can be read")

// ingest stores a block of session lines of an established node, whole or not at all, and returns its records. It
// returns when they are stored durably, or were before (protocol.md section 6). A block without lines is
// stored by doing nothing. An error means that the peer must keep the block.
func (s *Server) ingest(ctx context.Context, n *nodeConn, data []byte) ([]flow.Record, error) {
	b := parseBlock(data, n.id)
	if len(b.Records) == 0 && len(b.Rejected) == 0 {
		return nil, nil
	}
	s.logRejected(n, b)
	if len(b.Records) == 0 {
		return nil, fmt.Errorf("%w: line %d: %s", errDamaged, b.Rejected[0].Line, b.Rejected[0].Reason)
	}
	s.gate.RLock()
	err := s.cfg.Store.Append(ctx, n.id, b)
	s.gate.RUnlock()
	if errors.Is(err, store.ErrDuplicate) {
		n.log.Info("block is stored already", "flows", len(b.Records))
		return b.Records, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store a block of %d flows: %w", len(b.Records), err)
	}
	s.registry.stored(n.id, b.Records)
	n.log.Debug("block stored", "flows", len(b.Records), "rejected", len(b.Rejected))
	return b.Records, nil
}

// parseBlock reads session lines. Its hash is that of the lines with their ends.
func parseBlock(data []byte, node uint32) store.Block {
	b := store.Block{Hash: sha256.Sum256(data), Records: make([]flow.Record, 0, bytes.Count(data, []byte{'\n'})+1)}
	var r flow.Record
	for number := 1; len(data) > 0; number++ {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		// Old peers end lines with NUL or CR, and blocks with a blank line.
		if line = bytes.TrimRight(line, "\x00\r"); len(line) == 0 {
			continue
		}
		if _, err := flow.ParseLine(line, &r); err != nil {
			b.Rejected = append(b.Rejected, rejected(number, line, err))
			continue
		}
		r.Node = node
		b.Records = append(b.Records, r)
	}
	return b
}

func rejected(number int, line []byte, err error) store.Rejected {
	if len(line) > maxRejected {
		line = line[:maxRejected]
	}
	return store.Rejected{
		Line: number, Text: flow.Clean(strings.ToValidUTF8(string(line), flow.Mark)), Reason: flow.Clean(err.Error()),
	}
}

// maxLogged is how many bad lines of one block the log names.
const maxLogged = 3

func (s *Server) logRejected(n *nodeConn, b store.Block) {
	for i, r := range b.Rejected {
		if i == maxLogged {
			return
		}
		if withheld, ok := s.badLines.allow(); ok {
			n.log.Warn("bad line", "node", n.name, "line", r.Line, "reason", r.Reason,
				"bad", len(b.Rejected), "good", len(b.Records), "withheld", withheld)
		}
	}
}
