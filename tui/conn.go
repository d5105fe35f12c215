package tui

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/tui/login"
)

// dialling is an attempt to connect.
type dialling struct {
	seq  uint64 // messages of earlier attempts are dropped
	stop context.CancelFunc
}

// connected tells what came of an attempt to connect.
type connected struct {
	seq     uint64
	backend Backend
	err     error
}

// statusChanged tells that a connection's state, or what it knows of the nodes, is another.
type statusChanged struct{ src source }

func (m *model) openLogin() {
	m.login = login.New(m.keys.login, "log in to a server", m.opts.Login.Server, m.opts.Login.Name)
	m.login.Connect, m.login.Quit = m.connect, m.quit
	m.login.Stop = func() tea.Cmd {
		m.dial.seq++
		m.dial.stop()
		return nil
	}
	m.mode = modeLogin
}

// connect tries to connect with what was typed.
func (m *model) connect(server, name, secret string) tea.Cmd {
	ctx, stop := context.WithCancel(m.ctx)
	m.dial = dialling{seq: m.dial.seq + 1, stop: stop}
	m.login.Began(m.now())
	seq, dial := m.dial.seq, m.opts.Connect
	m.opts.Login = Login{Server: server, Name: name}
	return func() tea.Msg {
		b, err := dial(ctx, Login{Server: server, Name: name, Secret: secret})
		return connected{seq: seq, backend: b, err: err}
	}
}

// connected takes in the outcome. A connection that comes too late is closed again.
func (m *model) connected(msg connected) tea.Cmd {
	if msg.seq != m.dial.seq {
		if msg.err == nil && msg.backend != nil {
			return func() tea.Msg {
				_ = msg.backend.Close() // nobody waits for this connection any more
				return nil
			}
		}
		return nil
	}
	m.dial.stop()
	switch {
	case errors.Is(msg.err, client.ErrAuth):
		m.login.Refuse(msg.err)
		return nil
	case msg.err != nil:
		m.login.Fail(msg.err)
		return nil
	}
	old := m.src
	m.src, m.login = wrapped{msg.backend}, nil
	m.toFlows()
	if old == nil {
		return m.attach()
	}
	return tea.Batch(m.attach(), func() tea.Msg {
		_ = old.Close() // it was refused, nothing of it is in use
		return nil
	})
}

// attach begins to follow the connection's state and runs the query of the line.
func (m *model) attach() tea.Cmd {
	before := m.status.Server
	m.takeStatus()
	if m.status.Server != before {
		m.forgetMarks()
	}
	wait := tea.Batch(m.waitStatus(0), m.loadTabs())
	if begin, ok := m.runOnStart(); ok {
		return tea.Batch(wait, begin)
	}
	text := m.bar.Text()
	if err := m.readable(text); err != nil {
		m.bar.Fail(err)
		m.edit()
		return wait
	}
	return tea.Batch(wait, m.submit(text))
}

func (m *model) waitStatus(rest time.Duration) tea.Cmd {
	ctx, src := m.ctx, m.src
	return func() tea.Msg {
		if !rested(ctx, rest) {
			return nil
		}
		select {
		case <-src.Changed():
			return statusChanged{src}
		case <-ctx.Done():
			return nil
		}
	}
}

// statusChanged takes in the state and says when the connection is back.
func (m *model) statusChanged(msg statusChanged) tea.Cmd {
	if msg.src != m.src {
		return nil
	}
	m.takeStatus()
	if m.status.Phase == client.Closed {
		return nil
	}
	return tea.Batch(m.resumeFollowed(), m.retellListings(), m.waitStatus(restStatus))
}

func (m *model) takeStatus() {
	m.status = m.src.Status()
	m.nodes.SetStatus(m.status)
	switch {
	case m.status.Phase == client.Online && !m.lost.IsZero():
		m.news("connected again after " + countdown(m.now().Sub(m.lost)) + m.rerunHint())
		m.lost = time.Time{}
	case m.status.Phase == client.Waiting && m.lost.IsZero():
		m.lost = m.now()
	case m.status.Phase == client.Refused && m.opts.Connect != nil && m.mode != modeLogin:
		m.relogin()
	}
}

// rerunHint says how to get a query back that the loss of the connection ended.
func (m *model) rerunHint() string {
	if m.run.res == nil || m.run.res.Progress().State != client.Failed {
		return ""
	}
	if m.run.follow {
		return "; what is followed goes on"
	}
	return "; " + m.keys.screen.KeyOf(actAgain) + " runs the query again"
}

// relogin asks for the secret again after the server refused it.
func (m *model) relogin() {
	err := m.status.Err
	if err == nil {
		err = client.ErrAuth
	}
	m.opts.Login = Login{Server: m.status.Server, Name: m.status.Name}
	m.openLogin()
	m.login.Refuse(err)
}

// countdown is d in whole seconds, never 0 before the time has come.
func countdown(d time.Duration) string {
	return strconv.Itoa(int((d+time.Second-1)/time.Second)) + " s"
}

// connLine says what is wrong with the connection, "" when nothing is.
func (m *model) connLine() string {
	s := m.status
	reason := "no reason was given"
	if s.Err != nil {
		reason = flow.Clean(strings.TrimPrefix(s.Err.Error(), "connect to "+s.Server+": ")) // the header names the server
	}
	switch {
	case m.src == nil:
		return ""
	case s.Phase == client.Waiting:
		again := "trying again now"
		if d := s.RetryAt.Sub(m.now()); d > 0 {
			again = "trying again in " + countdown(d)
		}
		return "connection lost, " + again + ": " + reason
	case s.Phase == client.Connecting && !m.lost.IsZero():
		return "connection lost, trying again now: " + reason
	case s.Phase == client.Refused:
		return "login refused: " + reason
	case s.Phase == client.Closed:
		return "the connection is closed"
	}
	return ""
}
