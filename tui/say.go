package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/help"
)

// maxNotices is how many notices are kept; the oldest go first and the box says how many went.
const maxNotices = 1000

// message is a line for the person that stands in the status line until the next key.
type message struct {
	text  string
	token themes.Token
	until time.Time // when it goes by itself; zero: with the next key
}

// newsFor is how long a line stands that no key brought about.
const newsFor = 10 * time.Second

// news says what happened by itself; it goes after a while, so that the counts come back.
func (m *model) news(text string) {
	m.tell(text)
	m.say.until = m.now().Add(newsFor)
}

// forgetNews puts away what has stood long enough.
func (m *model) forgetNews() {
	if !m.say.until.IsZero() && !m.now().Before(m.say.until) {
		m.say = message{}
	}
}

// tell says that something went well.
func (m *model) tell(text string) { m.say = message{text: flow.Clean(text), token: themes.OK} }

// warn says why nothing happened.
func (m *model) warn(text string) { m.say = message{text: flow.Clean(text), token: themes.Warning} }

// idle says why a key did nothing; "" is one that did something.
func (m *model) idle(why string) {
	if why != "" {
		m.warn(why)
	}
}

// fail says what went wrong.
func (m *model) fail(err error) {
	m.say = message{text: "✗ " + flow.Clean(err.Error()), token: themes.Error}
}

// noticed are lines that came from outside, such as damage found in a file.
type noticed []string

// maxAtOnce is how many notices one message brings at most: a damaged file can have thousands.
const maxAtOnce = 256

// waitNotice waits for the next notices.
func (m *model) waitNotice() tea.Cmd {
	ctx, notices := m.ctx, m.opts.Notices
	if notices == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case text, ok := <-notices:
			if !ok {
				return nil
			}
			return drain(noticed{text}, notices)
		case <-ctx.Done():
			return nil
		}
	}
}

// drain adds the notices that are there already.
func drain(got noticed, notices <-chan string) noticed {
	for len(got) < maxAtOnce {
		select {
		case text, ok := <-notices:
			if !ok {
				return got
			}
			got = append(got, text)
		default:
			return got
		}
	}
	return got
}

// notice keeps a notice; it stands above the status line until the notices are read.
func (m *model) notice(text string) {
	m.notices = append(m.notices, flow.Clean(text))
	m.unread++
	if over := len(m.notices) - maxNotices; over > 0 {
		m.notices = m.notices[over:]
		m.gone += over
	}
}

// noticeLine is the newest unread notice and how many there are, "" for none.
func (m *model) noticeLine() string {
	if m.unread == 0 {
		return ""
	}
	key := m.keys.screen.KeyOf(actNotices)
	last := m.notices[len(m.notices)-1]
	if m.unread > 1 {
		return fmt.Sprintf("%s  (%d notices, %s reads them)", last, m.unread, key)
	}
	return fmt.Sprintf("%s  (%s puts it away)", last, key)
}

// openNotices shows all notices, the newest first, and counts them as read.
func (m *model) openNotices() bool {
	if len(m.notices) == 0 {
		return false
	}
	title := fmt.Sprintf("%d notices, the newest first", len(m.notices))
	if m.gone > 0 {
		title += fmt.Sprintf("; %d older ones are gone", m.gone)
	}
	lines := make([]string, 0, len(m.notices))
	for i := len(m.notices) - 1; i >= 0; i-- {
		lines = append(lines, m.notices[i])
	}
	m.unread = 0
	m.help = help.NewText(m.keys.help, title, lines)
	m.help.Leave, m.help.Say = m.toFlows, m.warn
	m.mode = modeHelp
	return true
}
