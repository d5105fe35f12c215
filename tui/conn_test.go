package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/query"
)

func TestConnectionLostAndBack(t *testing.T) {
	src := newSource()
	now := clock
	s := start(t, 120, 40, src, func(o *Options) { o.Now = func() time.Time { return now } })
	lost := onlineStatus()
	lost.Phase, lost.Err, lost.RetryAt = client.Waiting, errors.New("read: connection reset\x07"), clock.Add(4*time.Second)
	src.set(lost)
	s.until("the loss", func() bool { return s.m.status.Phase == client.Waiting })
	s.sees("✗ lost, again in 4 s", "connection lost, trying again in 4 s: read: connection reset", "not connected")
	now = clock.Add(3500 * time.Millisecond)
	s.sees("trying again in 1 s")
	now = clock.Add(12 * time.Second)
	s.sees("trying again now")
	src.set(onlineStatus())
	s.until("the return", func() bool { return s.m.status.Phase == client.Online })
	s.sees("connected again after 12 s", "● online 3ms")
	s.seesNot("connection lost")
	now = now.Add(newsFor)
	s.send(ticked{})
	s.seesNot("connected again")
	if strings.Contains(s.m.View().Content, "\x07") {
		t.Error("a bell reaches the terminal")
	}
}

// backend makes a Backend of a fake, for the login form.
type backend struct{ *fakeSource }

func (b backend) Submit(query.Request) *client.Result { panic("the test does not ask") }

func loginScreen(t *testing.T, connect func(context.Context, Login) (Backend, error)) *screen {
	t.Helper()
	return start(t, 80, 24, nil, func(o *Options) {
		o.Connect, o.Login, o.Query = connect, Login{Server: "lab:10201", Name: "analyst"}, "this does not parse ("
	})
}

func TestLoginRefusedThenTaken(t *testing.T) {
	var got []Login
	src := newSource()
	s := loginScreen(t, func(_ context.Context, l Login) (Backend, error) {
		got = append(got, l)
		if l.Secret != "right" {
			return nil, fmt.Errorf("log in to lab: %w", client.ErrAuth)
		}
		return backend{src}, nil
	})
	s.keys("enter")
	s.sees("secret is missing")
	s.typed("wrong")
	s.seesNot("wrong")
	s.keys("enter")
	s.sees("connecting to lab:10201")
	s.until("the refusal", func() bool { return !s.m.login.Connecting() })
	lines := strings.Split(s.text(), "\n")
	for i, l := range lines {
		if strings.Contains(l, "│ secret") && !strings.Contains(lines[i+1], "✗ log in to lab: the server refused") {
			t.Errorf("the refusal is not under the secret:\n%s", s.text())
		}
	}
	s.typed("right")
	s.keys("enter")
	s.until("the main screen", func() bool { return s.m.src != nil })
	if len(got) != 2 || got[1] != (Login{Server: "lab:10201", Name: "analyst", Secret: "right"}) {
		t.Errorf("connected with %v", got)
	}
	s.sees("analyst@lab")
	if s.m.mode != modeEdit {
		t.Error("a first query that does not parse is not up for editing")
	}
}

func TestLoginErrorAndCancel(t *testing.T) {
	stopped := make(chan struct{})
	fail := errors.New("connect to lab:10201: connection refused")
	s := loginScreen(t, func(ctx context.Context, l Login) (Backend, error) {
		if l.Secret == "hang" {
			<-ctx.Done()
			close(stopped)
			return nil, ctx.Err()
		}
		return nil, fail
	})
	s.typed("x")
	s.keys("enter")
	s.until("the failure", func() bool { return !s.m.login.Connecting() })
	s.sees("✗ connect to lab:10201: connection refused")
	s.keys("tab", "tab")
	s.typed("hang")
	s.keys("enter", "esc")
	<-stopped
	s.seesNot("connecting to")
	if s.quit {
		t.Fatal("stopping to connect quit")
	}
	s.keys("esc")
	s.until("the end", func() bool { return s.quit })
}

func TestLateConnectionIsClosed(t *testing.T) {
	src := newSource()
	release := make(chan struct{})
	s := loginScreen(t, func(context.Context, Login) (Backend, error) { <-release; return backend{src}, nil })
	s.typed("x")
	s.keys("enter", "esc")
	close(release)
	s.until("the close", func() bool { src.mu.Lock(); defer src.mu.Unlock(); return src.closed })
	if s.m.src != nil {
		t.Error("a connection that was given up is used")
	}
}

func TestRefusedLaterAsksForTheSecret(t *testing.T) {
	src := newSource()
	s := start(t, 80, 24, src, nil)
	refused := onlineStatus()
	refused.Phase, refused.Err = client.Refused, client.ErrAuth
	src.set(refused)
	s.until("the form", func() bool { return s.m.mode == modeLogin })
	s.sees("lab:10201", "analyst", "refused the name or the secret")
}
