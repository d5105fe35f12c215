package duckdb

import (
	"context"
	"fmt"
	"math"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// Append stores a block in one transaction: its hash, new file names, flows and
// rejected lines. The flows get node as their node, whatever their records say. When
// it returns nil the block is in DuckDB's log on the disk. A done ctx ends it up to
// the commit, which is short and runs to its end, so that the outcome is never open.
func (s *Store) Append(ctx context.Context, node uint32, b store.Block) error {
	return s.write(ctx, func(ctx context.Context, c *conn) error { return s.appendBlock(ctx, c, node, b) })
}

func (s *Store) appendBlock(ctx context.Context, c *conn, node uint32, b store.Block) error {
	if err := c.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	t := &transaction{s: s, c: c, node: node, next: s.next, newFiles: make(map[string]uint32)}
	committed := false
	defer func() {
		if !committed {
			t.rollback()
		}
	}()
	if err := t.store(ctx, b); err != nil {
		return err
	}
	if err := t.commit(ctx); err != nil {
		return err
	}
	committed = true
	s.stored(t, b)
	return nil
}

// stored makes a committed block known to this process.
func (s *Store) stored(t *transaction, b store.Block) {
	s.next = t.next
	for name, id := range t.newFiles {
		s.files.add(id, name)
	}
	if len(b.Records) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats[t.node] = addStats(s.stats[t.node], b.Records)
	s.notify()
}

// transaction is one Append. Nothing in the Store changes before it is committed.
type transaction struct {
	s        *Store
	c        *conn
	node     uint32
	next     nextIDs
	newFiles map[string]uint32
}

func (t *transaction) store(ctx context.Context, b store.Block) error {
	known, err := t.isStored(ctx, b.Hash)
	if err != nil {
		return err
	}
	if known {
		return store.ErrDuplicate
	}
	if uint64(len(b.Records)) > math.MaxUint64-t.next.seq {
		return fmt.Errorf("flow store: no sequence numbers are left")
	}
	files, err := t.fileIDs(ctx, b.Records)
	if err != nil {
		return err
	}
	if err := t.appendFiles(ctx); err != nil {
		return fmt.Errorf("storing file names: %w", err)
	}
	if err := t.appendFlows(ctx, b.Records, files); err != nil {
		return fmt.Errorf("storing flows: %w", err)
	}
	if err := t.appendRejected(ctx, b); err != nil {
		return fmt.Errorf("storing rejected lines: %w", err)
	}
	return t.c.exec(ctx, "INSERT INTO blocks VALUES (?, ?, ?, ?)",
		t.node, b.Hash[:], uint64(len(b.Records)), t.s.now().UnixMicro())
}

// isStored tells whether the block of this node and hash is there already.
func (t *transaction) isStored(ctx context.Context, hash [32]byte) (bool, error) {
	r, err := t.c.query(ctx, "SELECT 1 FROM blocks WHERE node = ? AND hash = ?", t.node, hash[:])
	if err != nil {
		return false, err
	}
	defer r.close()
	return r.next(), r.err
}

func (t *transaction) appendFlows(ctx context.Context, records []flow.Record, files map[string]uint32) error {
	a, err := newAppender(t.c, "flow", columnTypes())
	if err != nil {
		return err
	}
	defer a.close()
	return a.append(ctx, len(records), func(from, n int) {
		v := vectorsOf(a.chunk, n)
		for i := range n {
			r := &records[from+i]
			v.put(i, r, t.next.seq, t.node, files[r.File], files[r.EndFile])
			t.next.seq++
		}
	})
}

// commit ends the transaction. From here on ctx does not matter.
func (t *transaction) commit(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := t.c.exec(context.Background(), "COMMIT"); err != nil {
		return fmt.Errorf("committing a block: %w", err)
	}
	return nil
}

// rollback undoes everything; when even that fails the connection, and the
// transaction with it, is thrown away by the next Append.
func (t *transaction) rollback() {
	if err := t.c.exec(context.Background(), "ROLLBACK"); err != nil {
		t.c.interrupted = true
	}
}
