package terminal

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi/parser"
)

// write reads p, which may end anywhere inside a sequence or character.
func (e *emulator) write(p []byte) {
	if len(e.partial) > 0 {
		p = append(e.partial, p...)
		e.partial = nil
	}
	for len(p) > 0 {
		switch {
		case p[0] < utf8.RuneSelf:
			e.parser.Advance(p[0])
			p = p[1:]
			continue
		case e.inString():
			e.advanceHigh(p[0])
			p = p[1:]
			continue
		}
		e.parser.Reset() // text ends a sequence that has none
		// The library's parser takes as many bytes as a lead byte announces,
		// whatever they are, and would swallow a sequence after a cut
		// character: text is decoded here.
		if !utf8.FullRune(p) {
			e.partial = append([]byte(nil), p...)
			break
		}
		r, size := utf8.DecodeRune(p)
		e.print(r)
		p = p[size:]
	}
	e.flush()
}

// inString tells that the parser is inside of a string sequence.
func (e *emulator) inString() bool {
	switch e.parser.State() {
	case parser.OscStringState, parser.DcsStringState, parser.SosStringState, parser.PmStringState, parser.ApcStringState:
		return true
	}
	return false
}

// highMark, and two digits, stand for a byte of 0x80 and above in a string
// sequence: the parser would take the last byte of a title's "✓" for the end.
const highMark = 0x7f

func (e *emulator) advanceHigh(b byte) {
	for _, c := range fmt.Sprintf("%c%02x", highMark, b) {
		e.parser.Advance(byte(c))
	}
}

// unmark puts the bytes back that advanceHigh has marked.
func unmark(data []byte) string {
	text := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c == highMark && i+2 < len(data) {
			if n, err := strconv.ParseUint(string(data[i+1:i+3]), 16, 8); err == nil {
				c, i = byte(n), i+2
			}
		}
		text = append(text, c)
	}
	return string(text)
}
