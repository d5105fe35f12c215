package sources

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/packed"
)

// Kind is what a file was found to be.
type Kind uint8

// The kinds.
const (
	KindUnknown   Kind = iota
	KindEmpty          // no bytes at all
	KindPcap           // a pcap capture
	KindPcapng         // a pcapng capture
	KindCxtracker      // cxtracker session lines
	KindZeek           // a Zeek log, TSV or JSON
	KindSuricata       // Suricata's eve.json
)

// String names the kind for a message.
func (k Kind) String() string {
	return [...]string{"unknown", "empty", "pcap", "pcapng", "cxtracker", "zeek", "suricata"}[k]
}

// peek is how much of a file is looked at.
const peek = 64 << 10

// Detect tells what the file at path is by its content, looking through gzip and
// zstd. It does not take "-": see Open.
func Detect(path string) (Kind, error) {
	r, err := packed.Open(path)
	if err != nil {
		return KindUnknown, err
	}
	defer r.Close()
	return detect(path, r)
}

// detect looks at the beginning of r without consuming it, and at no more of it than it takes to know: a stream may
// bring the rest much later.
func detect(name string, r *packed.Reader) (Kind, error) {
	var err error
	for {
		head, _ := r.Peek(min(r.Buffered(), peek))
		kind := kindOf(head)
		switch {
		case len(head) == 0 && err != nil && !errors.Is(err, io.EOF):
			return KindUnknown, fmt.Errorf("%s: %w", flow.Clean(name), err)
		case err != nil, len(head) == peek, kind != KindUnknown && kind != KindEmpty:
			return kind, nil
		}
		_, err = r.Peek(len(head) + 1)
	}
}

// kindOf tells what content begins with head.
func kindOf(head []byte) Kind {
	if len(head) == 0 {
		return KindEmpty
	}
	switch pcap, pcapng := capture.Is(head); {
	case pcap:
		return KindPcap
	case pcapng:
		return KindPcapng
	}
	const tries = 5 // a session file may begin with a damaged line
	var record flow.Record
	for range tries {
		line, rest, whole := bytes.Cut(head, []byte{'\n'})
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0 && !whole:
			return KindUnknown
		case len(line) == 0:
		case bytes.HasPrefix(line, []byte("#separator ")), bytes.HasPrefix(line, []byte("#fields\t")):
			return KindZeek
		case line[0] == '{' && bytes.Contains(line, []byte(`"event_type"`)):
			return KindSuricata
		case line[0] == '{' && (bytes.Contains(line, []byte(`"id.orig_h"`)) || bytes.Contains(line, []byte(`"uid"`))):
			return KindZeek
		default:
			if _, err := flow.ParseLine(line, &record); err == nil {
				return KindCxtracker
			}
		}
		head = rest
	}
	return KindUnknown
}
