package flow

import "strings"

// State is a connection's fate, derived from flags and packet counts in the
// manner of Zeek's conn_state; it is never stored.
type State uint8

// The states. UDP knows S0 (no answer) and SF (answered); every other protocol is OTH.
const (
	OTH  State = iota // anything else, midstream traffic among it
	S0                // SYN (or UDP) from src, nothing from dst
	REJ               // SYN from src, RST from a dst that never sent SYN
	S1                // SYN from both, not closed by both
	SF                // SYN and FIN from both, no RST: a normal close
	RSTO              // SYN from both, RST from src
	RSTR              // SYN from both, RST from dst and not from src
	numStates
)

var stateNames = [numStates]string{"OTH", "S0", "REJ", "S1", "SF", "RSTO", "RSTR"}

// String returns the state's name as Zeek spells it.
func (s State) String() string {
	if s < numStates {
		return stateNames[s]
	}
	return "OTH"
}

// ParseState reads a state's name in any case.
func ParseState(name string) (State, bool) {
	for i, n := range stateNames {
		if strings.EqualFold(n, name) {
			return State(i), true
		}
	}
	return 0, false
}

// StateNames lists all states' names, OTH first.
func StateNames() []string { return stateNames[:] }

// StateOf derives the state from a flow's protocol, flags and dst's packet count.
func StateOf(proto uint8, src, dst Flags, dstPackets uint64) State {
	switch proto {
	case UDP:
		if dstPackets == 0 {
			return S0
		}
		return SF
	case TCP:
	default:
		return OTH
	}
	switch {
	case src&SYN == 0:
		return OTH
	case dstPackets == 0:
		return S0
	case dst&SYN == 0 && dst&RST != 0:
		return REJ
	case dst&SYN == 0:
		return OTH
	case src&RST != 0:
		return RSTO
	case dst&RST != 0:
		return RSTR
	case src&FIN != 0 && dst&FIN != 0:
		return SF
	}
	return S1
}

// State derives the flow's state.
func (r *Record) State() State { return StateOf(r.Proto, r.SrcFlags, r.DstFlags, r.DstPackets) }
