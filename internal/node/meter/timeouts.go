package meter

import "cxlens/internal/flow"

// state groups flows that may be idle equally long.
type state uint8

// The states and how long each may be idle are those of cxtracker 0.9.8, with one
// difference: it looks only every 20 s and by the wall clock, so that there a flow
// may live up to 20 s longer. Here a packet that comes after the idle time begins a
// new flow, whenever the last look was, and the same packets always give the same
// flows. What cxtracker ends at its next look, without an idle time, is given the
// time of a closed flow.
const (
	// stateClosed is TCP with FIN from both sides or RST from either, or with a
	// source that sent neither SYN nor ACK.
	stateClosed state = iota
	// stateUnanswered is TCP with a destination that sent neither SYN nor ACK.
	stateUnanswered
	// stateDatagram is UDP and ICMP.
	stateDatagram
	// stateOther is every other protocol.
	stateOther
	// stateOpen is TCP that is none of the above.
	stateOpen
	numStates
)

// idleTimes are in microseconds.
var idleTimes = [numStates]int64{
	stateClosed:     5e6,
	stateUnanswered: 30e6,
	stateDatagram:   60e6,
	stateOther:      300e6,
	stateOpen:       600e6,
}

const (
	// sweepEvery is cxtracker's interval between two looks, in packet time.
	sweepEvery = 20e6
	// setBack is how far a packet's time must lie behind the clock for it to be
	// taken as a new time (files in the wrong order, a clock that was corrected)
	// and not as a late packet: the longest idle time.
	setBack = 600e6
)

// idle is how long the flow may be without a packet, in microseconds.
func (e *entry) idle() int64 { return idleTimes[e.state] }

// stateOf derives a flow's state from its protocol and flags.
func stateOf(e *entry) state {
	switch e.key.proto {
	case flow.TCP:
	case flow.UDP, flow.ICMP, flow.ICMP6:
		return stateDatagram
	default:
		return stateOther
	}
	src, dst := e.sides[0].flags, e.sides[1].flags
	const began = flow.SYN | flow.ACK
	switch {
	case src&dst&flow.FIN != 0, (src|dst)&flow.RST != 0, src&began == 0:
		return stateClosed
	case dst&began == 0:
		return stateUnanswered
	}
	return stateOpen
}

// tick moves the clock to a packet's time and ends what was idle too long. Late
// packets leave the clock where it is.
func (m *Meter) tick(now int64) {
	switch {
	case !m.began || m.clock-now > setBack:
		m.began = true
		m.clock, m.swept = now, now
		return
	case now <= m.clock:
		return
	}
	m.clock = now
	if now-m.swept < sweepEvery {
		return
	}
	m.swept = now
	m.sweep()
}

// sweep ends the flows at the head of each chain that were idle too long. A flow
// behind one that was not, which happens only when packets arrive out of order,
// waits for a later sweep. The distance counts both ways, so that flows from after
// a time that was set back end too.
func (m *Meter) sweep() {
	for s := range m.table.chains {
		for {
			i := m.table.chains[s].head
			if i < 0 || distance(m.table.at(i).seen, m.clock) <= idleTimes[s] {
				break
			}
			m.end(i)
		}
	}
}
