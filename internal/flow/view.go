package flow

// View is a snapshot of a Table, safe for concurrent use. Rows are numbered from 0
// in the order of arrival. Asking for a row, code or range beyond it is a mistake of
// the caller and panics like an index out of range.
type View struct {
	published
	ranks   *ranks   // shared with the table's other views
	serials *serials // likewise
	around  *Around  // nil for nothing
}

// Len is the number of rows.
func (v *View) Len() int { return v.n }

// Record fills r with row.
func (v *View) Record(row int, r *Record) {
	get := func(s stored) uint64 { return v.at(s, row) }
	*r = Record{
		ID: get(stID), Start: int64(get(stStart)), End: int64(get(stStart) + get(stSpan)),
		SrcPort: uint16(get(stSrcPort)), DstPort: uint16(get(stDstPort)),
		SrcPackets: get(stSrcPackets), SrcBytes: get(stSrcBytes),
		DstPackets: get(stDstPackets), DstBytes: get(stDstBytes),
		SrcFlags: Flags(get(stSrcFlags)), DstFlags: Flags(get(stDstFlags)),
		Proto: uint8(get(stProto)), IPVersion: uint8(get(stVersion)), Node: uint32(get(stNode)),
		File: v.files[get(stFile)], EndFile: v.files[get(stEndFile)],
		Offset: int64(get(stOffset)), EndOffset: int64(get(stEndOffset)),
	}
	r.Src, _ = v.Addr(uint32(get(stSrc)))
	r.Dst, _ = v.Addr(uint32(get(stDst)))
}

// NumAddrs bounds the codes of the address dictionary: they are below it. A few codes have no
// address (see HasAddr), and a few addresses may have no row, when the block that brought them was refused.
func (v *View) NumAddrs() int { return len(v.pages) << addrPageShift }

// HasAddr tells whether a code below NumAddrs is an address's.
func (v *View) HasAddr(code uint32) bool { return v.addrs.has(code) }

// Addr returns the address of a code and its IP version. Equal addresses of one version have one code.
// Asking for a code that has none is a mistake.
func (v *View) Addr(code uint32) (Addr, uint8) {
	page := &v.pages[code>>addrPageShift]
	if page.v4 != nil {
		return AddrFrom4(page.v4[code%addrPageSize]), 4
	}
	return page.v6[code%addrPageSize], 6
}

// NumFiles is the size of the file dictionary: codes are below it.
func (v *View) NumFiles() int { return len(v.files) }

// File returns the file name of a code, as the peer sent it: clean it before it is shown.
func (v *View) File(code uint32) string { return v.files[code] }
