package flow

// block is how many rows a derived column computes at a time, from buffers on the stack.
const block = 512

// at reads one stored value of a row.
func (v *View) at(s stored, row int) uint64 {
	if i := row >> chunkShift; i < len(v.chunks) {
		return v.chunks[i].at(s, row&chunkMask)
	}
	// The tail has room for more rows than the view may see.
	return v.tail.cols[s][:v.n-len(v.chunks)*chunkRows][row-len(v.chunks)*chunkRows]
}

// load decodes a range of a stored value.
func load[T uint32 | uint64](v *View, s stored, from int, dst []T) {
	for len(dst) > 0 {
		i, at := from>>chunkShift, from&chunkMask
		if i < len(v.chunks) {
			n := min(len(dst), chunkRows-at)
			unpack(dst[:n], v.chunks[i], s, at)
			dst, from = dst[n:], from+n
			continue
		}
		tail := v.tail.cols[s][:v.n-len(v.chunks)*chunkRows]
		for i, x := range tail[at : at+len(dst)] {
			dst[i] = T(x)
		}
		return
	}
}

// Uint64s decodes the rows from, from+1, ... of a column into dst. Signed columns
// (start, end, duration in microseconds, pcap offsets) come as two's complement;
// node, agent and netgroup as the node's id; state as State; service as a number
// that orders services by name (0 is none, see ServiceOf); addresses and files as the
// codes of AddrCodes and FileCodes; pps, bps and bpp cut to whole numbers (see Floats).
// Derived numbers (duration, bytes, packets) are computed.
func (v *View) Uint64s(col Column, from int, dst []uint64) {
	if s := storedOf[col]; s != numStored {
		load(v, s, from, dst)
		return
	}
	for len(dst) > 0 {
		n := min(len(dst), block)
		v.derive(col, from, dst[:n])
		dst, from = dst[n:], from+n
	}
}

// derive computes at most block rows of a derived column.
func (v *View) derive(col Column, from int, dst []uint64) {
	var a, b, c [block]uint64
	n := len(dst)
	switch col {
	case ColEnd:
		load(v, stStart, from, dst)
		load(v, stSpan, from, a[:n])
		for i := range dst {
			dst[i] += a[i]
		}
	case ColBytes:
		v.sum(stSrcBytes, stDstBytes, from, dst)
	case ColPackets:
		v.sum(stSrcPackets, stDstPackets, from, dst)
	case ColState:
		load(v, stProto, from, dst)
		load(v, stSrcFlags, from, a[:n])
		load(v, stDstFlags, from, b[:n])
		load(v, stDstPackets, from, c[:n])
		for i := range dst {
			dst[i] = uint64(StateOf(uint8(dst[i]), Flags(a[i]), Flags(b[i]), c[i]))
		}
	case ColService:
		load(v, stProto, from, dst)
		load(v, stSrcPort, from, a[:n])
		load(v, stDstPort, from, b[:n])
		for i := range dst {
			dst[i] = uint64(serviceCode(uint8(dst[i]), uint16(a[i]), uint16(b[i])))
		}
	case ColPPS, ColBPS, ColBPP:
		var f [block]float64
		v.Floats(col, from, f[:n])
		for i := range dst {
			dst[i] = uint64(f[i])
		}
	}
}

// sum adds two stored values of at most block rows.
func (v *View) sum(x, y stored, from int, dst []uint64) {
	var a [block]uint64
	load(v, x, from, dst)
	load(v, y, from, a[:len(dst)])
	for i := range dst {
		dst[i] = addSaturating(dst[i], a[i])
	}
}

// Floats decodes pps, bps or bpp, 0 where there is no rate (see PPS, BPS, BPP); any
// other column as Uint64s would, as a float.
func (v *View) Floats(col Column, from int, dst []float64) {
	for len(dst) > 0 {
		n := min(len(dst), block)
		v.rates(col, from, dst[:n])
		dst, from = dst[n:], from+n
	}
}

// rates computes at most block rows.
func (v *View) rates(col Column, from int, dst []float64) {
	var a, b [block]uint64
	n := len(dst)
	switch col {
	case ColPPS:
		v.sum(stSrcPackets, stDstPackets, from, a[:n])
		load(v, stSpan, from, b[:n])
		for i := range dst {
			dst[i] = PPS(a[i], int64(b[i]))
		}
	case ColBPS:
		v.sum(stSrcBytes, stDstBytes, from, a[:n])
		load(v, stSpan, from, b[:n])
		for i := range dst {
			dst[i] = BPS(a[i], int64(b[i]))
		}
	case ColBPP:
		v.sum(stSrcBytes, stDstBytes, from, a[:n])
		v.sum(stSrcPackets, stDstPackets, from, b[:n])
		for i := range dst {
			dst[i] = BPP(a[i], b[i])
		}
	default:
		v.Uint64s(col, from, a[:n])
		signed := signedColumn(col)
		for i := range dst {
			if dst[i] = float64(a[i]); signed {
				dst[i] = float64(int64(a[i]))
			}
		}
	}
}

// signedColumn tells whether Uint64s gives two's complement.
func signedColumn(col Column) bool {
	switch col {
	case ColStart, ColEnd, ColDuration, ColPcapOffset, ColPcapEndOffset:
		return true
	}
	return false
}

// Uint64 is one value as Uint64s gives it.
func (v *View) Uint64(col Column, row int) uint64 {
	if s := storedOf[col]; s != numStored {
		return v.at(s, row)
	}
	get := func(s stored) uint64 { return v.at(s, row) }
	switch col {
	case ColEnd:
		return get(stStart) + get(stSpan)
	case ColBytes:
		return addSaturating(get(stSrcBytes), get(stDstBytes))
	case ColPackets:
		return addSaturating(get(stSrcPackets), get(stDstPackets))
	case ColState:
		return uint64(StateOf(uint8(get(stProto)), Flags(get(stSrcFlags)), Flags(get(stDstFlags)), get(stDstPackets)))
	case ColService:
		return uint64(serviceCode(uint8(get(stProto)), uint16(get(stSrcPort)), uint16(get(stDstPort))))
	}
	return uint64(v.Float(col, row))
}

// Int64 is Uint64 for the signed columns.
func (v *View) Int64(col Column, row int) int64 { return int64(v.Uint64(col, row)) }

// Float is one value as Floats gives it.
func (v *View) Float(col Column, row int) float64 {
	switch col {
	case ColPPS:
		return PPS(v.Uint64(ColPackets, row), v.Int64(ColDuration, row))
	case ColBPS:
		return BPS(v.Uint64(ColBytes, row), v.Int64(ColDuration, row))
	case ColBPP:
		return BPP(v.Uint64(ColBytes, row), v.Uint64(ColPackets, row))
	}
	if signedColumn(col) {
		return float64(v.Int64(col, row))
	}
	return float64(v.Uint64(col, row))
}

// AddrCodes decodes src_ip or dst_ip as codes of the view's address dictionary; see Addr.
func (v *View) AddrCodes(col Column, from int, dst []uint32) {
	load(v, storedOf[col], from, dst)
}

// FileCodes decodes pcap_file or pcap_end_file as codes of the view's file dictionary; 0 is the empty name.
func (v *View) FileCodes(col Column, from int, dst []uint32) {
	load(v, storedOf[col], from, dst)
}

// ServiceOf names what Uint64s gives for ColService, "" for 0.
func ServiceOf(code uint64) string { return serviceName(uint16(code)) }
