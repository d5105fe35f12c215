package server

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/store"
	"cxlens/internal/wire"
)

// nodeType is the one type of node whose data this server takes. Every node of the store is of it.
const nodeType = "CXTRACKER"

// nodeKey is what a node is known by: its name under its agent's.
type nodeKey struct{ agent, name string }

// link is a node's connection as the registry needs it.
type link interface {
	LastHeard() time.Time
	Close() error
	Get(ctx context.Context, module string, data []byte) error
}

// entry is what the server knows of a node.
type entry struct {
	info flow.NodeInfo
	typ  string
	ip   string
	link link // nil while the node is not connected
	// since is when link came or went; lastSeen is the last sign of life of the last link.
	since, lastSeen time.Time
	rtt, skew       time.Duration
	stats           store.NodeStats
	rate            rate
}

// registry knows the nodes by their ids, which are for ever: a node that comes back, under the
// same agent and name, has the id that its stored flows have.
type registry struct {
	store    store.Store
	now      func() time.Time
	interval time.Duration // of pings

	// joining is held while a node identifies itself, the saving of its id included.
	joining sync.Mutex

	mu    sync.Mutex
	byKey map[nodeKey]*entry
	byID  map[uint32]*entry
}

// loadRegistry begins with the nodes and flows of the store.
func loadRegistry(ctx context.Context, st store.Store, now func() time.Time, interval time.Duration) (*registry, error) {
	infos, err := st.Nodes(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the nodes from the store: %w", err)
	}
	stats, err := st.Stats(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the nodes' flows from the store: %w", err)
	}
	r := &registry{
		store: st, now: now, interval: interval,
		byKey: map[nodeKey]*entry{}, byID: map[uint32]*entry{},
	}
	for _, info := range infos {
		e := &entry{info: info, typ: nodeType, since: now(), stats: stats[info.ID]}
		e.rate.reset(now())
		r.byKey[nodeKey{info.Agent, info.Name}], r.byID[info.ID] = e, e
	}
	return r, nil
}

// joined is what a node is told of itself.
type joined struct {
	id     uint32
	before status
}

// join registers a connected node. Errors are *wire.Error: -20 for a type that is not supported, -21 when
// the node is connected already and was heard within two intervals (else its dead connection is closed), -22
// when the node is registered with another type. A changed netgroup is taken over.
func (r *registry) join(ctx context.Context, key nodeKey, typ, netgroup, ip string, l link) (joined, error) {
	r.joining.Lock()
	defer r.joining.Unlock()
	r.mu.Lock()
	e, dead, err := r.admissible(key, typ)
	info := flow.NodeInfo{ID: r.nextID(), Name: key.name, Agent: key.agent, Netgroup: netgroup}
	if e != nil {
		info.ID = e.info.ID
	}
	known := e != nil && e.info == info
	r.mu.Unlock()
	if err != nil {
		return joined{}, err
	}
	if dead != nil {
		dead.Close()
	}
	if !known {
		if err := r.store.SaveNode(ctx, info); err != nil {
			return joined{}, fmt.Errorf("save node %s of %s: %w", key.name, key.agent, err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	j := joined{id: info.ID, before: status{Timestamp: wire.Timestamp(now), State: stateNever}}
	if e == nil {
		e = &entry{typ: typ}
		r.byKey[key], r.byID[info.ID] = e, e
	} else {
		j.before = status{Timestamp: wire.Timestamp(e.seen()), State: stateOffline}
	}
	e.info, e.link, e.ip = info, l, ip
	e.since, e.lastSeen, e.rtt, e.skew = now, now, 0, 0
	e.rate.reset(now)
	return j, nil
}

// admissible finds the node and says whether it may join; dead is its old connection if that is to be replaced.
func (r *registry) admissible(key nodeKey, typ string) (e *entry, dead link, err error) {
	e = r.byKey[key]
	switch {
	case e != nil && e.typ != typ:
		return nil, nil, &wire.Error{Code: wire.CodeIdentifyMismatch, Message: fmt.Sprintf(
			"node %s is registered with type %s", key.name, e.typ)}
	case typ != nodeType:
		return nil, nil, &wire.Error{Code: wire.CodeIdentifyUnsupported, Message: fmt.Sprintf(
			"type %s is not supported; %s is", typ, nodeType)}
	case e == nil || e.link == nil:
		return e, nil, nil
	case r.now().Sub(e.link.LastHeard()) <= 2*r.interval:
		return nil, nil, &wire.Error{Code: wire.CodeAlreadyRegistered, Message: fmt.Sprintf(
			"node %s is connected already", key.name)}
	}
	return e, e.link, nil
}

func (r *registry) nextID() uint32 {
	var last uint32
	for id := range r.byID {
		last = max(last, id)
	}
	return last + 1
}

// leave notes that a node's connection ended; a connection that was replaced says nothing of the node.
func (r *registry) leave(id uint32, l link) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.byID[id]
	if e == nil || e.link != l {
		return
	}
	e.lastSeen = l.LastHeard()
	e.link, e.since = nil, r.now()
}

// answered notes the answer to a ping.
func (r *registry) answered(id uint32, l link, a pong) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.byID[id]; e != nil && e.link == l {
		e.rtt = a.rtt
		if a.hasSkew {
			e.skew = a.skew
		}
	}
}

// stored notes that records of a node were stored.
func (r *registry) stored(id uint32, records []flow.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.byID[id]
	if e == nil || len(records) == 0 {
		return
	}
	for i := range records {
		start := records[i].Start
		if e.stats.Flows == 0 || start < e.stats.Oldest {
			e.stats.Oldest = start
		}
		if e.stats.Flows == 0 || start > e.stats.Newest {
			e.stats.Newest = start
		}
		e.stats.Flows++
	}
	e.rate.add(r.now(), len(records))
}

// agentState is what is known of an agent by its nodes: online when one of them is connected.
func (r *registry) agentState(agent string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	st := stateNever
	for key, e := range r.byKey {
		if key.agent != agent {
			continue
		}
		if e.link != nil {
			return stateOnline
		}
		st = stateOffline
	}
	return st
}

// find returns a node's connection, nil while it is not connected; known is false when there is no such node.
func (r *registry) find(id uint32) (name string, l link, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.byID[id]
	if e == nil {
		return "", nil, false
	}
	return e.info.Name, e.link, true
}

// infos appends what the ids stand for, ordered by id; unknown ids are left out.
func (r *registry) infos(ids map[uint32]struct{}) []flow.NodeInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]flow.NodeInfo, 0, len(ids))
	for id := range ids {
		if e := r.byID[id]; e != nil {
			list = append(list, e.info)
		}
	}
	slices.SortFunc(list, func(a, b flow.NodeInfo) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
