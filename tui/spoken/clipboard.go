package spoken

import (
	"bytes"
	"io"
)

// Clipboard passes on what a program writes for the clipboard (OSC 52), which moves no cursor, and
// nothing else of what it draws.
type Clipboard struct{ W io.Writer }

// Write looks for sequences of the clipboard; a sequence comes in one write.
func (c Clipboard) Write(p []byte) (int, error) {
	for rest := p; ; {
		at := bytes.Index(rest, []byte("\x1b]52;"))
		if at < 0 {
			return len(p), nil
		}
		rest = rest[at:]
		end := bytes.IndexByte(rest, '\a')
		if end < 0 {
			return len(p), nil
		}
		if _, err := c.W.Write(rest[:end+1]); err != nil {
			return 0, err
		}
		rest = rest[end+1:]
	}
}
