package sources

import (
	"bytes"
	"fmt"
	"io"

	"cxlens/internal/flow"
	"cxlens/internal/node/packed"
)

// stdinName stands for standard input among paths.
const stdinName = "-"

// input is a file to be opened, a stream that is open, or content in memory.
type input struct {
	path   string
	stream *packed.Reader
	label  string // of data
	data   []byte
}

// name is how messages call the input.
func (i input) name() string {
	switch {
	case i.label != "":
		return i.label
	case i.path == stdinName:
		return "standard input"
	}
	return i.path
}

// file is the name of the file that flows say they lie in; "" where nobody can look again.
func (i input) file() string {
	if i.label != "" || i.isStream() {
		return ""
	}
	return i.path
}

// open returns the input's uncompressed content.
func (i input) open(stdin io.Reader) (*packed.Reader, error) {
	var r *packed.Reader
	var err error
	switch {
	case i.stream != nil:
		return i.stream, nil
	case i.label != "":
		r, err = packed.NewReader(bytes.NewReader(i.data))
	case i.path == stdinName:
		r, err = packed.NewReader(stdin)
	default:
		return packed.Open(i.path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flow.Clean(i.name()), err)
	}
	return r, nil
}

// isStream tells whether reading may wait for someone who writes, for ever.
func (i input) isStream() bool { return i.stream != nil || i.path == stdinName }

// title names a source of several inputs.
func title(kind string, in []input) string {
	if len(in) == 1 {
		return flow.Clean(in[0].name())
	}
	return flow.Clean(in[0].name()) + " and other " + kind
}
