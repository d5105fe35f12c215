package meter

import (
	"encoding/binary"

	"cxlens/internal/flow"
)

// The IPv6 extension headers that are passed over (RFC 8200 section 4). Mobility
// (135) is not among them: it carries nothing, so it is the flow's protocol.
const (
	extHopByHop = 0
	extRouting  = 43
	extFragment = 44
	extAH       = 51
	extOptions  = 60
	extHIP      = 139
	extShim6    = 140
)

// ipHeader is what an IP header says, extension headers included.
type ipHeader struct {
	src, dst       flow.Addr
	proto, version uint8
	id             uint32
	// first and later: the packet is the first, or a later, fragment of a datagram.
	first, later bool
	payload      []byte
}

// fragment names the datagram that the packet is a part of. IPv6 knows it by
// addresses and id alone: what follows the fragment header may differ from the
// protocol at the end of the first fragment's chain.
func (h *ipHeader) fragment() fragment {
	f := fragment{src: h.src, dst: h.dst, id: h.id, version: h.version}
	if h.version == 4 {
		f.proto = h.proto
	}
	return f
}

// parse4 reads an IPv4 header. The payload ends where the total length says, so
// that an Ethernet frame's padding is not taken for ports; a length of 0 is what
// segmentation offload leaves behind and means: to the end.
func (h *ipHeader) parse4(b []byte) verdict {
	if len(b) < 20 {
		return verdictTruncated
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if b[0]>>4 != 4 || header < 20 || total != 0 && total < header {
		return verdictDamaged
	}
	h.version, h.proto = 4, b[9]
	h.src = flow.Addr{10: 0xff, 11: 0xff}
	h.dst = h.src
	copy(h.src[12:], b[12:16])
	copy(h.dst[12:], b[16:20])
	h.id = uint32(binary.BigEndian.Uint16(b[4:]))
	fragmenting := binary.BigEndian.Uint16(b[6:])
	h.later = fragmenting&0x1fff != 0
	h.first = !h.later && fragmenting&0x2000 != 0
	if total != 0 && total < len(b) {
		b = b[:total]
	}
	h.payload = b[min(header, len(b)):]
	return verdictFlow
}

// parse6 reads an IPv6 header and its extension headers. One that is cut leaves
// its own number as the protocol and an empty payload.
func (h *ipHeader) parse6(b []byte) verdict {
	if len(b) < 40 {
		return verdictTruncated
	}
	if b[0]>>4 != 6 {
		return verdictDamaged
	}
	h.version, h.proto = 6, b[6]
	copy(h.src[:], b[8:24])
	copy(h.dst[:], b[24:40])
	// A payload length of 0 is a jumbogram's (RFC 2675) or offload's: to the end.
	if n := 40 + int(binary.BigEndian.Uint16(b[4:])); n > 40 && n < len(b) {
		b = b[:n]
	}
	b = b[40:]
	for range maxExtensions {
		n, is := extension(h.proto, b)
		if !is {
			h.payload = b
			return verdictFlow
		}
		if n == 0 {
			break
		}
		if h.proto == extFragment {
			h.fragmented(b)
		}
		h.proto = b[0]
		b = b[min(n, len(b)):]
		if h.later {
			h.payload = b
			return verdictFlow
		}
	}
	h.payload = nil
	return verdictFlow
}

// extension returns the length of the extension header that b begins with, 0 when it is
// cut, and whether proto is one at all.
func extension(proto uint8, b []byte) (n int, is bool) {
	switch proto {
	case extHopByHop, extRouting, extOptions, extHIP, extShim6, extAH, extFragment:
	default:
		return 0, false
	}
	switch {
	case len(b) < 8:
		return 0, true
	case proto == extFragment:
		return 8, true
	case proto == extAH:
		return (int(b[1]) + 2) * 4, true
	}
	return (int(b[1]) + 1) * 8, true
}

// fragmented reads a fragment header. Offset 0 with nothing to follow is an atomic fragment (RFC 6946): whole.
func (h *ipHeader) fragmented(b []byte) {
	offset := binary.BigEndian.Uint16(b[2:])
	h.id = binary.BigEndian.Uint32(b[4:])
	h.later = offset>>3 != 0
	h.first = !h.later && offset&1 != 0
}
