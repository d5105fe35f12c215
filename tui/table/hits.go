package table

import (
	"cxlens/themes"
	"cxlens/tui/look"
)

// putText writes a cell, with what is searched for underlined in it.
func (m *Model) putText(line *look.Line, t themes.Token, text string) {
	n := m.find.text
	for n.text != "" {
		at, length := n.index(text)
		if at < 0 {
			break
		}
		at, length = whole(text, at, length)
		if at > 0 {
			line.Put(t, text[:at])
		}
		line.Put(themes.Mark, text[at:at+length])
		text = text[at+length:]
	}
	if text != "" {
		line.Put(t, text)
	}
}
