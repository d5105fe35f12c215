package server

import (
	"context"
	"errors"
	"fmt"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

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
