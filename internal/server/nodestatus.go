package server

import (
	"cmp"
	"slices"
	"time"

	"cxlens/internal/wire"
)

// The states of a node (protocol.md section 4).
const (
	stateOnline  = "online"  // heard within two intervals
	stateLate    = "late"    // connected and not heard since
	stateOffline = "offline" // not connected
	stateNever   = "never"   // not known before this connection
)

// nodeStatus is a node in the result of a client's ping (protocol.md section 4).
type nodeStatus struct {
	ID       uint32         `json:"id"`
	Name     string         `json:"name"`
	Agent    string         `json:"agent"`
	Type     string         `json:"type"`
	Netgroup string         `json:"netgroup"`
	IP       string         `json:"ip"`
	State    string         `json:"state"`
	Since    wire.Timestamp `json:"since"`     // of the state; of offline at most since the server started
	LastSeen wire.Timestamp `json:"last_seen"` // null: not since the server started
	RTT      float64        `json:"rtt_ms"`
	Skew     float64        `json:"skew_ms"`
	Flows    uint64         `json:"flows"`
	Rate     float64        `json:"flows_per_s"` // mean of the last minute
	Oldest   wire.Timestamp `json:"oldest"`      // start of the oldest flow; null without flows
	Newest   wire.Timestamp `json:"newest"`
	Backlog  uint64         `json:"backlog"` // flows that wait at the node; 0 while nodes do not report it
}

// seen is the last sign of life; r.mu is held.
func (e *entry) seen() time.Time {
	if e.link != nil {
		return e.link.LastHeard()
	}
	return e.lastSeen
}

// state is the node's state at now, and since when; r.mu is held.
func (e *entry) state(now time.Time, interval time.Duration) (string, time.Time) {
	if e.link == nil {
		return stateOffline, e.since
	}
	if late := e.link.LastHeard().Add(2 * interval); now.After(late) {
		return stateLate, late
	}
	return stateOnline, e.since
}

// snapshot describes all nodes ordered by id.
func (r *registry) snapshot() []nodeStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	list := make([]nodeStatus, 0, len(r.byID))
	for id, e := range r.byID {
		st, since := e.state(now, r.interval)
		list = append(list, nodeStatus{
			ID: id, Name: e.info.Name, Agent: e.info.Agent, Type: e.typ, Netgroup: e.info.Netgroup, IP: e.ip,
			State: st, Since: wire.Timestamp(since), LastSeen: wire.Timestamp(e.seen()),
			RTT: millis(e.rtt), Skew: millis(e.skew),
			Flows: e.stats.Flows, Rate: float64(int64(e.rate.perSecond(now)*10+0.5)) / 10,
			Oldest: microStamp(e.stats.Oldest), Newest: microStamp(e.stats.Newest),
		})
	}
	slices.SortFunc(list, func(a, b nodeStatus) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
