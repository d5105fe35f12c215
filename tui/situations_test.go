package tui

import (
	"context"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/export"
	"cxlens/tui/form"
)

// situations are, of each part by its name in AllKeys, those in which every key of it is pressed.
var situations = map[string][]situation{
	"screen": append(onMain(), situation{"failed", func(t *testing.T) *screen {
		srv, src := newServer(t, 300)
		srv.fail = query.KindFlows
		return start(t, 80, 24, src, nil)
	}}, situation{"followed", func(t *testing.T) *screen {
		s, _ := followScreen(t)
		return s
	}}),
	"flows": onMain(), "pivots": onMain(), "tabs": onMain(), "names": onMain(), "modes": onMain(),
	"rows": onMain(), "profiles": onMain(), "views": onMain(),
	"reading aloud": append(onMain(), situation{"aloud", func(t *testing.T) *screen {
		s := mainScreen(t)
		s.m.aloud = true
		return s
	}}),
	"nodes": {
		{"first", then(mainScreen, "n")},
		{"last", then(mainScreen, "n", "down", "down", "enter")},
		{"none", func(t *testing.T) *screen {
			src := newSource()
			src.status.Nodes = nil
			s := start(t, 80, 24, src, nil)
			s.keys("n")
			return s
		}},
	},
	"query line": {
		{"empty", then(mainScreen, ":")},
		{"at the end", then(mainScreen, ":", "t", "c", "p")},
		{"at the beginning", then(mainScreen, ":", "t", "c", "p", "home")},
		{"error", then(mainScreen, ":", "t", "c", "z", "enter")},
		{"completing", then(mainScreen, ":", "t", "tab")},
		{"several lines", then(mainScreen, ":", "t", "c", "p", "ctrl+j", "ctrl+j", "u", "d", "p", "up")},
	},
	"prompt": {
		{"empty", then(mainScreen, "ctrl+g")},
		{"old text", then(mainScreen, "L")},
		{"error", then(mainScreen, "L", "x", "enter")},
	},
	"question": {
		{"a query runs", panes[modeAsk].at},
		{"rows are marked", then(mainScreen, "space", "q")},
	},
	"login": {
		{"empty", func(t *testing.T) *screen { return start(t, 80, 24, nil, nil) }},
		{"missing", func(t *testing.T) *screen {
			s := start(t, 80, 24, nil, func(o *Options) { o.Login = Login{Server: "lab:10201", Name: "analyst"} })
			s.keys("enter")
			return s
		}},
		{"connecting", connecting},
	},
	"columns": {
		{"first", then(mainScreen, "c")},
		{"last", then(mainScreen, "c", "end", "up", "up", "down", "down")},
		{"hidden", then(mainScreen, "c", "i", "c", "m", "p")},
		{"nothing found", then(mainScreen, "c", "z", "q", "z")},
		{"one column", func(t *testing.T) *screen {
			s := mainScreen(t)
			s.m.table.SetColumns([]flow.Column{flow.ColStart})
			s.keys("c")
			return s
		}},
	},
	"flow": {
		{"first", then(mainScreen, "enter")},
		{"last", then(mainScreen, "G", "enter", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown")},
	},
	"export": {
		{"old path", then(mainScreen, "x")},
		{"path at the end", then(mainScreen, "x", "end")},
		{"path at the beginning", then(mainScreen, "x", "home")},
		{"no path", then(mainScreen, "x", "ctrl+u", "enter")},
		{"last line", then(mainScreen, "x", "down", "down", "down", "down")},
		{"rows", then(mainScreen, "x", "down")},
		{"writing", writing},
	},
	"help": {
		{"top", then(mainScreen, "?")},
		{"bottom", then(mainScreen, "?", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown")},
		{"one line", func(t *testing.T) *screen {
			s := mainScreen(t)
			s.send(noticed{"a.pcap: record 7 is damaged"})
			s.keys("!")
			return s
		}},
	},
	"actions": {
		{"first", then(mainScreen, "ctrl+k")},
		{"last", then(mainScreen, "ctrl+k", "m", "o", "u", "s", "e", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down")},
		{"nothing found", then(mainScreen, "ctrl+k", "z", "q", "z")},
	},
	"form": {
		{"empty", formOn("")},
		{"filled", formOn("tcp and src net 10.0.0.0/8 and dst port https")},
		{"address", formOn("src net 10.0.0.0/8", "down", "down")},
		{"end of a text", formOn("src net 10.0.0.0/8", "down", "down", "end")},
		{"choice", formOn("tcp", "tab", "tab")},
		{"flags", formOn("tcp", "pgdown", "down")},
		{"error", formOn("", "down", "down", "x", "y", "enter")},
	},
	"history": {
		{"first", pastOf("ctrl+r")},
		{"last", pastOf("ctrl+r", "down", "down", "down", "down", "down")},
		{"nothing found", pastOf("ctrl+r", "z", "q", "z")},
	},
	"copy the query as": {
		{"first", then(mainScreen, "C")},
		{"last", then(mainScreen, "C", "down", "down", "down", "down", "down")},
		{"long", func(t *testing.T) *screen {
			s := start(t, 80, 24, newSource(), func(o *Options) { o.Query = "ip [10.0.0.7 192.0.2.9 198.51.100.4] and state SF and node eth1" })
			s.keys("C", "pgdown", "pgdown", "pgdown", "pgdown")
			return s
		}},
	},
	"tab list": {
		{"one tab", then(mainScreen, "O")},
		{"closed", then(func(t *testing.T) *screen { return tabScreen(t, 80, 24) }, "ctrl+w", "O", "down", "down", "down")},
		{"several", then(func(t *testing.T) *screen { return tabScreen(t, 80, 24) }, "O")},
	},
	"themes": {
		{"first", panes[modeThemes].at},
		{"last", then(panes[modeThemes].at, "end")},
	},
	"difference": {
		{"coming", func(t *testing.T) *screen {
			s := differenceScreen(t, 80, 24)
			s.src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Running }) }
			s.keys("d")
			s.typed("1d")
			s.keys("enter")
			return s
		}},
		{"first", panes[modeDifference].at},
		{"last", then(panes[modeDifference].at, "end")},
		{"nothing gone", then(panes[modeDifference].at, "c", "n")},
		{"no rows", func(t *testing.T) *screen {
			s := differenceScreen(t, 80, 24)
			answerTop(s.src, func(query.Request) ([][]string, uint64) { return nil, 0 })
			s.difference("1d")
			return s
		}},
	},
	"query as it is read": {
		{"all of it", panes[modeParsed].at},
		{"top", longParsed()},
		{"bottom", longParsed("pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown")},
	},
	"profile list": {
		{"first", shippedAt("p")},
		{"last", shippedAt("p", "end", "end", "end", "end")},
		{"nothing found", shippedAt("p", "/", "z", "q", "z", "tab")},
		{"searching", shippedAt("p", "/", "s", "s", "h")},
		{"own", func(t *testing.T) *screen {
			store := profileStore(t, map[string]string{"mine": `query = "tcp and dst port 443"`})
			s := start(t, 80, 24, newSource(), func(o *Options) { o.Profiles = store })
			s.keys("p")
			s.comes("mine")
			return s
		}},
	},
	"parameters": {
		{"first", panes[modeParams].at},
		{"error", then(panes[modeParams].at, "tab", "x", "enter")},
		{"only one", func(t *testing.T) *screen {
			store := profileStore(t, map[string]string{"one": `query = "dst port ?port"`})
			s := start(t, 80, 24, newSource(), func(o *Options) { o.Profiles = store })
			s.run(s.m.findProfile("one", false))
			s.until("the parameter", func() bool { return s.m.mode == modeParams })
			return s
		}},
	},
	"timeline": {
		{"no answer", func(t *testing.T) *screen {
			srv, src := newServer(t, 300)
			srv.hold = "count"
			s := start(t, 80, 24, src, nil)
			s.keys("z")
			return s
		}},
		{"nothing matches", func(t *testing.T) *screen {
			_, src := newServer(t, 0)
			s := start(t, 80, 24, src, nil)
			s.keys("z")
			s.timelineThere()
			return s
		}},
		{"end", onTimeline(80, 24, "end")},
		{"beginning", onTimeline(80, 24, "home")},
		{"high", onTimeline(120, 40, "+", "+", "+", "+", "+", "+")},
		{"selecting", onTimeline(120, 40, "space")},
		{"not stacked", onTimeline(120, 40, "b", "b")},
		{"low bandwidth", onTimeline(80, 24, "K")},
	},
	"top values and groups": {
		{"first", facetsAt()},
		{"last", facetsAt("end")},
		{"peak", facetsAt("m")},
		{"nothing found", facetsAt("/", "z", "q", "z", "enter")},
		{"narrowing", facetsAt("/", "z", "q", "z")},
		{"groups", groupsAt()},
		{"last group", groupsAt("end")},
		{"no group", groupsAt("/", "z", "q", "z", "enter")},
	},
}

// at opens a part in the size of a small terminal.
func (p pane) at(t *testing.T) *screen { return p.open(t, 80, 24) }

// then opens a situation and presses keys in it.
func then(open func(t *testing.T) *screen, keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		s := open(t)
		s.keys(keys...)
		return s
	}
}

// mainScreen is the list of flows with the cursor at its begin.
func mainScreen(t *testing.T) *screen { return start(t, 80, 24, newSource(), nil) }

// onMain are the situations of the main screen.
func onMain() []situation {
	return []situation{
		{"first row", mainScreen},
		{"last row and column", func(t *testing.T) *screen {
			s := mainScreen(t)
			s.keys("G")
			s.keys(slices.Repeat([]string{"right"}, len(s.m.table.Columns()))...)
			return s
		}},
		{"no rows", func(t *testing.T) *screen {
			src := newSource()
			src.answer = func(r *fakeResult) { r.finish(0, 0) }
			return start(t, 80, 24, src, nil)
		}},
		{"running", func(t *testing.T) *screen {
			src := newSource()
			src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Running }) }
			return start(t, 80, 24, src, nil)
		}},
		{"one column", func(t *testing.T) *screen {
			s := mainScreen(t)
			s.m.table.SetColumns([]flow.Column{flow.ColStart})
			return s
		}},
		{"marked, searched and refined", func(t *testing.T) *screen {
			s := mainScreen(t)
			s.keys("/")
			s.typed("tcp")
			s.keys("enter")
			s.settle()
			s.keys("ctrl+f")
			s.typed("10.0.0")
			s.keys("enter", "space", "down", "space", "o")
			s.settle()
			return s
		}},
		{"several tabs", func(t *testing.T) *screen { return tabScreen(t, 80, 24) }},
	}
}

// connecting is the login while an attempt runs.
func connecting(t *testing.T) *screen {
	s := loginScreen(t, func(ctx context.Context, _ Login) (Backend, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	s.typed("secret")
	s.keys("enter")
	return s
}

// writing is the export box while rows are written.
func writing(t *testing.T) *screen {
	s := mainScreen(t)
	s.keys("x")
	s.m.export.Write = func(ctx context.Context, _ export.Request, _ export.Progress) (export.Written, error) {
		<-ctx.Done()
		return export.Written{}, ctx.Err()
	}
	s.keys("enter")
	return s
}

// formOn is the form on a query, its estimate made, and keys pressed.
func formOn(text string, keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		s, _ := openedForm(t, 80, 24, text)
		s.keys(keys...)
		s.send(form.Due{})
		return s
	}
}

// pastOf is the main screen with queries that were run, and keys pressed.
func pastOf(keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		store := newStore(t)
		ran(t, store, "dst port 53", "tcp", "udp and dst port 443")
		s := withHistory(t, 80, 24, newSource(), store, 4)
		s.keys(keys...)
		return s
	}
}

// longParsed is a query that has no room in the box that shows how it is read.
func longParsed(keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		s := start(t, 60, 12, newSource(), withNames)
		s.keys(":")
		s.send(tea.KeyPressMsg{Code: 'p', Mod: tea.ModAlt})
		s.keys(keys...)
		return s
	}
}

// shippedAt is the list of the shipped profiles with keys pressed.
func shippedAt(keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		s := shippedProfiles(keys[0])(t, 80, 24)
		s.keys(keys[1:]...)
		return s
	}
}

// onTimeline gives the keyboard to a timeline that is there, and presses keys.
func onTimeline(w, h int, keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		s, _ := timelineScreen(t, w, h, nil)
		s.keys("z")
		s.keys(keys...)
		s.timelineThere()
		return s
	}
}

// facetsAt is the box of top values with keys pressed.
func facetsAt(keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		s, _ := facetScreen(t, 80, 24, flow.ColDstPort, nil)
		s.keys(keys...)
		return s
	}
}

// groupsAt is the groups in the place of the rows with keys pressed.
func groupsAt(keys ...string) func(t *testing.T) *screen {
	return func(t *testing.T) *screen {
		_, src := newServer(t, 300)
		s := start(t, 80, 24, src, nil)
		s.onColumn(flow.ColDstPort)
		s.keys("b")
		s.until("the groups", func() bool { return s.m.groups.rest() })
		s.keys(keys...)
		return s
	}
}
