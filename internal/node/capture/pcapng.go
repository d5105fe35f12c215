package capture

import (
	"encoding/binary"
	"fmt"

	"cxlens/internal/flow"
)

// The blocks that are read (draft-ietf-opsawg-pcapng); all others are passed over.
const (
	sectionHeader      = 0x0a0d0d0a
	interfaceBlock     = 1
	packetBlock        = 2 // obsolete, still found
	simplePacket       = 3
	enhancedPacket     = 6
	byteOrderMagic     = 0x1a2b3c4d
	optionEnd          = 0
	optionTSResolution = 9
	optionTSOffset     = 14
)

// iface is what an interface description says.
type iface struct {
	link  LinkType
	snap  uint32
	clock clock
}

// pcapng reads blocks. Interfaces are numbered within their section.
type pcapng struct {
	in     *input
	order  binary.ByteOrder
	ifaces []iface
}

func newPcapng(in *input) (*pcapng, error) {
	f := &pcapng{in: in, order: binary.LittleEndian}
	// The first section header is read here, so that a file of another kind fails before its first packet.
	kind, length, err := f.header(0)
	if err != nil {
		return nil, err
	}
	return f, f.section(0, kind, length)
}

// header reads a block's type and length. A section header's length is in the byte order that follows it.
func (f *pcapng) header(start int64) (kind, length uint32, err error) {
	var b [8]byte
	if err := f.in.read(b[:], start, "the block header", true); err != nil {
		return 0, 0, err
	}
	kind = f.order.Uint32(b[:])
	if binary.LittleEndian.Uint32(b[:]) == sectionHeader { // reads the same in both orders
		kind = sectionHeader
		magic, err := f.in.r.Peek(4)
		if err != nil {
			return 0, 0, f.in.fail(start, "the section header is cut short")
		}
		switch {
		case binary.LittleEndian.Uint32(magic) == byteOrderMagic:
			f.order = binary.LittleEndian
		case binary.BigEndian.Uint32(magic) == byteOrderMagic:
			f.order = binary.BigEndian
		default:
			return 0, 0, f.in.fail(start, "section header has the byte-order magic % x", magic)
		}
	}
	length = f.order.Uint32(b[4:])
	if length < 12 || length%4 != 0 {
		return 0, 0, f.in.fail(start, "block of type %#x says it is %d bytes long", kind, length)
	}
	return kind, length, nil
}

// section reads a section header: from here on its byte order holds and no interface is known.
func (f *pcapng) section(start int64, kind, length uint32) error {
	if kind != sectionHeader || length < 28 || length > maxDescription {
		return f.in.fail(start, "section header says it is %s long", size(uint64(length)))
	}
	body, err := f.body(start, length)
	if err != nil {
		return err
	}
	if major, minor := f.order.Uint16(body[4:]), f.order.Uint16(body[6:]); major != 1 {
		return fmt.Errorf("%s: offset %d: pcapng version %d.%d, only version 1 can be read", flow.Clean(f.in.name), start, major, minor)
	}
	f.ifaces = f.ifaces[:0]
	return nil
}

// body reads what is between a block's header and its trailing length, and checks the latter.
func (f *pcapng) body(start int64, length uint32) ([]byte, error) {
	b, err := f.in.take(int(length)-8, start, "the block")
	if err != nil {
		return nil, err
	}
	end := len(b) - 4
	if trailer := f.order.Uint32(b[end:]); trailer != length {
		return nil, f.in.fail(start, "block says it is %d bytes long at its head and %d at its end", length, trailer)
	}
	return b[:end], nil
}

func (f *pcapng) next(p *Packet) error {
	for {
		start := f.in.off
		kind, length, err := f.header(start)
		if err != nil {
			return err
		}
		switch kind {
		case sectionHeader:
			err = f.section(start, kind, length)
		case interfaceBlock:
			err = f.describe(start, length)
		case packetBlock, simplePacket, enhancedPacket:
			p.Offset = start
			return f.packet(p, kind, length)
		default:
			err = f.in.skip(int64(length)-8, start, "the block")
		}
		if err != nil {
			return err
		}
	}
}

// describe reads an interface description block.
func (f *pcapng) describe(start int64, length uint32) error {
	switch {
	case length < 20 || length > maxDescription:
		return f.in.fail(start, "interface description says it is %s long", size(uint64(length)))
	case len(f.ifaces) == MaxInterfaces:
		return f.in.fail(start, "more than %d interfaces", MaxInterfaces)
	}
	b, err := f.body(start, length)
	if err != nil {
		return err
	}
	i := iface{link: LinkType(f.order.Uint16(b)), snap: f.order.Uint32(b[4:]), clock: microseconds}
	for opts := b[8:]; len(opts) >= 4; {
		code, n := f.order.Uint16(opts), int(f.order.Uint16(opts[2:]))
		if code == optionEnd {
			break
		}
		padded := (n + 3) &^ 3
		if 4+padded > len(opts) {
			return f.in.fail(start, "option %d of the interface says it is %d bytes long, %d are left", code, n, len(opts)-4)
		}
		switch value := opts[4 : 4+n]; {
		case code == optionTSResolution && n == 1:
			i.clock.resolution = value[0]
		case code == optionTSOffset && n == 8:
			i.clock.offset = int64(f.order.Uint64(value))
		}
		opts = opts[4+padded:]
	}
	f.ifaces = append(f.ifaces, i)
	return nil
}

// packet reads an enhanced, simple or obsolete packet block.
func (f *pcapng) packet(p *Packet, kind, length uint32) error {
	// Options may follow the packet: allow them as much as a description.
	if length > MaxPacket+maxDescription {
		return f.in.fail(p.Offset, "packet block says it is %s long", size(uint64(length)))
	}
	b, err := f.body(p.Offset, length)
	if err != nil {
		return err
	}
	fixed := 20
	if kind == simplePacket {
		fixed = 4
	}
	if len(b) < fixed {
		return f.in.fail(p.Offset, "packet block of %d bytes is too short", length)
	}
	head, data := b[:fixed], b[fixed:]
	id := f.order.Uint32(head)
	switch kind {
	case simplePacket:
		id = 0
	case packetBlock:
		id = uint32(f.order.Uint16(head))
	}
	if int64(id) >= int64(len(f.ifaces)) {
		return f.in.fail(p.Offset, "packet of interface %d, %d are described", id, len(f.ifaces))
	}
	i := &f.ifaces[id]
	captured := f.lengths(p, i, kind, head, len(data))
	if int64(captured) > int64(len(data)) || captured > MaxPacket {
		return f.in.fail(p.Offset, "record says %s captured, its block has %s", size(uint64(captured)), size(uint64(len(data))))
	}
	p.Data, p.Link, p.End = data[:captured], i.link, f.in.off
	return nil
}

// lengths sets the time and the length on the wire, and returns the captured length. A
// simple packet has no time, and says what was captured only by its block and the
// interface's snap length.
func (f *pcapng) lengths(p *Packet, i *iface, kind uint32, head []byte, room int) uint32 {
	if kind != simplePacket {
		p.Time = i.clock.micros(uint64(f.order.Uint32(head[4:]))<<32 | uint64(f.order.Uint32(head[8:])))
		p.Length = f.order.Uint32(head[16:])
		return f.order.Uint32(head[12:])
	}
	p.Time, p.Length = 0, f.order.Uint32(head)
	captured := min(p.Length, uint32(room))
	if i.snap != 0 {
		captured = min(captured, i.snap)
	}
	return captured
}
