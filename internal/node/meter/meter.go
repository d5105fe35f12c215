// Package meter makes flows of packets, in the manner of cxtracker. It may import
// flow and capture.
//
// A flow is what two endpoints say under one protocol: addresses, ports (or the
// ICMP id, twice), protocol. VLAN tags, MPLS labels and tunnels are looked
// through and are no part of it; of IP in IP, 6in4 and 4in6 the innermost
// addresses count. Src is who sent the first packet seen. Bytes are whole frames
// as they were on the wire. Times are the packets', never the clock's.
//
// A flow ends when it was idle for longer than its state allows; see timeouts.go.
// As in cxtracker, a new SYN does not end a closed flow: a retried connection on
// the same ports within five seconds stays one flow.
//
// A datagram's later fragments are counted with the flow of its first one. When
// the first was not seen, or more than 30 s or 8192 fragmented datagrams ago,
// they make a flow with ports 0.
//
// The surprising thing: a record goes to the callback when its end is noticed, at
// the earliest a timeout after its last packet, so records are ordered by neither
// start nor end.
package meter

import (
	"sync/atomic"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
)

// DefaultMaxFlows is how many flows may be open at once: about 300 MB.
const DefaultMaxFlows = 1 << 20

// Options are how a Meter works. The zero value is usable.
type Options struct {
	// MaxFlows bounds the flows that are open at once; when it is reached, the one
	// that was idle longest is ended early. 0 means DefaultMaxFlows.
	MaxFlows int
	// Counter numbers the flows. Meters of one process share one, so that their ids differ. Nil: an own one.
	Counter *atomic.Uint64
}

// Stats counts what a Meter was given. Packets is the sum of Metered, NonIP,
// UnknownLink, Truncated and Damaged.
type Stats struct {
	Packets, Bytes uint64 // all, in frame bytes
	Metered        uint64 // counted in a flow
	NonIP          uint64 // no IP in them: ARP, STP, LLDP
	UnknownLink    uint64 // of a link type that is not known
	Truncated      uint64 // captured too short to have both addresses
	Damaged        uint64 // with an IP header that cannot be
	Portless       uint64 // metered under port 0, as their transport header is cut
	Fragments      uint64 // metered: later fragments
	Orphans        uint64 // of these, with a first fragment that was not seen, under port 0
	Flows          uint64 // flows ended
	Evicted        uint64 // of these, ended early because the table was full
}

// refuse counts a frame that belongs to no flow.
func (s *Stats) refuse(v verdict) {
	switch v {
	case verdictNonIP:
		s.NonIP++
	case verdictTruncated:
		s.Truncated++
	case verdictDamaged:
		s.Damaged++
	case verdictLink:
		s.UnknownLink++
	}
}

// key is a flow's endpoints, the lower one first.
type key struct {
	low, high         flow.Addr
	lowPort, highPort uint16
	proto, version    uint8
}

// keyOf returns the key of e and whether e's source is the higher endpoint.
func keyOf(e *endpoints) (k key, swapped bool) {
	c := e.src.Compare(e.dst)
	if c > 0 || c == 0 && e.srcPort > e.dstPort {
		return key{e.dst, e.src, e.dstPort, e.srcPort, e.proto, e.version}, true
	}
	return key{e.src, e.dst, e.srcPort, e.dstPort, e.proto, e.version}, false
}

// Meter turns packets into flows. It is used by one goroutine.
type Meter struct {
	emit      func(*flow.Record)
	max       int
	counter   *atomic.Uint64
	table     table
	fragments fragments
	stats     Stats
	decoded   decoded
	record    flow.Record
	files     []string
	// clock is the packet time that the last sweep and the next one go by.
	clock, swept int64
	began        bool
}

// New returns a Meter that hands each ended flow to emit. The record is valid only during the call.
func New(opts Options, emit func(*flow.Record)) *Meter {
	if opts.MaxFlows <= 0 {
		opts.MaxFlows = DefaultMaxFlows
	}
	if opts.Counter == nil {
		opts.Counter = new(atomic.Uint64)
	}
	m := &Meter{emit: emit, max: opts.MaxFlows, counter: opts.Counter, files: []string{""}}
	m.table.init()
	return m
}

// File names the capture that the following packets lie in; "" means that they lie in none.
func (m *Meter) File(name string) { m.files = append(m.files, name) }

// Stats returns the counts so far.
func (m *Meter) Stats() Stats { return m.stats }

// Open is the number of flows that have not ended.
func (m *Meter) Open() int { return len(m.table.index) }

// Add counts one packet. It ends flows that were idle too long before it.
func (m *Meter) Add(p *capture.Packet) {
	m.stats.Packets++
	m.stats.Bytes += uint64(p.Length)
	m.tick(p.Time)
	d := &m.decoded
	if v := d.decode(p.Link, p.Data); v != verdictFlow {
		m.stats.refuse(v)
		return
	}
	m.stats.Metered++
	if d.portless {
		m.stats.Portless++
	}
	if d.later {
		m.stats.Fragments++
		if e, ok := m.fragments.find(d.rest, p.Time); ok {
			d.endpoints = e
		} else {
			m.stats.Orphans++
		}
	}
	for i := range d.nFirsts {
		m.fragments.learn(d.firsts[i], d.endpoints, p.Time)
	}
	m.count(p, d)
}

// count adds the packet to its flow.
func (m *Meter) count(p *capture.Packet, d *decoded) {
	k, swapped := keyOf(&d.endpoints)
	i, ok := m.table.index[k]
	if ok && distance(m.table.at(i).seen, p.Time) > m.table.at(i).idle() {
		m.end(i)
		ok = false
	}
	if !ok {
		i = m.begin(p, k, swapped)
	}
	e := m.table.at(i)
	side := &e.sides[0]
	if swapped != e.swapped {
		side = &e.sides[1]
	}
	side.packets++
	side.bytes += uint64(p.Length)
	side.flags |= d.flags
	e.start, e.last = min(e.start, p.Time), max(e.last, p.Time)
	e.seen = p.Time
	e.endFile, e.endOffset = uint32(len(m.files)-1), p.End
	m.table.touch(i, stateOf(e))
}

// begin opens a flow, at the expense of the one idle longest when the table is full.
func (m *Meter) begin(p *capture.Packet, k key, swapped bool) int32 {
	if m.Open() >= m.max {
		m.end(m.table.oldest())
		m.stats.Evicted++
	}
	i := m.table.add(k)
	e := m.table.at(i)
	*e = entry{key: k, swapped: swapped, start: p.Time, last: p.Time, links: e.links}
	e.file, e.offset = uint32(len(m.files)-1), p.Offset
	e.id = flowID(p.Time, m.counter.Add(1))
	return i
}

// flowID is the start second followed by a counter of nine digits. After 10^9
// flows the counter starts again, because ten digits and today's second together
// leave 64 bits in 2028.
func flowID(start int64, n uint64) uint64 { return uint64(start/1e6)*1e9 + n%1e9 }

// end takes a flow out of the table and hands it over.
func (m *Meter) end(i int32) {
	e := m.table.at(i)
	r := &m.record
	*r = flow.Record{
		ID: e.id, Start: e.start, End: e.last, Proto: e.key.proto, IPVersion: e.key.version,
		Src: e.key.low, SrcPort: e.key.lowPort, Dst: e.key.high, DstPort: e.key.highPort,
		SrcPackets: e.sides[0].packets, SrcBytes: e.sides[0].bytes, SrcFlags: e.sides[0].flags,
		DstPackets: e.sides[1].packets, DstBytes: e.sides[1].bytes, DstFlags: e.sides[1].flags,
	}
	if e.swapped {
		r.Src, r.Dst, r.SrcPort, r.DstPort = r.Dst, r.Src, r.DstPort, r.SrcPort
	}
	r.File, r.Offset = m.place(e.file, e.offset)
	// cxtracker gives the end 16 short of the record's, protocol.md section 6.
	r.EndFile, r.EndOffset = m.place(e.endFile, e.endOffset-16)
	m.table.remove(i)
	m.stats.Flows++
	m.emit(r)
}

// place returns a capture's name and an offset in it, -1 when there is no capture.
func (m *Meter) place(file uint32, offset int64) (string, int64) {
	if m.files[file] == "" {
		return "", -1
	}
	return m.files[file], offset
}

// Flush ends all flows, those that were idle longest first.
func (m *Meter) Flush() {
	for m.Open() > 0 {
		m.end(m.table.oldest())
	}
}
