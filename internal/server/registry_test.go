package server

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// fakeLink is a node's connection for the registry alone.
type fakeLink struct {
	heard  time.Time
	closed bool
}

func (l *fakeLink) LastHeard() time.Time { return l.heard }
func (l *fakeLink) Close() error         { l.closed = true; return nil }
func (l *fakeLink) Get(context.Context, string, []byte) error {
	return errors.New("not asked for here")
}

// register joins a node and returns its id, 0 with the error's text.
func register(r *rig, agent, name, typ, netgroup string, l link) (uint32, string) {
	j, err := r.srv.registry.join(context.Background(), nodeKey{agent, name}, typ, netgroup, "10.0.0.1", l)
	if err != nil {
		return 0, err.Error()
	}
	return j.id, ""
}

// TestNodeTiming walks a node through its states with the clock alone.
func TestNodeTiming(t *testing.T) {
	r := newRig(t, func(c *Config) { c.PingInterval = 5 * time.Second })
	start := r.clock.Now()
	l := &fakeLink{heard: start}
	id, _ := register(r, "sensor-a", "eth1", nodeType, "dmz", l)
	expect := func(state string, since, seen time.Time) {
		t.Helper()
		st := r.status(id)
		if st.State != state || !time.Time(st.Since).Equal(since) || !time.Time(st.LastSeen).Equal(seen) {
			t.Errorf("%s since %v, seen %v; want %s since %v, seen %v",
				st.State, time.Time(st.Since), time.Time(st.LastSeen), state, since, seen)
		}
	}
	expect(stateOnline, start, start)
	r.clock.add(10 * time.Second) // two intervals
	expect(stateOnline, start, start)
	r.clock.add(time.Millisecond)
	expect(stateLate, start.Add(10*time.Second), start)
	l.heard = r.clock.Now()
	expect(stateOnline, start, l.heard)
	r.clock.add(7 * time.Second)
	r.srv.registry.leave(id, l)
	left := r.clock.Now()
	r.clock.add(time.Hour)
	expect(stateOffline, left, l.heard)
}

func TestJoin(t *testing.T) {
	r := newRig(t, func(c *Config) { c.PingInterval = 5 * time.Second })
	first := &fakeLink{heard: r.clock.Now()}
	id, _ := register(r, "sensor-a", "eth1", nodeType, "dmz", first)
	if id != 1 {
		t.Fatalf("id %d", id)
	}
	// The same name under another agent is another node.
	if other, _ := register(r, "sensor-b", "eth1", nodeType, "dmz", &fakeLink{heard: r.clock.Now()}); other != 2 {
		t.Errorf("id %d", other)
	}
	if _, refused := register(r, "sensor-a", "eth1", nodeType, "dmz", &fakeLink{}); !strings.Contains(refused, "(code -21)") || first.closed {
		t.Errorf("connected already: %s", refused)
	}
	// The connection is dead but not yet lost: the node that comes back replaces it.
	r.clock.add(10*time.Second + time.Millisecond)
	if _, refused := register(r, "sensor-a", "eth1", "SNORT", "dmz", &fakeLink{}); !strings.Contains(refused, "(code -22)") || first.closed {
		t.Errorf("another type: %s", refused)
	}
	second := &fakeLink{heard: r.clock.Now()}
	if again, refused := register(r, "sensor-a", "eth1", nodeType, "core", second); again != 1 || !first.closed {
		t.Errorf("replaced: %d, %s", again, refused)
	}
	// The end of the old one says nothing of the node.
	r.srv.registry.leave(1, first)
	if st := r.status(1); st.State != stateOnline || st.Netgroup != "core" {
		t.Errorf("after the old one's end: %+v", st)
	}
	saved, err := r.store.Nodes(context.Background())
	if err != nil || len(saved) != 2 || saved[0].Netgroup != "core" {
		t.Errorf("saved %v, %v", saved, err)
	}
}

// TestJoinFailsWithStore: a node whose id cannot be saved is not registered, and can be later.
func TestJoinFailsWithStore(t *testing.T) {
	r := newRig(t)
	r.store.set(func(h *hooked) { h.onSave = func() error { return errors.New("disk full") } })
	m := r.agent()
	if got := m.call("identify", eth1); !strings.Contains(got, "(code -32603)") || strings.Contains(got, "disk") {
		t.Errorf("got %s", got)
	}
	if len(r.srv.registry.snapshot()) != 0 {
		t.Error("the node is registered")
	}
	r.store.set(func(h *hooked) { h.onSave = nil })
	if got := m.call("identify", eth1); !strings.Contains(got, `"id":1`) {
		t.Errorf("got %s", got)
	}
}

// TestIdsOutliveTheServer: a second server on the store knows the nodes, their ids and their flows.
func TestIdsOutliveTheServer(t *testing.T) {
	r := newRig(t)
	r.fill(0, 10)
	second, err := New(Config{Store: r.store, Accounts: newAccounts(t), Now: r.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	st := second.registry.snapshot()
	if len(st) != 1 || st[0].ID != 1 || st[0].Name != "eth1" || st[0].State != stateOffline || st[0].Flows != 10 ||
		st[0].Oldest != microStamp(record(0).Start) || st[0].Newest != microStamp(record(9).Start) {
		t.Errorf("got %+v", st)
	}
	j, err := second.registry.join(context.Background(), nodeKey{"sensor-a", "eth2"}, nodeType, "", "", &fakeLink{})
	if err != nil || j.id != 2 {
		t.Errorf("the next node: %+v, %v", j, err)
	}
}

// TestPongs: the round trip and the skew of the last ping are kept.
func TestPongs(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	// The clock stands still and the node's is a quarter of a second ahead.
	wait(t, "the first pong", func() bool { return r.status(1).Skew == 250 })
	if st := r.status(1); st.RTT != 0 {
		t.Errorf("round trip %v", st.RTT)
	}
	n.Close()
}

// TestLostPeer: a peer that is silent for three intervals is lost, one that answers is not.
func TestLostPeer(t *testing.T) {
	r := newRig(t, func(c *Config) {
		c.PingInterval = 500 * time.Millisecond
		c.Now = time.Now
	})
	alive, silent := r.node("eth1"), r.dial(r.nodes)
	silent.mu.Lock()
	silent.noPong = true
	silent.mu.Unlock()
	silent.walk([]step{
		{"authenticate", object{"agent": "sensor-b", "secret": "agent secret"}, "{"},
		{"identify", object{"name": "eth9", "type": "CXTRACKER"}, "{"},
	})
	silent.ended()
	wait(t, "the silent node to be offline", func() bool { return r.status(2).State == stateOffline })
	if st := r.status(1); st.State != stateOnline {
		t.Errorf("the node that answers is %s", st.State)
	}
	alive.Close()
}

// TestRateIsModel compares the slots with a list of events.
func TestRateIsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type event struct {
			second int64
			n      int
		}
		start := time.Unix(1_764_000_000, 0)
		now := start
		var r rate
		r.reset(now)
		var events []event
		for range rapid.IntRange(0, 50).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "ms")) * time.Millisecond)
			n := rapid.IntRange(0, 1000).Draw(t, "n")
			r.add(now, n)
			events = append(events, event{now.Unix(), n})
			sum := 0
			for _, e := range events {
				if e.second > now.Unix()-rateWindow {
					sum += e.n
				}
			}
			span := min(max(now.Sub(start).Seconds(), 1), rateWindow)
			if got, want := r.perSecond(now), float64(sum)/span; got != want {
				t.Fatalf("%v flows/s, want %v", got, want)
			}
		}
	})
}

func TestLineLog(t *testing.T) {
	c := newClock()
	l := newLineLog(c.Now)
	written := 0
	for range 100 {
		if _, ok := l.allow(); ok {
			written++
		}
	}
	if written != lineLogBurst {
		t.Errorf("%d of 100 were written", written)
	}
	c.add(2 * time.Second)
	if withheld, ok := l.allow(); !ok || withheld != 100-lineLogBurst {
		t.Errorf("withheld %d, %v", withheld, ok)
	}
}

func TestStamp(t *testing.T) {
	for us, want := range map[int64]string{
		0: "null", 1764000000_100000: "1764000000.1", 1764000000_000001: "1764000000.000001", -1_500_000: "-1.5",
	} {
		if got, err := microStamp(us).MarshalJSON(); string(got) != want || err != nil {
			t.Errorf("%d: %s, %v", us, got, err)
		}
	}
}

// TestInfos: names are given for the ids that are known, in order.
func TestInfos(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"c", "b", "a"} {
		register(r, "sensor-a", name, nodeType, "", &fakeLink{})
	}
	ids := map[uint32]struct{}{3: {}, 1: {}, 9: {}}
	got := r.srv.registry.infos(ids)
	if len(got) != 2 || got[0] != (flow.NodeInfo{ID: 1, Name: "c", Agent: "sensor-a"}) || got[1].ID != 3 {
		t.Errorf("got %v", got)
	}
}
