// Probe is the program that the tests of package terminal run: a small Bubble
// Tea program with an alternate screen, colours, a clipboard, mouse and keys.
package main

import (
	"fmt"
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"cxlens/internal/terminal/testdata/probe/frame"
)

type model struct {
	width, height int
	keys          []string
	background    string
	step          uint64 // of package frame; 0 shows the keys
}

func (m model) Init() tea.Cmd { return tea.RequestBackgroundColor }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.background = "light"
		if msg.IsDark() {
			m.background = "dark"
		}
	case tea.PasteMsg:
		m.keys = append(m.keys, fmt.Sprintf("paste:%q", msg.Content))
	case tea.ClipboardMsg:
		m.keys = append(m.keys, "clipboard:"+msg.Content)
	case tea.FocusMsg:
		m.keys = append(m.keys, "focus")
	case tea.BlurMsg:
		m.keys = append(m.keys, "blur")
	case tea.MouseClickMsg:
		m.keys = append(m.keys, fmt.Sprintf("click:%d,%d", msg.X, msg.Y))
	case tea.MouseReleaseMsg:
		m.keys = append(m.keys, fmt.Sprintf("release:%d,%d", msg.X, msg.Y))
	case tea.MouseMotionMsg:
		m.keys = append(m.keys, fmt.Sprintf("motion:%d,%d", msg.X, msg.Y))
	case tea.MouseWheelMsg:
		m.keys = append(m.keys, "wheel:"+msg.String())
	case tea.KeyPressMsg:
		switch msg.String() {
		case "q":
			return m, tea.Quit
		case "y":
			return m, tea.SetClipboard("copied text")
		case "p":
			return m, tea.ReadClipboard
		case "n":
			m.step++
			return m, nil
		}
		m.keys = append(m.keys, msg.String())
	}
	return m, nil
}

// frames draws the current step of package frame, in colours that change with
// every line, under the number of the step.
func (m model) frames() string {
	lines := []string{fmt.Sprintf("step %d", m.step)}
	for i, line := range frame.Lines(m.step, m.width, m.height-1) {
		style := lipgloss.NewStyle().Foreground(lipgloss.ANSIColor((int(m.step) + i) % 16))
		if i%4 == 0 {
			style = style.Background(lipgloss.Color("#203040")).Width(m.width)
		}
		lines = append(lines, style.Render(line))
	}
	return strings.Join(lines, "\n")
}

func (m model) View() tea.View {
	if m.step > 0 {
		v := tea.NewView(m.frames())
		v.AltScreen = true
		return v
	}
	st := lipgloss.NewStyle
	lines := []string{
		st().Foreground(lipgloss.Color("#ff8040")).Bold(true).Render("probe") +
			st().Background(lipgloss.Color("4")).Render(" blue ") +
			st().Faint(true).Render(" faint ") + st().Reverse(true).Render(" reverse ") +
			st().Underline(true).Render("under") + st().Strikethrough(true).Render("strike"),
		fmt.Sprintf("size %dx%d background %s", m.width, m.height, m.background),
		"wide 漢字| mark e\u0301| bars ▁▂▃█| " + strings.Repeat("=", 30) + "|",
		"keys " + strings.Join(m.keys[max(0, len(m.keys)-5):], " "),
	}
	for i := len(lines); i < m.height-1; i++ {
		lines = append(lines, strings.Repeat(string(rune('a'+i%26)), max(0, m.width-10))+fmt.Sprintf("  row %3d", i))
	}
	lines = append(lines, "bottom")
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.MouseMode = tea.MouseModeAllMotion
	v.ReportFocus = true
	v.WindowTitle = "probe ✓ title"
	return v
}

func main() {
	fmt.Println("before the screen")
	if _, err := tea.NewProgram(model{}).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("after the screen")
}
