// Package tui is the analyst's screen: it asks for a login, runs queries, shows their flows
// and the nodes, and exports what is shown.
//
// It may import client, query, themes, internal/flow, internal/export, internal/history,
// internal/lookup and internal/opentabs; nothing else of cxlens knows
// Bubble Tea. The root model owns the size, the mode and the running query; every part of the
// screen is a package below this one. The surprising thing: the keyboard belongs to one mode at a
// time, chosen before any key is looked up, so that what is typed into a prompt can never act on
// the screen behind it.
package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/internal/history"
	"cxlens/internal/lookup"
	"cxlens/internal/opentabs"
	"cxlens/query"
	"cxlens/query/profile"
	"cxlens/themes"
)

// DefaultLimit is how many rows a query brings at most unless another limit is chosen.
const DefaultLimit = 100_000

// Backend is a connection to a server; *client.Client is one.
type Backend interface {
	Status() client.Status
	Changed() <-chan struct{}
	Submit(req query.Request) *client.Result
	// Stream runs a query whose rows are handed over part by part and not kept, see client.Client.
	Stream(ctx context.Context, req query.Request, each func(v *flow.View, p client.Progress) error) error
	Close() error
}

// Login is what the login form asks for.
type Login struct{ Server, Name, Secret string }

// Options say how the screen begins.
type Options struct {
	// Backend is the connection; nil shows the login form, which needs Connect.
	Backend Backend
	// Connect connects with what was typed. An error that is client.ErrAuth is a refusal.
	Connect func(ctx context.Context, l Login) (Backend, error)
	// Login fills the form in advance; a secret in it is ignored.
	Login Login

	Query  string            // the first query; "" is any
	Last   string            // its span as query.ParseSpan reads it; "" is all time
	Follow bool              // show new flows as they arrive
	Limit  int64             // rows at most; 0 is DefaultLimit, below 0 is none
	Names  map[string]string // the sets of $name, as query.Env has them
	Lookup lookup.Settings   // what is known of addresses and shown beside them
	// Resolver asks the DNS where Lookup allows it; nil is the system's.
	Resolver lookup.Resolver
	// NamesChanged brings the names again when the configuration changes; nil for never.
	NamesChanged <-chan NamesChanged

	// Profiles are the saved views there are, and what is noted about them; its zero value knows those that come with
	// the program.
	Profiles profile.Store

	// History is kept of the queries that are run; nil keeps them until the screen is left.
	History *history.Store

	// Tabs keeps which tabs are open; nil keeps nothing.
	Tabs *opentabs.Store

	// Zone is the time zone that times are shown in; nil is UTC.
	Zone *time.Location
	// Exact shows numbers exactly at first.
	Exact bool
	// Clipboard puts text on the clipboard of this machine, beside that of the person's own terminal; nil
	// where there is none.
	Clipboard func(ctx context.Context, text string) error

	// ColumnsFile keeps how the columns of the table stand; "" keeps that until the screen is left.
	ColumnsFile string

	Theme  string // "" or auto: by the terminal's background; else a name
	Themes themes.Loader
	// ThemesChanged tells that files of the user's themes changed; nil for never.
	ThemesChanged <-chan struct{}
	// Keep keeps a choice for the next time: "theme" by its name, "mouse" as on or off, "zone" as a name that
	// ParseZone reads, "numbers" as exact or rounded. An error is a notice. nil keeps nothing.
	Keep func(choice, value string) error
	// Accessible prints lines for screen readers in place of a screen.
	Accessible bool
	// LowBandwidth begins with the mode for slow links. KeepBandwidth has no measurement change that, only its key.
	LowBandwidth, KeepBandwidth bool
	// NoMouse leaves the mouse to the terminal.
	NoMouse bool
	// Keys replaces the keys of actions, as the config has them.
	Keys map[string][]string
	// KeyPlace says where the config has an action, as file:line; nil where it has none.
	KeyPlace func(action string) string
	// Told are notices from the beginning.
	Told []string
	// Notices are lines to show, such as damage found in a file.
	Notices <-chan string
	// Reading tells how far the reading of files is; its last word is Done. nil where none are read.
	Reading <-chan Reading

	ASCII     bool   // the terminal's locale is not UTF-8: the timeline is drawn with ASCII
	Title     string // stands beside the program's name, such as demo
	Version   string
	ExportDir string // where exports go unless another path is typed; "" is the working directory
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// After is the timer that the form waits by; nil is time.After.
	After func(d time.Duration) <-chan time.Time
}

// Run shows the screen until the person leaves it or ctx is done, and closes the connection that is
// open then. Bad options are an error before anything is shown.
func Run(ctx context.Context, opts Options) error {
	m, err := newModel(opts)
	if err != nil {
		return err
	}
	if opts.Accessible {
		return m.left(ctx, m.runAloud(ctx))
	}
	m.askSize = func() (int, int, error) { return term.GetSize(os.Stdout.Fd()) }
	out := &link{File: os.Stdout, now: time.Now}
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithOutput(out))
	out.slow = func(took time.Duration) { go p.Send(linkSlow{took}) } // the writer must not wait for itself
	_, err = p.Run()
	return m.left(ctx, err)
}

// left closes what was open when the screen is left, and says why it was.
func (m *model) left(ctx context.Context, err error) error {
	if cerr := m.close(); err == nil {
		err = cerr
	}
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the screen failed and the terminal was restored; what failed is printed above: %w", err)
	case ctx.Err() != nil:
		return ctx.Err()
	case m.hungUp:
		return errTerminalGone
	}
	return err
}

// New returns the screen as a model. Options that Run would refuse are shown as a notice and their
// defaults are used.
func New(opts Options) tea.Model {
	m, err := newModel(opts)
	if err != nil {
		bad := err
		opts.Theme, opts.Keys, opts.Last = "", nil, ""
		if m, err = newModel(opts); err != nil {
			panic(err) // nothing is left that could be refused
		}
		m.notice(bad.Error())
	}
	return m
}
