package copyas

import (
	"cxlens/internal/flow"
	"cxlens/query"
)

// end says which end of a packet a condition is about.
type end uint8

const (
	anyEnd end = iota
	sender
	receiver
)

// end is the packet's end that the side of a flow is.
func (t term) end(side query.Side) end {
	switch {
	case side == query.Either:
		return anyEnd
	case (side == query.Src) != t.back:
		return sender
	}
	return receiver
}

// flagTests are a packet language's conditions on the TCP flags of one packet.
type flagTests struct {
	any    func(f flow.Flags) expr      // one of f or more
	masked func(set, m flow.Flags) expr // of m exactly set
}

const (
	onePacket = "flags are those of one packet here, and of all packets of a side in a flow"
	noneOfAll = "all packets of a side have to lack the flags, and a filter looks at one"
)

// flags says a condition on the flags of a flow's side as one on its packets. A side's flags are
// those of all its packets: it has one when some packet does, and lacks one when every packet does.
func (t term) flags(n *query.Flags, with flagTests) said {
	own := t.end(n.Side) != receiver
	if n.Set == 0 {
		return lacks(noneOfAll)
	}
	some := func(e expr) expr {
		if own {
			return e
		}
		return no
	}
	set := n.Set
	single := set&(set-1) == 0
	whole := func() expr { return with.masked(set, set) }
	switch {
	case n.Mode == query.FlagsAny, n.Mode == query.FlagsAll && single, n.Mode == query.FlagsMasked && n.Mask == set && single:
		return said{up: some(with.any(set)), low: some(with.any(set)), one: true}
	case n.Mode == query.FlagsAll, n.Mode == query.FlagsMasked && n.Mask == set:
		return said{up: some(with.any(set)), low: some(whole()), one: true, note: onePacket}
	}
	mask := n.Mask
	if n.Mode == query.FlagsExact {
		mask = 0xff
	}
	e := with.masked(set, mask)
	if !single {
		e = and(with.any(set), with.masked(0, mask&^set))
	}
	return said{up: some(e), one: true, noLow: true, note: onePacket}
}

// Why packets cannot say what flows carry.
var packetLacks = map[query.Field]string{
	query.FieldBytes:    "a packet does not tell how much its flow carries",
	query.FieldPackets:  "a packet does not tell how many its flow has",
	query.FieldDuration: "a packet does not tell how long its flow lasts",
	query.FieldPPS:      "a packet does not tell its flow's rate",
	query.FieldBPS:      "a packet does not tell its flow's rate",
	query.FieldBPP:      "a packet does not tell its flow's mean",
	query.FieldState:    "a packet does not tell how its flow ends",
	query.FieldNode:     "packets carry no node",
	query.FieldAgent:    "packets carry no agent",
	query.FieldNetgroup: "packets carry no netgroup",
	query.FieldFile:     "packets carry no file name",
	query.FieldID:       "packets carry no session id",
}

const (
	tooMany   = "it comes to more addresses or ranges than a filter holds"
	noService = "no service is every port that has no name"
	alsoOther = "also flows from such a port to one that has another name"
)

// portProtos are the protocols that have ports, as far as they are known to be meant.
func (k known) portProtos() []uint8 {
	if k.protos == nil {
		return []uint8{flow.TCP, flow.UDP, flow.SCTP}
	}
	var out []uint8
	for _, p := range []uint8{flow.TCP, flow.UDP, flow.SCTP} {
		if k.may(p) {
			out = append(out, p)
		}
	}
	return out
}

// service says "service X" by the ports that the name stands for. port says that an end of the
// flow has one of the ports under a protocol.
func (t term) service(port func(side query.Side, proto uint8, list []span) expr) said {
	var up, low []expr
	for _, proto := range t.known.portProtos() {
		var list []span
		for _, i := range t.items {
			w, ok := i.(*query.Word)
			if !ok {
				continue
			}
			if w.Text == "" {
				return lacks(noService)
			}
			for _, p := range flow.ServicePorts(w.Text)[proto] {
				// A port of several names is the service of one of them.
				if flow.PortName(proto, p) == w.Text {
					list = append(list, span{uint64(p), uint64(p)})
				}
			}
		}
		if list = joined(list); len(list) > 0 {
			up = append(up, port(query.Either, proto, list))
			low = append(low, port(query.Dst, proto, list))
		}
	}
	return said{up: or(up...), low: or(low...), note: alsoOther}
}
