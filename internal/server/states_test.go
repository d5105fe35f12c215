package server

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cxlens/internal/wire"
)

// step is a request and what its answer must contain.
type step struct {
	method string
	params any
	want   string
}

var (
	agentLogin  = object{"agent": "sensor-a", "secret": "agent secret"}
	clientLogin = object{"client": "ann", "secret": "client secret"}
	eth1        = object{"name": "eth1", "type": "CXTRACKER", "netgroup": "dmz"}
)

func (m *remote) walk(steps []step) {
	m.t.Helper()
	for i, s := range steps {
		if got := m.call(s.method, s.params); !strings.Contains(got, s.want) {
			m.t.Errorf("step %d, %s %v: %s; want %q", i+1, s.method, s.params, got, s.want)
		}
	}
}

func TestNodeStates(t *testing.T) {
	tests := map[string][]step{
		"in order": {
			{"authenticate", agentLogin, `"description":"the lab's sensor"`},
			{"identify", eth1, `"type":"CXTRACKER"`},
			{"ping", object{"timestamp": 1}, `"timestamp":1795355793.25`},
			{"cxtracker.save", []string{strings.TrimSpace(line(0))}, `[1]`},
		},
		"too early": {
			{"ping", object{"timestamp": 1}, "(code -2)"},
			{"identify", eth1, "(code -2)"},
			{"cxtracker.save", []string{line(0)}, "(code -2)"},
			{"authenticate", agentLogin, "{"},
			{"ping", object{"timestamp": 1}, "(code -2)"},
			{"cxtracker.save", []string{line(0)}, "(code -2)"},
		},
		"authenticate twice": {
			{"authenticate", agentLogin, "{"},
			{"authenticate", agentLogin, "(code -2)"},
			{"identify", eth1, "{"},
			{"authenticate", agentLogin, "(code -2)"},
		},
		"identify twice": {
			{"authenticate", agentLogin, "{"},
			{"identify", eth1, "{"},
			{"identify", eth1, "(code -21)"},
			{"identify", object{"name": "eth2", "type": "CXTRACKER", "netgroup": "dmz"}, "(code -22)"},
			{"identify", object{"name": "eth1", "type": "SNORT", "netgroup": "dmz"}, "(code -22)"},
		},
		"wrong secret, then right": {
			{"authenticate", object{"agent": "sensor-a", "secret": "x"}, "(code -10)"},
			{"authenticate", object{"agent": "nobody", "secret": "agent secret"}, "(code -10)"},
			{"authenticate", agentLogin, "{"},
		},
		"a client is no agent": {{"authenticate", clientLogin, "(code -32602)"}, {
			"authenticate", object{"agent": "ann", "secret": "client secret"}, "(code -10)",
		}},
		"bad authenticate": {
			{"authenticate", nil, "(code -32602)"},
			{"authenticate", []int{1}, "params must be an object (code -32602)"},
			{"authenticate", object{}, `"agent" is missing or empty (code -32602)`},
			{"authenticate", object{"agent": 7, "secret": "s"}, `"agent" has the wrong type (code -32602)`},
			{"authenticate", object{"agent": "sensor-a", "secret": 12345}, `"secret" has the wrong type (code -32602)`},
			{"authenticate", object{"agent": "sensor-a"}, `"secret" is missing or empty (code -32602)`},
			{"authenticate", object{"agent": "sensor-a", "secret": "agent secret", "more": 1}, "{"},
		},
		"bad identify": {
			{"authenticate", agentLogin, "{"},
			{"identify", nil, "(code -32602)"},
			{"identify", object{"type": "CXTRACKER"}, `"name" is missing or empty (code -32602)`},
			{"identify", object{"name": "eth1"}, `"type" is missing or empty (code -32602)`},
			{"identify", object{"name": "eth1", "type": "CXTRACKER", "netgroup": 3}, `"netgroup" has the wrong type`},
			{"identify", object{"name": "a\x1b[0m", "type": "CXTRACKER"}, "(code -32602)"},
			{"identify", object{"name": "a|b", "type": "CXTRACKER"}, "(code -32602)"},
			{"identify", object{"name": strings.Repeat("x", 65), "type": "CXTRACKER"}, "longer than 64"},
			{"identify", object{"name": "eth1", "type": "CXTRACKER", "netgroup": "a\nb"}, "(code -32602)"},
			{"identify", object{"name": "eth1", "type": "SNORT"}, "(code -20)"},
			{"identify", object{"name": "eth1", "type": "cxtracker"}, `"type":"CXTRACKER"`},
		},
		"an old node gives its name as module": {
			{"authenticate", agentLogin, "{"},
			{"identify", object{"module": "eth7", "type": "CXTRACKER", "netgroup": "dmz"}, `"id":1`},
		},
		"no such method": {
			{"shutdown", nil, "(code -32601)"},
			{"authenticate", agentLogin, "{"},
			{"cxtracker.search", nil, "(code -32601)"},
		},
		"bad save": {
			{"authenticate", agentLogin, "{"},
			{"identify", eth1, "{"},
			{"cxtracker.save", nil, "(code -32602)"},
			{"cxtracker.save", object{"lines": 1}, "(code -32602)"},
			{"cxtracker.save", []int{1}, "(code -32602)"},
			{"cxtracker.save", []string{line(0) + line(1)}, "more than one line (code -32602)"},
			{"cxtracker.save", []string{"nonsense"}, "(code -32602)"},
			{"cxtracker.save", []string{}, "[]"},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.dial(r.nodes).walk(steps)
		})
	}
}

func TestClientStates(t *testing.T) {
	tests := map[string][]step{
		"in order": {
			{"authenticate", clientLogin, `"level":3`},
			{"ping", object{"timestamp": 1}, `"nodes":[]`},
		},
		"too early":             {{"ping", object{"timestamp": 1}, "(code -2)"}, {"authenticate", clientLogin, "{"}},
		"authenticate twice":    {{"authenticate", clientLogin, "{"}, {"authenticate", clientLogin, "(code -2)"}},
		"an agent is no client": {{"authenticate", agentLogin, `"client" is missing`}},
		"no such method":        {{"identify", eth1, "(code -32601)"}, {"cxtracker.save", nil, "(code -32601)"}},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.dial(r.clients).walk(steps)
		})
	}
}

// TestVerbStates: text verbs before ESTABLISHED are 401 and the end, later ones of unknown modules are 202.
func TestVerbStates(t *testing.T) {
	code := func(err error) int {
		var ack *wire.AckError
		if errors.As(err, &ack) {
			return ack.Code
		}
		return 0
	}
	r := newRig(t)
	m := r.agent()
	if err := m.post("DATA", line(0)); code(err) != 401 {
		t.Errorf("an agent that is not identified: %v", err)
	}
	m.ended()
	n := r.node("eth1")
	for module, want := range map[string]int{"DATA": 0, "CXTRACKER": 0, "SNORT": 202, "PCAP": 202} {
		if err := n.post(module, line(0)); code(err) != want {
			t.Errorf("node POST %s: %v", module, err)
		}
	}
	if err := n.ask("any"); code(err) != 202 {
		t.Errorf("node GET: %v", err)
	}
	c := r.client("ann")
	if err := c.post("CXTRACKER", "x"); code(err) != 202 {
		t.Errorf("client POST: %v", err)
	}
	if err := c.ask("any"); err != nil {
		t.Errorf("client GET: %v", err)
	}
	c.next()
}

// TestTooManyLogins: three refusals are answered, the fourth attempt ends the connection even with the right secret.
func TestTooManyLogins(t *testing.T) {
	r := newRig(t)
	m := r.dial(r.clients)
	for range maxLogins {
		m.walk([]step{{"authenticate", object{"client": "ann", "secret": "x"}, "(code -10)"}})
	}
	if got := m.call("authenticate", clientLogin); strings.Contains(got, "level") {
		t.Errorf("the fourth: %s", got)
	}
	m.ended()
}

func TestEstablishTimeout(t *testing.T) {
	r := newRig(t, func(c *Config) { c.EstablishTimeout = time.Second })
	silent, agent, node, client := r.dial(r.clients), r.agent(), r.node("eth1"), r.client("ann")
	silent.ended()
	agent.ended()
	for _, m := range []*remote{node, client} {
		if got := m.call("ping", object{"timestamp": 1}); got[0] != '{' {
			t.Errorf("an established peer was closed: %s", got)
		}
	}
}

// TestStatusOfBefore: authenticate and identify tell what was known before.
func TestStatusOfBefore(t *testing.T) {
	r := newRig(t)
	first := r.client("ann")
	first.Close()
	r.clock.add(10 * time.Second)
	second := r.dial(r.clients)
	second.walk([]step{{"authenticate", clientLogin, `"status":{"timestamp":1795355793.25}`}})

	n := r.node("eth1")
	r.dial(r.nodes).walk([]step{{"authenticate", agentLogin, `"status":{"timestamp":1795355803.25,"state":"online"}`}})
	n.Close()
	wait(t, "the node's end", func() bool { return r.status(1).State == stateOffline })
	r.clock.add(10 * time.Second)
	r.dial(r.nodes).walk([]step{
		{"authenticate", agentLogin, `"state":"offline"`},
		{"identify", eth1, `"id":1,"description":"the lab's sensor","type":"CXTRACKER","status":{"timestamp":1795355803.25,"state":"offline"}`},
	})
}

// status is what clients see of a node.
func (r *rig) status(id uint32) nodeStatus {
	for _, n := range r.srv.registry.snapshot() {
		if n.ID == id {
			return n
		}
	}
	return nodeStatus{}
}
