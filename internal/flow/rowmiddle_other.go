//go:build !amd64

package flow

// read is readPlain.
func (m *middle) read(w *window) (flaws uint32) { return m.readPlain(w) }
