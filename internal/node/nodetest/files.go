package nodetest

import (
	"encoding/binary"
	"math/rand/v2"
)

// Frame is a packet to be written into a capture.
type Frame struct {
	Micros int64
	Length int // on the wire; 0: as long as Data
	Data   []byte
}

func (f Frame) length() uint32 {
	if f.Length != 0 {
		return uint32(f.Length)
	}
	return uint32(len(f.Data))
}

// order is a byte order that can append, which both of package binary are.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// Pcap is a pcap file with the given magic (0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34) and byte order.
func Pcap(o order, magic uint32, link int, frames ...Frame) []byte {
	b := o.AppendUint32(nil, magic)
	b = o.AppendUint16(o.AppendUint16(b, 2), 4)
	b = append(b, make([]byte, 8)...)
	b = o.AppendUint32(o.AppendUint32(b, 262144), uint32(link))
	for _, f := range frames {
		frac := f.Micros % 1e6
		if magic == 0xa1b23c4d {
			frac = frac*1000 + 999 // digits that are to be cut off
		}
		b = o.AppendUint32(o.AppendUint32(b, uint32(f.Micros/1e6)), uint32(frac))
		b = o.AppendUint32(o.AppendUint32(b, uint32(len(f.Data))), f.length())
		if magic == 0xa1b2cd34 {
			b = append(b, make([]byte, 8)...)
		}
		b = append(b, f.Data...)
	}
	return b
}

// Block is a pcapng block; the body is padded.
func Block(o order, kind uint32, body []byte) []byte {
	pad := make([]byte, (4-len(body)%4)%4)
	n := uint32(12 + len(body) + len(pad))
	b := o.AppendUint32(o.AppendUint32(nil, kind), n)
	return o.AppendUint32(Cat(b, body, pad), n)
}

// Section is a pcapng section header.
func Section(o order) []byte {
	b := o.AppendUint32(nil, 0x1a2b3c4d)
	b = o.AppendUint16(o.AppendUint16(b, 1), 0)
	return Block(o, 0x0a0d0d0a, o.AppendUint64(b, 1<<64-1))
}

// Option is a pcapng option.
func Option(o order, code int, value []byte) []byte {
	b := o.AppendUint16(o.AppendUint16(nil, uint16(code)), uint16(len(value)))
	return Cat(b, value, make([]byte, (4-len(value)%4)%4))
}

// Interface is a pcapng interface description with options.
func Interface(o order, link int, options ...[]byte) []byte {
	b := o.AppendUint16(o.AppendUint16(nil, uint16(link)), 0)
	return Block(o, 1, Cat(o.AppendUint32(b, 0), Cat(options...)))
}

// Enhanced is a pcapng enhanced packet block with a raw time stamp.
func Enhanced(o order, iface int, stamp uint64, f Frame) []byte {
	b := o.AppendUint32(nil, uint32(iface))
	b = o.AppendUint32(o.AppendUint32(b, uint32(stamp>>32)), uint32(stamp))
	b = o.AppendUint32(o.AppendUint32(b, uint32(len(f.Data))), f.length())
	return Block(o, 6, append(b, f.Data...))
}

// Traffic is a generated capture: n packets, 10 microseconds apart, of TCP and UDP
// flows between so many pairs of endpoints. The same arguments give the same packets.
func Traffic(n, pairs int) []Frame {
	random := rand.New(rand.NewPCG(1, uint64(pairs)))
	frames := make([]Frame, n)
	payload := string(make([]byte, 200))
	hosts := func(p int) (string, string) {
		return addr4(0x0a000000 + uint32(p)%5000), addr4(0xc0000200 + uint32(p)%200)
	}
	for i := range frames {
		p := random.IntN(pairs)
		a, b := hosts(p)
		src, dst := 1024+p%60000, 443
		if random.IntN(2) == 0 {
			a, b, src, dst = b, a, dst, src
		}
		proto, segment := 6, TCP(src, dst, 0x10, payload)
		if p%4 == 0 {
			proto, segment = 17, UDP(src, dst, payload)
		}
		frames[i] = Frame{Micros: 1_700_000_000_000_000 + int64(i)*10, Data: Ethernet(0x0800, IPv4(a, b, proto, i, 0, segment))}
	}
	return frames
}
