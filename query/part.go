package query

import (
	"bytes"
	"encoding/json"
	"fmt"

	"cxlens/internal/flow"
)

// PartHeader is the JSON line that begins a result part (protocol.md section 5).
// Unknown members are ignored by readers. Nodes names the nodes whose ids stand in the part's rows;
// Groups is how many groups a query of kind top has in all.
type PartHeader struct {
	ID        int64           `json:"id"`
	Part      int             `json:"part"`
	Columns   []string        `json:"columns,omitempty"`
	Nodes     []flow.NodeInfo `json:"nodes,omitempty"`
	Matched   uint64          `json:"matched"`
	Groups    uint64          `json:"groups,omitempty"`
	Rows      int             `json:"rows"`
	Done      bool            `json:"done"`
	ElapsedMS float64         `json:"elapsed_ms,omitempty"`
	Error     *RequestError   `json:"error,omitempty"`
}

// MarshalLine returns h as the one JSON line that begins a part, LF included.
func (h *PartHeader) MarshalLine() ([]byte, error) {
	b, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("result part: %w", err)
	}
	return append(b, '\n'), nil
}

// ParsePart splits the $DATA of a result into its JSON line and its rows, which are a part of
// data. ok is false for a result without that line (an old server): rows then is all of data,
// and it belongs to the oldest open query. An error is a JSON line that cannot be read.
func ParsePart(data []byte) (h PartHeader, rows []byte, ok bool, err error) {
	if len(data) == 0 || data[0] != '{' {
		return PartHeader{}, data, false, nil
	}
	line, rows, _ := bytes.Cut(data, []byte{'\n'})
	if err := json.Unmarshal(bytes.TrimRight(line, "\r\x00"), &h); err != nil {
		return PartHeader{}, nil, true, fmt.Errorf("the JSON line of a result part cannot be read: %w", err)
	}
	if h.Part < 0 || h.Rows < 0 {
		return PartHeader{}, nil, true, fmt.Errorf("a result part has number %d and %d rows", h.Part, h.Rows)
	}
	return h, rows, true, nil
}
