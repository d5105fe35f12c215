package themelist

import (
	"fmt"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// View returns the box for a screen of w columns and h rows, in the look of the theme under the cursor.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := max(1, min(92, w-6))
	names := 0
	for _, it := range m.items {
		names = max(names, look.Width(it.Name))
	}
	names = min(names+4, inside/2)
	about := m.about(l, inside)
	if h < 14 {
		about = nil
	}
	room := max(1, min(h-3-len(about), max(len(m.items), len(samples))))
	m.top = max(0, min(m.top, m.cursor, len(m.items)-room))
	m.top = max(m.top, m.cursor-room+1)
	lines := make([]string, 0, room+len(about))
	sample := m.sample(l, inside-names-3)
	for i := range room {
		line := look.Blank(names)
		if at := m.top + i; at < len(m.items) {
			line = m.entry(l, at, names)
		}
		if i < len(sample) && !m.Bare {
			line += l.Paint(themes.Rule, " │ ") + sample[i]
		}
		lines = append(lines, line)
	}
	foot := fmt.Sprintf("%d of %d · Enter takes it · Esc gives back the one from before", m.cursor+1, len(m.items))
	return l.Box("themes", foot, append(lines, about...), inside)
}

func (m *Model) entry(l *look.Look, i, w int) string {
	it := m.items[i]
	text := "  " + flow.Clean(it.Name)
	switch {
	case it.Theme == nil:
		text += " ✗"
	case it.Own:
		text += " *"
	}
	if i == m.cursor {
		return l.Paint(themes.Selected, look.Left("❯"+text[1:], w))
	}
	return l.Paint(themes.Text, look.Left(text, w))
}

// about says where the user's own themes live.
func (m *Model) about(l *look.Look, w int) []string {
	text := "themes of your own (*): " + m.dir + "/NAME.toml; docs/themes.md lists the tokens"
	if m.dir == "" {
		text = "there is no folder for themes of your own here"
	}
	lines := look.Wrap(flow.Clean(text), w)
	for i := range lines {
		lines[i] = l.Paint(themes.Muted, lines[i])
	}
	return append([]string{""}, lines...)
}

// piece is a piece of the sample.
type piece struct {
	token themes.Token
	text  string
}

// samples are the lines of the sample; the one of the row under the cursor stands on its ground.
var samples = [][]piece{
	{{themes.Accent, "cxlens"}, {themes.Header, "  analyst@lab  "}, {themes.ConnOnline, "● online"}},
	{{themes.Accent, "❯ "}, {themes.Field, "dst port 443 and "}, {themes.Mark, "dts"}, {themes.Field, " port 5"}},
	{{themes.Title, " START    PROTO SOURCE      STATE"}},
	{{themes.Text, " 13:56:33 "}, {themes.ProtoTCP, "tcp  "}, {themes.Text, " 10.0.0.7   "}, {themes.StateClosed, " SF   closed"}},
	{{themes.Text, " 13:56:31 "}, {themes.ProtoTCP, "tcp  "}, {themes.Text, " 10.0.0.12  "}, {themes.StateOpen, " S1   open"}},
	{{themes.Accent, "▌"}, {themes.Text, "13:56:30 "}, {themes.ProtoTCP, "tcp  "}, {themes.Cell, " 10.0.0.3   "}, {themes.StateUnanswered, " S0   unanswered"}},
	{{themes.Text, " 13:56:29 "}, {themes.ProtoTCP, "tcp  "}, {themes.Text, " 10.0.0.9   "}, {themes.StateRefused, " REJ  refused"}},
	{{themes.Text, " 13:56:28 "}, {themes.ProtoTCP, "tcp  "}, {themes.Text, " 10.0.0.7   "}, {themes.StateReset, " RSTO reset"}},
	{{themes.Text, " 13:56:27 "}, {themes.ProtoUDP, "udp  "}, {themes.Text, " 10.0.0.5   "}, {themes.StateOther, " OTH  other"}},
	{{themes.Text, " 13:56:26 "}, {themes.ProtoICMP, "icmp "}, {themes.Text, " 10.0.0.5   "}, {themes.NetOwn, " internal"}, {themes.NetOther, " dmz"}, {themes.HostName, " a.example"}},
	{{themes.NodeOnline, "● eth1 online "}, {themes.NodeLate, "◐ dmz late "}, {themes.NodeOffline, "○ lab offline"}},
	{{themes.Bar, "█████"}, {themes.Muted, "░░░░ muted "}, {themes.Key, "^k"}, {themes.Muted, " a key "}, {themes.Selected, " chosen "}},
	{{themes.OK, "✓ done "}, {themes.Warning, "! warning "}, {themes.Error, "✗ an error"}},
}

// cursorRow is the sample's row under the cursor.
const cursorRow = 5

// sample is the sample in exactly w columns, or what is wrong with the theme under the cursor.
func (m *Model) sample(l *look.Look, w int) []string {
	var out []string
	if it := m.items[m.cursor]; it.Err != nil {
		for _, line := range look.Wrap("✗ "+flow.Clean(it.Err.Error()), w) {
			out = append(out, l.Paint(themes.Error, line))
		}
		return out
	}
	for i, pieces := range samples {
		ground := themes.Text
		if i == cursorRow {
			ground = themes.Cursor
		}
		line, used := l.Line(ground), 0
		for _, p := range pieces {
			text := look.Cut(p.text, w-used)
			line.Put(p.token, text)
			used += look.Width(text)
		}
		line.Gap(w - used)
		out = append(out, line.String())
	}
	return out
}
