package duckdb

import (
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
)

// flowColumn is a column of the table flow.
type flowColumn struct {
	name string
	typ  mapping.Type
	sql  string
}

// flowColumns are the columns of the table flow in their order, which is that of
// vectors too. Query conditions (query.Query.SQL) use these names.
var flowColumns = []flowColumn{
	{"seq", mapping.TypeUBigInt, "UBIGINT"},
	{"node", mapping.TypeUInteger, "UINTEGER"},
	{"id", mapping.TypeUBigInt, "UBIGINT"},
	{"start", mapping.TypeBigInt, "BIGINT"},
	{`"end"`, mapping.TypeBigInt, "BIGINT"},
	{"proto", mapping.TypeUTinyInt, "UTINYINT"},
	{"ip_version", mapping.TypeUTinyInt, "UTINYINT"},
	{"src_hi", mapping.TypeUBigInt, "UBIGINT"},
	{"src_lo", mapping.TypeUBigInt, "UBIGINT"},
	{"dst_hi", mapping.TypeUBigInt, "UBIGINT"},
	{"dst_lo", mapping.TypeUBigInt, "UBIGINT"},
	{"src_port", mapping.TypeUSmallInt, "USMALLINT"},
	{"dst_port", mapping.TypeUSmallInt, "USMALLINT"},
	{"src_packets", mapping.TypeUBigInt, "UBIGINT"},
	{"src_bytes", mapping.TypeUBigInt, "UBIGINT"},
	{"dst_packets", mapping.TypeUBigInt, "UBIGINT"},
	{"dst_bytes", mapping.TypeUBigInt, "UBIGINT"},
	{"src_flags", mapping.TypeUTinyInt, "UTINYINT"},
	{"dst_flags", mapping.TypeUTinyInt, "UTINYINT"},
	{"pcap_offset", mapping.TypeBigInt, "BIGINT"},
	{"pcap_end_offset", mapping.TypeBigInt, "BIGINT"},
	{"file", mapping.TypeUInteger, "UINTEGER"},
	{"end_file", mapping.TypeUInteger, "UINTEGER"},
}

// columnList is the columns' names, each after prefix, for a SELECT.
func columnList(prefix string) string {
	names := make([]string, len(flowColumns))
	for i, c := range flowColumns {
		names[i] = prefix + c.name
	}
	return strings.Join(names, ", ")
}

func columnTypes() []mapping.Type {
	types := make([]mapping.Type, len(flowColumns))
	for i, c := range flowColumns {
		types[i] = c.typ
	}
	return types
}

// vectors are a chunk's columns in the order of flowColumns, as slices of DuckDB's memory.
type vectors struct {
	seq                  []uint64
	node                 []uint32
	id                   []uint64
	start, end           []int64
	proto, version       []uint8
	srcHi, srcLo         []uint64
	dstHi, dstLo         []uint64
	srcPort, dstPort     []uint16
	srcPackets, srcBytes []uint64
	dstPackets, dstBytes []uint64
	srcFlags, dstFlags   []uint8
	offset, endOffset    []int64
	file, endFile        []uint32
}

// vectorsOf returns the columns of a chunk of n rows that begins with flowColumns.
func vectorsOf(c mapping.DataChunk, n int) vectors {
	return vectors{
		seq:        vector[uint64](c, 0, n),
		node:       vector[uint32](c, 1, n),
		id:         vector[uint64](c, 2, n),
		start:      vector[int64](c, 3, n),
		end:        vector[int64](c, 4, n),
		proto:      vector[uint8](c, 5, n),
		version:    vector[uint8](c, 6, n),
		srcHi:      vector[uint64](c, 7, n),
		srcLo:      vector[uint64](c, 8, n),
		dstHi:      vector[uint64](c, 9, n),
		dstLo:      vector[uint64](c, 10, n),
		srcPort:    vector[uint16](c, 11, n),
		dstPort:    vector[uint16](c, 12, n),
		srcPackets: vector[uint64](c, 13, n),
		srcBytes:   vector[uint64](c, 14, n),
		dstPackets: vector[uint64](c, 15, n),
		dstBytes:   vector[uint64](c, 16, n),
		srcFlags:   vector[uint8](c, 17, n),
		dstFlags:   vector[uint8](c, 18, n),
		offset:     vector[int64](c, 19, n),
		endOffset:  vector[int64](c, 20, n),
		file:       vector[uint32](c, 21, n),
		endFile:    vector[uint32](c, 22, n),
	}
}

// put writes r as row i; its node and file names come as numbers.
func (v *vectors) put(i int, r *flow.Record, seq uint64, node, file, endFile uint32) {
	v.seq[i], v.node[i], v.id[i] = seq, node, r.ID
	v.start[i], v.end[i] = r.Start, r.End
	v.proto[i], v.version[i] = r.Proto, r.IPVersion
	v.srcHi[i], v.srcLo[i] = r.Src.Numbers()
	v.dstHi[i], v.dstLo[i] = r.Dst.Numbers()
	v.srcPort[i], v.dstPort[i] = r.SrcPort, r.DstPort
	v.srcPackets[i], v.srcBytes[i] = r.SrcPackets, r.SrcBytes
	v.dstPackets[i], v.dstBytes[i] = r.DstPackets, r.DstBytes
	v.srcFlags[i], v.dstFlags[i] = uint8(r.SrcFlags), uint8(r.DstFlags)
	v.offset[i], v.endOffset[i] = r.Offset, r.EndOffset
	v.file[i], v.endFile[i] = file, endFile
}

// get fills r with row i, but for its file names.
func (v *vectors) get(i int, r *flow.Record) {
	r.Node, r.ID = v.node[i], v.id[i]
	r.Start, r.End = v.start[i], v.end[i]
	r.Proto, r.IPVersion = v.proto[i], v.version[i]
	r.Src = flow.AddrFromNumbers(v.srcHi[i], v.srcLo[i])
	r.Dst = flow.AddrFromNumbers(v.dstHi[i], v.dstLo[i])
	r.SrcPort, r.DstPort = v.srcPort[i], v.dstPort[i]
	r.SrcPackets, r.SrcBytes = v.srcPackets[i], v.srcBytes[i]
	r.DstPackets, r.DstBytes = v.dstPackets[i], v.dstBytes[i]
	r.SrcFlags, r.DstFlags = flow.Flags(v.srcFlags[i]), flow.Flags(v.dstFlags[i])
	r.Offset, r.EndOffset = v.offset[i], v.endOffset[i]
}
