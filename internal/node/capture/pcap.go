package capture

import (
	"encoding/binary"
	"fmt"

	"cxlens/internal/flow"
)

// pcapMagic is what the first four bytes of a pcap file say.
type pcapMagic struct {
	order    binary.ByteOrder
	nano     bool
	modified bool // Kuznetsov's patch: records have 8 more bytes
}

// magics are the known magic numbers, read as little endian.
var magics = map[uint32]pcapMagic{
	0xa1b2c3d4: {order: binary.LittleEndian},
	0xd4c3b2a1: {order: binary.BigEndian},
	0xa1b23c4d: {order: binary.LittleEndian, nano: true},
	0x4d3cb2a1: {order: binary.BigEndian, nano: true},
	0xa1b2cd34: {order: binary.LittleEndian, modified: true},
	0x34cdb2a1: {order: binary.BigEndian, modified: true},
}

// pcap reads the classic format (draft-ietf-opsawg-pcap).
type pcap struct {
	in     *input
	magic  pcapMagic
	minor  uint16
	link   LinkType
	bound  uint32
	header []byte
}

func newPcap(in *input) (*pcap, error) {
	head, err := in.r.Peek(4)
	if err != nil {
		return nil, in.damage(0, 0, readReason(err), err)
	}
	magic, ok := magics[binary.LittleEndian.Uint32(head)]
	if !ok {
		return nil, fmt.Errorf("%s: begins with % x: %w", flow.Clean(in.name), head, ErrNotCapture)
	}
	var b [24]byte
	if err := in.read(b[:], 0, "the file header", false); err != nil {
		return nil, err
	}
	major, minor := magic.order.Uint16(b[4:]), magic.order.Uint16(b[6:])
	if major != 2 {
		return nil, fmt.Errorf("%s: offset 4: pcap version %d.%d, only version 2 can be read", flow.Clean(in.name), major, minor)
	}
	f := &pcap{in: in, magic: magic, minor: minor, header: make([]byte, 16)}
	if magic.modified {
		f.header = make([]byte, 24)
	}
	f.bound = packetBound(magic.order.Uint32(b[16:]))
	// The upper half holds the length of the frame check sequence.
	f.link = LinkType(magic.order.Uint32(b[20:]) & 0xffff)
	return f, nil
}

// packetBound is the largest captured length that is believed of a file with this snap length.
func packetBound(snap uint32) uint32 {
	if snap == 0 || snap > MaxPacket {
		return MaxPacket
	}
	return max(snap, minBound)
}

func (f *pcap) next(p *Packet) error {
	start := f.in.off
	if err := f.in.read(f.header, start, "the record header", true); err != nil {
		return err
	}
	order := f.magic.order
	sec, frac := order.Uint32(f.header), order.Uint32(f.header[4:])
	captured, length := order.Uint32(f.header[8:]), order.Uint32(f.header[12:])
	// Files before version 2.3 have the two lengths the other way round, those of 2.3 either way.
	if f.minor < 3 || f.minor == 3 && captured > length {
		captured, length = length, captured
	}
	if captured > f.bound {
		return f.in.fail(start, "record says %s captured", size(uint64(captured)))
	}
	data, err := f.in.take(int(captured), start, "the packet")
	if err != nil {
		return err
	}
	micro := int64(frac)
	if f.magic.nano {
		micro /= 1000
	}
	p.Time = int64(sec)*1e6 + micro
	p.Length, p.Data, p.Link = length, data, f.link
	p.Offset, p.End = start, f.in.off
	return nil
}
