package detail

import "cxlens/internal/flow"

// Why says what a flow's state means and what it was derived from.
func Why(r *flow.Record) string {
	switch r.Proto {
	case flow.UDP:
		if r.DstPackets == 0 {
			return "unanswered: UDP from the source, nothing came back"
		}
		return "answered: UDP in both directions"
	case flow.TCP:
		return whyTCP(r)
	}
	return "no connection to judge: neither TCP nor UDP"
}

func whyTCP(r *flow.Record) string {
	switch r.State() {
	case flow.S0:
		return "unanswered: SYN from the source, nothing came back"
	case flow.REJ:
		return "refused: SYN from the source, RST from the destination, which never sent SYN"
	case flow.S1:
		return "open: SYN from both sides, not closed by both"
	case flow.SF:
		return "closed: SYN and FIN from both sides, no RST"
	case flow.RSTO:
		return "reset by the source: SYN from both sides, then RST from the source"
	case flow.RSTR:
		return "reset by the destination: SYN from both sides, then RST from the destination"
	}
	if r.SrcFlags&flow.SYN == 0 {
		return "midstream: the source's SYN was not seen"
	}
	return "other: the destination sent packets, but neither SYN nor RST"
}
