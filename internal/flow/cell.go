package flow

import "strconv"

// AppendCell appends a cell's exact text as CSV and JSONL have it (design.md, "What
// a person types"), control characters cleaned: times as AppendTime, the duration as
// AppendDuration, protocol, state and service by name, flags as letters, addresses
// in canonical text, ports 0 where there are none. An unknown node is its id, its
// agent and netgroup are empty, and so are all three of node 0. Rates have up to
// three decimals; where there is no rate (see PPS, BPS, BPP) the text is empty, and so are
// the columns from ColSrcName on where nothing is known, see With.
func (v *View) AppendCell(dst []byte, col Column, row int) []byte {
	if col >= NumColumns {
		return v.aroundCell(dst, col, row)
	}
	switch col {
	case ColStart, ColEnd:
		return AppendTime(dst, v.Int64(col, row))
	case ColDuration:
		return AppendDuration(dst, v.Int64(col, row))
	case ColProto:
		return append(dst, ProtoName(uint8(v.Uint64(col, row)))...)
	case ColSrcIP, ColDstIP:
		a, version := v.Addr(uint32(v.Uint64(col, row)))
		return a.AppendText(dst, version)
	case ColSrcFlags, ColDstFlags:
		return Flags(v.Uint64(col, row)).AppendText(dst)
	case ColState:
		return append(dst, State(v.Uint64(col, row)).String()...)
	case ColService:
		return append(dst, ServiceOf(v.Uint64(col, row))...)
	case ColPcapFile, ColPcapEndFile:
		return appendCleanString(dst, v.File(uint32(v.Uint64(col, row))))
	case ColPcapOffset, ColPcapEndOffset:
		return strconv.AppendInt(dst, v.Int64(col, row), 10)
	case ColNode, ColAgent, ColNetgroup:
		return append(dst, v.nodeText(col, uint32(v.Uint64(col, row)))...)
	case ColPPS, ColBPS, ColBPP:
		if !v.HasRate(col, row) {
			return dst
		}
		return appendRate(dst, v.Float(col, row))
	}
	return strconv.AppendUint(dst, v.Uint64(col, row), 10)
}

// HasRate tells whether row has a pps, bps or bpp: the first two need a positive
// duration, the last one packets.
func (v *View) HasRate(col Column, row int) bool {
	if col == ColBPP {
		return v.Uint64(ColPackets, row) > 0
	}
	return v.Int64(ColDuration, row) > 0
}
