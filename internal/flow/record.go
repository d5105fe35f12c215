package flow

import (
	"strings"
	"time"
)

// Record is one flow (a session in cxtracker's words): what two endpoints said
// to each other under one protocol. Its fields are those of design.md, "The
// record"; what can be derived from them is a method and is never stored.
type Record struct {
	// ID is the session id of cxtracker: start second followed by a counter of
	// at least nine digits. Unique in practice per node and start, not globally.
	ID uint64
	// Start and End are microseconds since the Unix epoch, UTC.
	Start, End int64
	// Src sent the first packet that was seen. IPv4 is v4-mapped, see Addr.
	Src, Dst Addr
	// SrcPort and DstPort are both the ICMP id for ICMP, as cxtracker has it, and 0 where there are no ports.
	SrcPort, DstPort uint16
	// SrcPackets and SrcBytes count what Src sent. Bytes are whole frames (layer 2).
	SrcPackets, SrcBytes uint64
	DstPackets, DstBytes uint64
	// SrcFlags and DstFlags are the OR of the TCP flags that each side sent.
	SrcFlags, DstFlags Flags
	// Proto is the IP protocol number.
	Proto uint8
	// IPVersion is 4 or 6.
	IPVersion uint8
	// Node is the server's id of the node that brought the flow; 0 is none.
	Node uint32
	// File and EndFile name the captures that hold the first and the last packet;
	// empty with offset -1 when there is none. EndOffset is, as in cxtracker, 16
	// short of the last record's end.
	File, EndFile     string
	Offset, EndOffset int64
}

// Duration is the time from the first packet to the last; old data can make it negative.
func (r *Record) Duration() time.Duration {
	return time.Duration(r.End-r.Start) * time.Microsecond
}

// Flags is a set of TCP flags as the raw bits of RFC 9293 section 3.1.
type Flags uint8

// The TCP flags.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// flagLetters names the bits from FIN upward, as design.md spells them in CSV and queries.
const flagLetters = "FSRPAUEC"

// String returns the letters of the set flags from FIN upward, "" for none.
func (f Flags) String() string { return string(f.AppendText(nil)) }

// AppendText appends what String returns.
func (f Flags) AppendText(dst []byte) []byte {
	for i := range len(flagLetters) {
		if f&(1<<i) != 0 {
			dst = append(dst, flagLetters[i])
		}
	}
	return dst
}

// ParseFlags reads flag letters in any order and case; ok is false when s has another character or is empty.
func ParseFlags(s string) (f Flags, ok bool) {
	for _, c := range strings.ToUpper(s) {
		i := strings.IndexRune(flagLetters, c)
		if i < 0 {
			return 0, false
		}
		f |= 1 << i
	}
	return f, s != ""
}
