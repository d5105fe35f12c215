package tui

import (
	"net"
	"strings"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
	"cxlens/tui/span"
	"cxlens/tui/table"
)

// header is the top line: who, where, how the connection is, and the time.
func (m *model) header() string {
	left := " " + m.look.Paint(themes.Accent, "cxlens")
	if m.opts.Title != "" {
		left += " " + m.look.Paint(themes.Muted, flow.Clean(m.opts.Title))
	}
	if m.src != nil {
		left += "  " + m.look.Paint(themes.Header, m.account()) + "  " + m.connection()
	}
	clock := m.look.Paint(themes.Muted, m.clockZone()+" ") + m.look.Paint(themes.Text, m.now().In(m.zone.shown).Format(m.clockLayout()))
	keys := m.hint(actHelp, "keys")
	for _, right := range []string{clock + "  " + keys + "  " + m.hint(actPalette, "actions") + " ", clock + "  " + keys + " ", keys + " "} {
		if look.Width(left)+2+look.Width(right) <= m.width {
			return look.Between(left, right, m.width)
		}
	}
	return look.Between(look.Cut(left, m.width-look.Width(keys)-3), keys+" ", m.width)
}

// clockLayout leaves the seconds out where every change costs.
func (m *model) clockLayout() string {
	if m.slow.on {
		return "15:04"
	}
	return "15:04:05"
}

func (m *model) hint(id, word string) string {
	if m.mode == modeLogin {
		return ""
	}
	return m.look.Paint(themes.Key, m.keys.screen.KeyOf(id)) + m.look.Paint(themes.Muted, " "+word)
}

// account is who is logged in where: analyst@lab. A default port is left out.
func (m *model) account() string {
	server := m.status.Server
	if host, port, err := net.SplitHostPort(server); err == nil && port == "10201" {
		server = host
	}
	if server == "" {
		server = "embedded"
	}
	return flow.Clean(m.status.Name) + "@" + flow.Clean(server)
}

// connection is the state of the connection as a sign, a word and the round trip.
func (m *model) connection() string {
	switch s := m.status; s.Phase {
	case client.Online:
		text := "● online"
		if s.RTT > 0 && !m.slow.on {
			text += " " + human.Duration(s.RTT)
		}
		return m.look.Paint(themes.ConnOnline, text)
	case client.Connecting:
		return m.look.Paint(themes.ConnWaiting, "◌ connecting")
	case client.Waiting:
		text := "✗ lost"
		if d := s.RetryAt.Sub(m.now()); d > 0 {
			text += ", again in " + countdown(d)
		}
		return m.look.Paint(themes.ConnWaiting, text)
	case client.Refused:
		return m.look.Paint(themes.ConnRefused, "✗ refused")
	}
	return m.look.Paint(themes.Muted, "○ closed")
}

// suffixes say beside the query what else is asked for: span, order and limit. The later ones are
// shorter and leave out what matters less.
func (m *model) suffixes() []string {
	span, limit := m.span.String(), limitText(m.limit)
	if m.follow {
		limit += " · follow"
	}
	long, short := strings.Join([]string{span, orderText(m.table.Arrival()), limit}, " · "), span+" · "+limit
	if name := m.profileText(); name != "" {
		return []string{name + " · " + long, name + " · " + short, name + " · " + span, name}
	}
	return []string{long, short, span}
}

func limitText(n int64) string {
	if n <= 0 {
		return "no limit"
	}
	return span.LimitText(n)
}

func orderText(keys []flow.SortKey) string {
	if len(keys) == 1 && keys[0].Column == flow.ColStart {
		if keys[0].Desc {
			return "newest first"
		}
		return "oldest first"
	}
	return "by " + table.SortText(keys)
}
