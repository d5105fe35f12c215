package client

import (
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
)

// Phase is where a client's connection stands.
type Phase uint8

// The phases.
const (
	Connecting Phase = iota // dialling or authenticating
	Online
	Waiting // lost or failed; RetryAt says when it is tried again
	Refused // authentication failed; not tried again
	Closed
)

// String returns the phase as a word for the screen.
func (p Phase) String() string {
	return [...]string{"connecting", "online", "waiting", "refused", "closed"}[p]
}

// Node is a node as the server's ping result describes it (protocol.md section 4). Texts are cleaned.
type Node struct {
	ID                uint32
	Name, Agent, Type string
	Netgroup, IP      string
	State             string // online, late, offline, never
	Since, LastSeen   time.Time
	RTT, Skew         time.Duration
	Flows             uint64
	FlowsPerS         float64
	Oldest, Newest    time.Time
	Backlog           uint64
}

// Status is a snapshot of the connection.
type Status struct {
	Phase        Phase
	Server, Name string
	Description  string // of the account, cleaned
	Level        int
	RTT, Skew    time.Duration // of the last ping
	Since        time.Time     // of the phase
	LastHeard    time.Time
	Err          error     // why the connection was lost or refused, nil when online
	RetryAt      time.Time // in Waiting
	Attempts     int       // failed attempts since the last success
	HasNodes     bool      // the server reports nodes
	Nodes        []Node    // as of the last ping, in the server's order
}

// wireNode is an element of the ping result's "nodes".
type wireNode struct {
	ID        uint32         `json:"id"`
	Name      string         `json:"name"`
	Agent     string         `json:"agent"`
	Type      string         `json:"type"`
	Netgroup  string         `json:"netgroup"`
	IP        string         `json:"ip"`
	State     string         `json:"state"`
	Since     wire.Timestamp `json:"since"`
	LastSeen  wire.Timestamp `json:"last_seen"`
	RTTms     float64        `json:"rtt_ms"`
	SkewMS    float64        `json:"skew_ms"`
	Flows     uint64         `json:"flows"`
	FlowsPerS float64        `json:"flows_per_s"`
	Oldest    wire.Timestamp `json:"oldest"`
	Newest    wire.Timestamp `json:"newest"`
	Backlog   uint64         `json:"backlog"`
}

func (n *wireNode) node() Node {
	return Node{
		ID: n.ID, Name: flow.Clean(n.Name), Agent: flow.Clean(n.Agent), Type: flow.Clean(n.Type),
		Netgroup: flow.Clean(n.Netgroup), IP: flow.Clean(n.IP), State: flow.Clean(n.State),
		Since: n.Since.Time(), LastSeen: n.LastSeen.Time(),
		RTT: millis(n.RTTms), Skew: millis(n.SkewMS),
		Flows: n.Flows, FlowsPerS: n.FlowsPerS,
		Oldest: n.Oldest.Time(), Newest: n.Newest.Time(), Backlog: n.Backlog,
	}
}

func millis(ms float64) time.Duration {
	if ms > 1e12 || ms < -1e12 {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}
