package tui

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"cxlens/internal/flow"
	"cxlens/tui/spoken"
)

// listener hears a screen.
type listener struct {
	*screen
	aloud *aloud
	out   []string
}

// listen lets a screen be read aloud from now on; what is open is told as if it had just been opened.
func listen(s *screen) *listener {
	l := &listener{screen: s}
	s.m.aloud, s.m.mouse, s.m.theme.veil, s.m.theme.told = true, false, false, true
	if s.m.themeList != nil {
		s.m.themeList.Bare = true
	}
	l.aloud = &aloud{model: s.m, say: func(o spoken.Out) {
		if o.Echo != "" {
			l.out = append(l.out, "echo: "+o.Echo)
		}
		l.out = append(l.out, o.Lines...)
	}}
	s.m.colours(colorprofile.ASCII)
	s.m.retheme()
	behind := l.aloud.scene()
	behind.Title, behind.Lines, behind.Chosen, behind.Typing = "", nil, -1, false
	l.aloud.teller.Tell(behind, false, clock)
	s.as = l.aloud
	l.aloud.say(l.aloud.teller.Tell(l.aloud.scene(), true, clock))
	return l
}

// heard is what was said since it was asked last.
func (l *listener) heard() []string {
	out := l.out
	l.out = nil
	return out
}

// press presses a key, or pastes a longer text that is no key, and returns what is said then.
func (l *listener) press(name string) []string {
	l.t.Helper()
	if text, ok := strings.CutPrefix(name, "paste "); ok {
		l.send(tea.PasteMsg{Content: text})
	} else {
		l.keys(name)
	}
	return l.heard()
}

// unsayable is what a screen reader has no word for: what moves the cursor, boxes, bars and dots that are drawn.
var unsayable = regexp.MustCompile("[\x00-\x07\x09-\x1f\x7f-\u009f\u2500-\u259f\u2800-\u28ff]")

// step is a key and what is said of it, line by line: the whole line, or with … behind it its beginning.
type step struct {
	key  string
	says []string
}

// says tells whether lines are what is expected of them.
func says(got, want []string) bool {
	return slices.EqualFunc(got, want, func(got, want string) bool {
		if begin, ok := strings.CutSuffix(want, "…"); ok {
			return strings.HasPrefix(got, begin)
		}
		return got == want
	})
}

// parts are what is said of every part of the screen: some lines of what is told when it opens, then what a key changes.
var parts = map[mode]struct {
	open  func(t *testing.T, w, h int) *screen // nil is that of panes
	first []string
	steps []step
}{
	modeFlows: {
		open: pressed(),
		steps: []step{
			{"down", []string{"row 2 of 300: start 2026-11-22 13:56:35, duration …"}},
			{"right", []string{"duration 20.783527 seconds"}},
			{"s", []string{"sorted by duration↓"}},
			{"F", []string{"no rows", "done: 1,204,331 matched, 0 here, 300 not in order yet"}},
			{"space", []string{"there are no rows here: run a query first"}},
			{"W", []string{"W has no action here; …"}},
		},
	},
	modeNodes: {
		first: []string{"nodes", "3: ● eth1, online, 2ms, chosen"},
		steps: []step{{"down", []string{"5: ◐ dmz, late, 11s ago, chosen"}}, {"enter", []string{"agent, sensor-b", "netgroup, dmz", "type, CXTRACKER", "address, unknown", "since, unknown", "last seen, 11s ago", "round trip, 11ms", "clock off by 0s", "flows, 0", "oldest, unknown", "newest, unknown", "backlog, 0"}}},
	},
	modeLogin: {
		first: []string{"log in to a server", "typing: name"},
		steps: []step{{"a", []string{"echo: a"}}, {"enter", []string{"typing: secret"}}, {"b", []string{"echo: •"}}, {"enter", []string{"secret", "connecting to lab:10201 … 0s"}}},
	},
	modeEdit: {
		first: []string{"query", "typing: dst prot 5"},
		steps: []step{
			{"0", []string{"echo: 0"}},
			{"backspace", []string{"echo: \b \b"}},
			{"home", []string{"blank"}},
			{"enter", []string{"^^^^ expected ip, net, port, bytes, packets or flags after the side, found \"prot\"; did you mean \"port\"?"}},
			{"paste \x1b[2J\a x", []string{"typing: �[2J� x dst prot 5"}},
			{"esc", []string{"flows", "row 1 of 300: …"}},
		},
	},
	modePrompt: {
		first: []string{"span of time and limit of rows", "typing: all limit 100k, selected"},
		steps: []step{{"2", []string{"typing: 2"}}, {"4", []string{"echo: 4"}}, {"enter", []string{"\"24\" needs a unit, as in 24h"}}, {"h", []string{"echo: h"}}, {"enter", []string{"flows", "query: any, last 24h", "row 1 of 300: start 2026-11-22 13:56:35…"}}},
	},
	modeAsk: {
		first: []string{"question", "A query is running. Quit all the same?", "y yes, n no"},
		steps: []step{{"x", []string{"y or n answers the question"}}, {"n", []string{"flows", "no rows"}}},
	},
	modeColumns: {
		first: []string{"columns · 14 of…", "typing: nothing"},
		steps: []step{{"down", []string{"18: [ ] IP, IP version, chosen"}}, {"space", []string{"columns · 15 of…", "15: [x] IP, IP version, chosen"}}, {"space", []string{"columns · 14 of…", "18: [ ] IP, IP version, chosen"}}, {"(", []string{"the column is hidden, or cannot be narrower"}}, {"d", []string{"d: 1: [x] DESTINATION, address that was sent to, chosen"}}},
	},
	modeDetail: {
		first: []string{"flow 4 of 300", "32 more lines, ^l says them all"},
		steps: []step{{"down", []string{"3: start, 2026-11-22 13:56:33.761579 UTC, first packet; local time the same, chosen"}}, {"y", []string{"copied start"}}, {"enter", []string{"flows", "row 4 of 300: start 2026-11-22 13:56:33…"}}},
	},
	modeExport: {
		first: []string{"export 300 rows in their present order", "typing: out/cxlens-20261122-135807.csv, selected"},
		steps: []step{
			{"tab", []string{"columns, shown columns, Tab: all"}}, {"down", []string{"2: rows, here, here 300 · whole match 1.20M, chosen"}}, {"space", []string{"export the whole match, 1,204,331 rows, from the server", "2: rows, whole match, here 300 · whole match 1.20M, chosen"}}, {"ctrl+p", []string{"typing: out/cxlens-20261122-135807.csv, selected"}}, {"x", []string{"typing: x"}},
		},
	},
	modeHelp: {
		first: []string{"keys · cxlens test", "flows", "↓ j, row down", "screen"},
		steps: []step{{"down", []string{"^z, suspend to the shell"}}, {"esc", []string{"flows", "row 1 of 300: …"}}},
	},
	modePalette: {
		first: []string{"actions", "typing: sort"},
		steps: []step{{"down", []string{"2: flows: take this column out of the sort, X, chosen"}}, {"backspace", []string{"sor: 1: flows: sort by this column, again: turn around, s, chosen"}}, {"ctrl+u", []string{"typing: nothing", "1: screen: edit the query, : e, chosen"}}},
	},
	modeForm: {
		first: []string{"query form", "protocol, ‹is›, ‹tcp›"},
		steps: []step{{"down", []string{"2: direction ‹any›, chosen"}}, {"right", []string{"2: direction ‹internal → outside›, chosen"}}, {"tab", []string{"3: address, ‹src›, 10.0.0.0/8, chosen"}}, {"tab", []string{"typing: address, ‹src›, 10.0.0.0/8"}}, {"x", []string{"echo: x", "✗ ip: \"10.0.0.0/8x\" has a prefix length out of range", "matches, ✗ 1 field with an error, marked above: not counted"}}, {"enter", []string{"the marked field has an error"}}},
	},
	modeHistory: {
		first: []string{"history", "typing: nothing", "2: any, 1.20M, 812ms, now, chosen"},
		steps: []step{{"down", []string{"3: udp and dst port 443 and bytes > 1M, 37.0k, 111ms, 1m00s ago, chosen"}}, {"t", []string{"t: 2: udp and dst port 443 and bytes > 1M, 37.0k, 111ms, 1m00s ago, chosen"}}, {"enter", []string{"query", "typing: udp and dst port 443 and bytes > 1M"}}},
	},
	modeCopyAs: {
		first: []string{"copy the query as", "6: ip or ip6"},
		steps: []step{{"down", []string{"2: Wireshark, display filter: packets of both directions, whoever began, chosen"}}, {"enter", []string{"flows", "copied as Wireshark: ip || ipv6", "row 1 of 300: start 2026-11-22 13:56:35…"}}},
	},
	modeParsed: {
		first: []string{"query as it is read", "https = 443"},
		steps: []step{{"y", []string{"query", "typing: src net $internal and not dst net $internal and (dst port [https $web] or bytes > 1.5M)", "copied (src ip = $internal) and (not (dst ip = $internal)) and ((dst port in [https $web]) or (bytes > 1500000))"}}, {"esc", []string{"flows", "row 1 of 300: start 2026-11-22 13:56:35…"}}},
	},
	modeTabs: {
		first: []string{"tabs", "2: 2 port 53, done, 300 rows, chosen"},
		steps: []step{{"up", []string{"1: 1 any, done, 300 rows, chosen"}}, {"x", []string{"1: 1 port 53, done, 300 rows, chosen", "closed any; U opens it again"}}},
	},
	modeThemes: {
		first: []string{"themes", "1: auto, chosen", "2: catppuccin-latte"},
		steps: []step{{"down", []string{"2: catppuccin-latte, chosen"}}, {"enter", []string{"flows", "theme catppuccin-latte", "row 1 of 300: start 2026-11-22 13:56:35…"}}},
	},
	modeTimeline: {
		open:  func(t *testing.T, w, h int) *screen { s, _ := timelineScreen(t, w, h, nil); s.keys("z"); return s },
		first: []string{"timeline"},
		steps: []step{{"left", []string{"flows, 13:56:32 +2s 3 flows, tcp 3, udp 0, icmp 0, 13:51:32, 13:56:36 /2s…"}}, {"space", []string{"the selection begins here; Enter zooms to it, Space drops it"}}, {"left", []string{"flows, 13:56:30 .. 13:56:34 4 flows, tcp 3, udp 0, icmp 1, 13:51:32, 13:56:36 /2s…"}}, {"down", []string{"row 2 of 300: start 2026-11-22 13:56:35…"}}, {"m", []string{"the timeline counts bytes", "bytes, 13:56:30 .. 13:56:34 2.88 MB, tcp 1.29M, udp 0, icmp 1.59M, 13:51:32, 13:56:36 /2s"}}, {"enter", []string{"zoomed to 4.00s; backspace goes back", "query: any, 2026-11-22 13:56:30 .. 13:56:34"}}},
	},
	modeFacets: {
		open:  func(t *testing.T, w, h int) *screen { s, _ := facetScreen(t, w, h, flow.ColDstPort, nil); return s },
		first: []string{"top values: dst_port · 9 values of all 300 matches", "2: 53, 61, 62.4M, 82.6k, 20.3%, chosen"},
		steps: []step{{"down", []string{"3: 443, 40, 33.9M, 45.0k, 13.3%, chosen"}}, {"m", []string{"2: 53, 61, 62.4M, 82.6k, 20.9%, chosen"}}, {"/", []string{"/: 2: 53, 61, 62.4M, 82.6k, 20.9%, chosen"}}, {"4", []string{"top values: dst_port · 3 of 9 values of all 300 matches", "/ 4: 2: 443, 40, 33.9M, 45.0k, 11.4%, chosen"}}},
	},
	modeDifference: {
		first: []string{"3: + 1 new, − 1 gone, ~ 1 changed, = 1 same (not shown)"},
		steps: []step{{"down", []string{"6: + new, 10.0.0.66 203.0.113.5, 4444, 0 →, 880k, 0 →, 7, 0 →, 700, ·, chosen"}}, {"n", []string{"5: + new, 10.0.0.66 203.0.113.5 4444, 0 →, 880k, 0 →, 7, 0 →, 700, ·, chosen"}}, {"y", []string{"copied new�10.0.0.66�203.0.113.5�4444�0�7�0�880000�0�700"}}},
	},
	modeProfiles: {
		first: []string{"profiles · 10"},
		steps: []step{{"down", []string{"4: dns-to-strangers shipped, DNS from internal hosts to servers that are not the own ones, by host and server, chosen"}}, {"/", []string{"typing: nothing", "3: dns-to-strangers shipped, DNS from internal hosts to servers that are not the own ones, by host and server, chosen"}}, {"s", []string{"s: 2: beacons, shipped, Pairs of an internal host and an outside one with many short, small sessions th…, chosen"}}},
	},
	modeParams: {
		first: []string{"ssh-from-outside", "typing: ssh, selected"},
		steps: []step{{"x", []string{"typing: x"}}, {"tab", []string{"typing: $internal, selected", "✗ expected a port number, range or service name, found \"x\"; expected a port such as 443, https or 8000-8080"}}, {"y", []string{"typing: y"}}, {"enter", []string{"typing: x", "✗ expected an IP address, CIDR block or range, found \"y\"; expected a network such as 10.0.0.0/8 such…"}}},
	},
}

// TestEveryPartIsHeard: a part tells what it is when it opens, and of a key only what that changed.
func TestEveryPartIsHeard(t *testing.T) {
	for md := range modeEnd {
		part, ok := parts[md]
		if !ok {
			t.Errorf("what is said of mode %d is not tested", md)
			continue
		}
		open := part.open
		if open == nil {
			open = panes[md].open
		}
		l := listen(open(t, aloudWidth, aloudHeight))
		if l.m.mode != md {
			t.Fatalf("mode %d has the keyboard, want %d", l.m.mode, md)
		}
		opened := l.heard()
		for _, want := range part.first {
			if !slices.ContainsFunc(opened, func(got string) bool { return says([]string{got}, []string{want}) }) {
				t.Errorf("mode %d: %q is not said when it opens:\n%s", md, want, strings.Join(opened, "\n"))
			}
		}
		all := append(opened, l.aloud.scene().Whole()...)
		for _, st := range part.steps {
			got := l.press(st.key)
			if all = append(all, got...); !says(got, st.says) {
				t.Errorf("mode %d: of %s is said\n%s\nwant\n%s", md, st.key, strings.Join(got, "\n"), strings.Join(st.says, "\n"))
			}
		}
		for _, text := range all {
			if bad := unsayable.FindString(strings.TrimSuffix(text, "\b \b")); bad != "" {
				t.Errorf("mode %d: %q is said in %q", md, bad, text)
			}
		}
	}
}
