package detail

import (
	"fmt"
	"strings"

	"cxlens/themes"
	"cxlens/tui/look"
)

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := min(112, w-6)
	lines, at := m.lines(l, inside)
	room := max(1, h-4)
	// The field under the cursor is whole on the screen, and at the first one the title above it.
	m.top = max(min(m.top, at.from), at.to-room)
	if m.cursor == 0 {
		m.top = 0
	}
	m.top = max(0, min(m.top, len(lines)-room))
	key := m.keys.KeyOf
	foot := fmt.Sprintf("%s %s copy · %s related · %s %s others · %s", key("detail.copy"), key("detail.copy-all"), m.relatedKeys(), key("detail.previous"), key("detail.next"), key("detail.leave"))
	if len(lines) > room {
		foot = fmt.Sprintf("lines %d to %d of %d · ", m.top+1, min(m.top+room, len(lines)), len(lines)) + foot
	}
	title := "flow " + m.place
	if m.Aside != nil && m.Aside() {
		title += " · related flows open in a new tab"
	}
	return l.Box(title, foot, lines[m.top:min(m.top+room, len(lines))], inside)
}

// relatedKeys are the keys that show related flows.
func (m *Model) relatedKeys() string {
	var keys []string
	for _, rel := range m.related {
		keys = append(keys, keyOf(m.keys, rel.Action))
	}
	return strings.Join(keys, " ")
}

// field is one line of the detail: a name, a value and what it means.
type field struct {
	name, value, about string
	token              themes.Token
	opens              string // the action that shows the related flows
}

func (f field) shown() string {
	if f.value == "" {
		return "none"
	}
	return f.value
}

// lineRange are the lines of a field.
type lineRange struct{ from, to int }

// lines lays the sections out in w columns; at is where the field under the cursor stands.
func (m *Model) lines(l *look.Look, w int) (out []string, at lineRange) {
	n := 0
	for i, s := range m.sections() {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, l.Paint(themes.Title, s.title))
		for _, f := range s.fields {
			from := len(out)
			out = append(out, f.lines(l, w, n == m.cursor)...)
			if n == m.cursor {
				at = lineRange{from, len(out)}
			}
			n++
		}
	}
	return out, at
}

const (
	nameWidth  = 14
	valueWidth = 31
)

// lines are the field's; explanations go beside the value where there is room for them.
func (f field) lines(l *look.Look, w int, here bool) []string {
	if f.value == "" {
		f.token = themes.Muted
	}
	sign, nameToken := "  ", themes.Muted
	if here {
		sign, nameToken = l.Paint(themes.Accent, "❯ "), themes.Accent
	}
	name := sign + l.Paint(nameToken, look.Left(f.name, nameWidth))
	room := w - 2 - nameWidth
	values := look.Wrap(f.shown(), room)
	if len(values) == 1 && look.Width(values[0]) <= valueWidth && room > valueWidth+14 && f.about != "" {
		line := name + l.Paint(f.token, look.Left(values[0], valueWidth+1))
		abouts := look.Wrap(f.about, room-valueWidth-1)
		out := []string{line + l.Paint(themes.Muted, abouts[0])}
		for _, a := range abouts[1:] {
			out = append(out, look.Blank(2+nameWidth+valueWidth+1)+l.Paint(themes.Muted, a))
		}
		return out
	}
	out := make([]string, 0, len(values)+1)
	for i, v := range values {
		if i > 0 {
			name = look.Blank(2 + nameWidth)
		}
		out = append(out, name+l.Paint(f.token, v))
	}
	if f.about != "" {
		for _, a := range look.Wrap(f.about, room) {
			out = append(out, look.Blank(2+nameWidth)+l.Paint(themes.Muted, a))
		}
	}
	return out
}
