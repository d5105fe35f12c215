package server

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"cxlens/internal/wire"
)

// save is cxtracker.save, what later Echidna nodes send in place of POST: an array of session lines. It stores
// them as a block and returns the ids of the flows; a line that cannot be read is rejected as in a block and
// has no id. The same lines, saved or posted again, are stored once.
func (n *nodeConn) save(ctx context.Context, params json.RawMessage) ([]uint64, error) {
	var lines []string
	if err := json.Unmarshal(params, &lines); err != nil {
		return nil, invalidParams("cxtracker.save: params must be an array of session lines")
	}
	var data strings.Builder
	for i, l := range lines {
		l = strings.TrimRight(l, "\r\n\x00")
		if strings.ContainsRune(l, '\n') {
			return nil, invalidParams("cxtracker.save: item %d has more than one line", i+1)
		}
		data.WriteString(l)
		data.WriteByte('\n')
	}
	records, err := n.srv.ingest(ctx, n, []byte(data.String()))
	switch {
	case errors.Is(err, errDamaged):
		return nil, invalidParams("cxtracker.save: %v", err)
	case err != nil:
		n.log.Error("cxtracker.save failed", "lines", len(lines), "err", err)
		return nil, &wire.Error{Code: wire.CodeInternal, Message: "the flows cannot be stored now; the server's log says why"}
	}
	ids := make([]uint64, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	return ids, nil
}
