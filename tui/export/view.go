package export

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// View returns the box for a screen of w columns, and where in it the cursor stands; x is -1 for
// no cursor.
func (m *Model) View(l *look.Look, w int) (box []string, x, y int) {
	inside := min(76, w-6)
	title := fmt.Sprintf("export %s rows in their present order", human.Exact(uint64(m.rows)))
	text, at := m.field.View(l, inside-2)
	lines := []string{l.Paint(themes.Accent, "❯ ") + text}
	switch m.stage {
	case writing:
		lines = append(lines, m.progress(l, inside))
		return l.Box(title, "Esc stops", lines, inside), -1, 0
	case confirming:
		name := flow.Clean(filepath.Base(m.field.Value()))
		for _, line := range look.Wrap(name+" exists. Replace it?", inside) {
			lines = append(lines, l.Paint(themes.Warning, line))
		}
		lines = append(lines, l.Paint(themes.Key, "y")+" replaces it   "+l.Paint(themes.Key, "n")+" another name")
		return l.Box(title, "", lines, inside), -1, 0
	}
	if m.err != "" {
		for _, line := range look.Wrap("✗ "+m.err, inside) {
			lines = append(lines, l.Paint(themes.Error, line))
		}
	}
	columns := "shown columns"
	if m.all {
		columns = "all columns"
	}
	lines = append(lines,
		l.Paint(themes.Muted, "columns  ")+l.Paint(themes.Text, columns)+l.Paint(themes.Muted, "  Tab changes"),
		l.Paint(themes.Muted, "format   by the ending: .csv, .jsonl or .txt"))
	return l.Box(title, "Enter writes · Esc leaves", lines, inside), 4 + at, 1
}

func (m *Model) progress(l *look.Look, w int) string {
	done := int(m.done.Load())
	text := fmt.Sprintf(" %s of %s  %s", human.Exact(uint64(done)), human.Exact(uint64(m.rows)), human.Duration(m.Now().Sub(m.began).Truncate(100*time.Millisecond)))
	room := max(4, w-look.Width(text))
	full := room * done / max(1, m.rows)
	return l.Paint(themes.Bar, strings.Repeat("█", full)) + l.Paint(themes.Muted, strings.Repeat("░", room-full)) + l.Paint(themes.Text, text)
}
