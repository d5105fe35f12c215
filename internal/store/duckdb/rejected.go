package duckdb

import (
	"bytes"
	"context"
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/store"
)

// appendRejected keeps a block's unreadable lines, byte for byte.
func (t *transaction) appendRejected(ctx context.Context, b store.Block) error {
	if len(b.Rejected) == 0 {
		return nil
	}
	a, err := newAppender(t.c, "rejected", []mapping.Type{
		mapping.TypeUInteger, mapping.TypeBlob, mapping.TypeBigInt, mapping.TypeBlob, mapping.TypeVarchar,
	})
	if err != nil {
		return err
	}
	defer a.close()
	hash := bytes.Clone(b.Hash[:]) // cgo refuses a slice of a struct that holds pointers
	return a.append(ctx, len(b.Rejected), func(from, n int) {
		nodes, lines := vector[uint32](a.chunk, 0, n), vector[int64](a.chunk, 2, n)
		for i := range n {
			line := b.Rejected[from+i]
			nodes[i], lines[i] = t.node, int64(line.Line)
			a.setText(1, i, hash)
			a.setText(3, i, []byte(line.Text))
			a.setText(4, i, []byte(strings.ToValidUTF8(line.Reason, "\uFFFD")))
		}
	})
}
