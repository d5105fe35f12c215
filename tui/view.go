package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/themes"
	"cxlens/tui/look"
)

// View draws the screen. The parts keep what they rendered, so that a message that changes
// little costs little.
func (m *model) View() tea.View {
	if v, ok := m.held(); ok {
		return v
	}
	v := m.draw()
	m.drew(v)
	return v
}

func (m *model) draw() tea.View {
	m.resize()
	v := tea.NewView("")
	v.AltScreen = true
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.WindowTitle = m.windowTitle()
	m.ground(&v)
	switch {
	case m.width == 0 || m.height == 0 || m.theme.veil:
	case m.tooSmall():
		v.Content = join(m.smallScreen())
	default:
		lines, cursor := m.screen()
		v.Content, v.Cursor = join(lines), cursor
	}
	return v
}

func (m *model) windowTitle() string {
	if m.src == nil {
		return "cxlens"
	}
	return "cxlens " + m.account()
}

func join(lines []string) string {
	n := len(lines)
	for _, l := range lines {
		n += len(l)
	}
	b := make([]byte, 0, n)
	for i, l := range lines {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, l...)
	}
	return string(b)
}

func (m *model) smallScreen() []string {
	lines := look.Wrap(fmt.Sprintf("this terminal is %d by %d, too small: cxlens needs %d by %d", m.width, m.height, minWidth, minHeight), max(1, m.width))
	return lines[:min(len(lines), max(1, m.height))]
}

// screen draws the main screen and what lies over it.
func (m *model) screen() ([]string, *tea.Cursor) {
	g := m.geometry()
	lines := make([]string, 0, m.height)
	lines = append(lines, m.header())
	if m.mode == modeLogin {
		for len(lines) < m.height {
			lines = append(lines, look.Blank(m.width))
		}
		return m.lay(lines, g)
	}
	bar, x, y := m.bar.View(m.width, m.height, m.mode == modeEdit, m.suffixes())
	lines = append(lines, bar...)
	if g.tabs > 0 {
		lines = append(lines, m.tabLine())
	}
	if g.timeline > 0 {
		lines = append(lines, m.timelineView()...)
	}
	for len(lines) < g.body {
		lines = append(lines, "")
	}
	lines = append(lines, m.body(g)...)
	lines = append(lines, m.footLines(g)...)
	if m.mode == modeEdit {
		return lines, tea.NewCursor(x, 1+y)
	}
	return m.lay(lines, g)
}

// barLines are the lines of the query line.
func (m *model) barLines() []string {
	lines, _, _ := m.bar.View(m.width, m.height, m.mode == modeEdit, m.suffixes())
	return lines
}

// body is the table, with the nodes beside it where there is room.
func (m *model) body(g geometry) []string {
	rows := m.table.View()
	if m.groups != nil {
		rows, _, _ = m.groupPane(g.table, g.rows)
	} else if shown, _ := m.table.Len(); shown == 0 {
		rows = m.emptyTable(rows, g)
	}
	switch {
	case g.pane > 0:
		pane := m.nodes.View(m.look, g.pane, g.rows, m.mode == modeNodes, m.now())
		bar := " " + m.look.Paint(themes.Rule, "│") + " "
		out := make([]string, len(rows))
		for i := range rows {
			out[i] = rows[i] + bar + pane[i]
		}
		return out
	case m.mode == modeNodes:
		lines := m.nodes.View(m.look, m.width-2, g.rows, true, m.now())
		for i := range lines {
			lines[i] = " " + lines[i]
		}
		return lines
	}
	return rows
}

// lay puts the open box over the screen.
func (m *model) lay(lines []string, g geometry) ([]string, *tea.Cursor) {
	box, x, y := m.box()
	if len(box) == 0 {
		if m.onGroups() {
			if _, x, y = m.groupPane(g.table, g.rows); x >= 0 {
				return lines, tea.NewCursor(x, g.body+y)
			}
		}
		return lines, nil
	}
	at, top := look.Center(look.Width(box[0]), len(box), m.width, m.height)
	if m.mode == modePrompt || m.mode == modeExport || m.mode == modePalette || m.mode == modeHistory || m.mode == modeForm {
		top = min(top, g.body)
	}
	look.Lay(lines, box, at, top)
	if x < 0 {
		return lines, nil
	}
	return lines, tea.NewCursor(at+x, top+y)
}

// box is the open box and where in it the cursor stands; x is -1 for no cursor. Without a box it is empty.
func (m *model) box() (box []string, x, y int) {
	x = -1
	switch m.mode {
	case modeLogin:
		box, x, y = m.login.View(m.look, m.width, m.now())
	case modePrompt:
		box, x, y = m.prompt.View(m.look, m.width)
	case modeAsk:
		box = m.ask.View(m.look, m.width)
	case modeColumns:
		box, x, y = m.columns.View(m.look, m.width, m.height-2)
	case modeDetail:
		box = m.detail.View(m.look, m.width, m.height-2)
	case modeExport:
		box, x, y = m.export.View(m.look, m.width)
	case modeDifference:
		box = m.diffBox.View(m.look, m.width, m.height-2)
	case modeTabs:
		box = m.tabList.View(m.look, m.width, m.height-2)
	case modeThemes:
		box = m.themeList.View(m.look, m.width, m.height-2)
	case modeParsed:
		box = m.parsed.View(m.look, m.width, m.height-2)
	case modeProfiles:
		box, x, y = m.profiles.list.View(m.look, m.width, m.height-2)
	case modeParams:
		box, x, y = m.profiles.params.View(m.look, m.width, m.height-2)
	case modeCopyAs:
		box = m.copyas.View(m.look, m.width, m.height-2)
	case modeHelp:
		box = m.help.View(m.look, m.width, m.height-2)
	case modeHistory:
		box, x, y = m.history.View(m.look, m.width, m.height-2)
	case modeForm:
		box, x, y = m.form.View(m.look, m.width, m.height-2)
	case modeFacets:
		box, x, y = m.formListing(m.facets).Box(m.look, m.width, m.height-2)
	case modePalette:
		box, x, y = m.palette.View(m.look, m.width, m.height-2)
	}
	return box, x, y
}
