package tui

import (
	"errors"
	"testing"

	"cxlens/client"
	"cxlens/query"
)

// named opens the screen with a named network, and a way to change it.
func named(t *testing.T) (*screen, *fakeSource) {
	t.Helper()
	src := newSource()
	return start(t, 120, 40, src, func(o *Options) {
		o.Names = map[string]string{"internal": "[10.0.0.0/8 fc00::/7]", "dmz": "[192.0.2.0/24]"}
	}), src
}

func (s *screen) ask(text string) {
	s.t.Helper()
	s.keys(":", "ctrl+u")
	s.typed(text)
	s.keys("enter")
}

// TestNamesAreWrittenOut: the server knows no names; the person sees the ones that were typed.
func TestNamesAreWrittenOut(t *testing.T) {
	s, src := named(t)
	s.ask("src ip $internal and not dst ip $dmz")
	if got, want := src.last().req.Query, "src net in [10.0.0.0/8 fc00::/7] and not dst net 192.0.2.0/24"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
	s.sees("src ip $internal and not dst ip $dmz")
	s.seesNot("fc00")
}

func TestUndefinedNameIsMarkedAndNotRun(t *testing.T) {
	s, src := named(t)
	ran := len(src.results)
	s.ask("src ip $dmx")
	if len(src.results) != ran {
		t.Fatalf("%q was sent", src.last().req.Query)
	}
	s.sees("$dmx is not defined", `did you mean "$dmz"?`, "^^^^")
	if s.m.mode != modeEdit {
		t.Error("the query line does not have the keyboard")
	}
}

// TestNamesChange: what the configuration has now is used from the next run on.
func TestNamesChange(t *testing.T) {
	s, src := named(t)
	s.ask("ip $dmz")
	ran := len(src.results)
	s.send(NamesChanged{Names: map[string]string{"dmz": "[198.51.100.0/24]"}})
	s.sees("the named networks were read again; r runs the query again with them")
	if len(src.results) != ran {
		t.Error("a query ran by itself")
	}
	s.keys("r")
	if got := src.last().req.Query; got != "net 198.51.100.0/24" {
		t.Errorf("sent %q", got)
	}
	s.send(NamesChanged{Err: errors.New("config.toml: networks.dmz: the list is empty")})
	s.sees("the named networks stay as they were: config.toml: networks.dmz: the list is empty")
	s.keys("r")
	if got := src.last().req.Query; got != "net 198.51.100.0/24" {
		t.Errorf("sent %q", got)
	}
}

func TestNameThatWentAway(t *testing.T) {
	s, src := named(t)
	s.ask("ip $dmz")
	ran := len(src.results)
	s.send(NamesChanged{Names: map[string]string{}})
	s.sees("r runs the query again")
	s.keys("r")
	s.sees("$dmz is not defined")
	if len(src.results) != ran {
		t.Errorf("%q was sent", src.last().req.Query)
	}
}

// TestServerErrorOfWrittenOutQuery: a place in what was sent is none in what was typed.
func TestServerErrorOfWrittenOutQuery(t *testing.T) {
	s, src := named(t)
	src.answer = func(r *fakeResult) {
		r.set(func() {
			r.progress = client.Progress{State: client.Failed, Err: &query.RequestError{Code: -1, Message: "no such thing", Offset: 3}}
		})
	}
	s.ask("ip $internal")
	s.sees("no such thing")
	s.seesNot("^ no such")
}

func TestNamesComplete(t *testing.T) {
	s, _ := named(t)
	s.keys(":", "ctrl+u")
	s.typed("ip $d")
	s.keys("tab")
	s.sees("ip $dmz")
}
