// Package capture reads capture files: pcap (microseconds, nanoseconds and the
// modified form, both byte orders) and pcapng (both byte orders, several sections
// and interfaces), plain or compressed. It may import flow (for clean names in
// errors) and packed. It is an own reader because a flow records where in the
// file its first and last packets lie, which gopacket's pcapgo does not tell.
//
// The surprising thing: damage is not a failure of the whole file. Next returns
// every packet before the damage and then a *DamageError that names the file,
// the packet and the offset; what was read before it counts.
package capture

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"cxlens/internal/flow"
)

// LinkType is the kind of link header a packet begins with (the LINKTYPE_ registry of tcpdump.org).
type LinkType uint16

// The link types that have a name in this project.
const (
	LinkNull     LinkType = 0   // BSD loopback, address family in the order of the capturing host
	LinkEthernet LinkType = 1   // Ethernet
	LinkPPP      LinkType = 9   // PPP, with or without the HDLC address
	LinkRaw12    LinkType = 12  // raw IP, as some systems number it
	LinkRaw14    LinkType = 14  // raw IP, as OpenBSD numbers it
	LinkPPPHDLC  LinkType = 50  // PPP in HDLC framing, RFC 1662
	LinkRaw      LinkType = 101 // raw IP
	LinkCHDLC    LinkType = 104 // Cisco HDLC
	LinkLoop     LinkType = 108 // OpenBSD loopback, address family in network order
	LinkSLL      LinkType = 113 // Linux cooked, version 1
	LinkIPv4     LinkType = 228 // raw IPv4
	LinkIPv6     LinkType = 229 // raw IPv6
	LinkSLL2     LinkType = 276 // Linux cooked, version 2
)

// The bounds of what a file may ask of memory.
const (
	// MaxPacket is the largest captured part of a packet that is believed, in bytes.
	MaxPacket = 16 << 20
	// minBound is accepted whatever the snap length says: libpcap's own limit.
	minBound = 256 << 10
	// MaxInterfaces is the number of interfaces a pcapng section may describe.
	MaxInterfaces = 1 << 16
	// maxDescription bounds a pcapng section header or interface description.
	maxDescription = 1 << 20
)

// maxSeconds is the last second a nanosecond clock of 64 bits can name (year
// 2262). Later times, which only a damaged pcapng has, are taken as this one, so
// that a flow id built from the second stays within 64 bits.
const maxSeconds = 9_223_372_036

// Packet is one packet of a capture. Data and the Packet itself are valid until the next call of Next.
type Packet struct {
	// Number counts from 1 within the file.
	Number uint64
	// Time is microseconds since the Unix epoch; finer digits are cut off. 0 for a
	// pcapng simple packet, which has no time.
	Time int64
	// Length is the frame's length on the wire, which may be more than was captured.
	Length uint32
	// Data is the captured part.
	Data []byte
	// Link says what Data begins with.
	Link LinkType
	// Offset is where the packet's record begins in the uncompressed file, End
	// where the next one does.
	Offset, End int64
}

// ErrNotCapture is returned, wrapped, for a file that begins like no capture.
var ErrNotCapture = errors.New("not a pcap or pcapng capture")

// DamageError tells where a capture stops being readable.
type DamageError struct {
	// File is the name given to NewReader.
	File string
	// Packet is the number of the packet that could not be read; 0 within the file's header.
	Packet uint64
	// Offset is where the unreadable record or block begins in the uncompressed file.
	Offset int64
	// Reason says what is wrong.
	Reason string
	// Err is what the reader below said, if that is the reason.
	Err error
}

// Error names file, packet, offset and reason on one line.
func (e *DamageError) Error() string {
	where := fmt.Sprintf("offset %d", e.Offset)
	if e.Packet > 0 {
		where = fmt.Sprintf("packet %d at offset %d", e.Packet, e.Offset)
	}
	return fmt.Sprintf("%s: %s: %s; the file is damaged from here", flow.Clean(e.File), where, e.Reason)
}

// Unwrap returns what the reader below said.
func (e *DamageError) Unwrap() error { return e.Err }

// format is the part that differs between pcap and pcapng.
type format interface {
	// next fills p but for Number; io.EOF is a clean end.
	next(p *Packet) error
}

// Reader reads the packets of one capture.
type Reader struct {
	in     *input
	format format
	packet Packet
	err    error
}

// NewReader reads the capture's header from r, which is uncompressed content, and
// buffers it if it is not a *bufio.Reader. The name stands in errors only. An empty stream and foreign
// content give ErrNotCapture.
func NewReader(name string, r io.Reader) (*Reader, error) {
	br, ok := r.(*bufio.Reader)
	if !ok {
		br = bufio.NewReaderSize(r, 256<<10)
	}
	c := &Reader{in: &input{name: name, r: br}}
	head, err := br.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, c.in.damage(0, 0, readReason(err), err)
	}
	switch {
	case len(head) == 0:
		return nil, fmt.Errorf("%s: the file is empty: %w", flow.Clean(name), ErrNotCapture)
	case len(head) < 4:
		return nil, fmt.Errorf("%s: %w", flow.Clean(name), ErrNotCapture)
	case binary.LittleEndian.Uint32(head) == sectionHeader:
		c.format, err = newPcapng(c.in)
	default:
		c.format, err = newPcap(c.in)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Is tells whether content that begins with head (at least 4 bytes) is a pcapng or pcap capture.
func Is(head []byte) (pcap, pcapng bool) {
	if len(head) < 4 {
		return false, false
	}
	_, pcap = magics[binary.LittleEndian.Uint32(head)]
	return pcap, binary.LittleEndian.Uint32(head) == sectionHeader
}

// Next returns the next packet, io.EOF after the last, or a *DamageError; after an error it returns the same again.
func (r *Reader) Next() (*Packet, error) {
	if r.err != nil {
		return nil, r.err
	}
	r.packet.Number++
	r.in.packet = r.packet.Number
	if err := r.format.next(&r.packet); err != nil {
		r.packet.Number--
		r.err = err
		return nil, err
	}
	return &r.packet, nil
}

// Packets is the number of packets read so far.
func (r *Reader) Packets() uint64 { return r.packet.Number }

// Offset is how far the uncompressed content has been read.
func (r *Reader) Offset() int64 { return r.in.off }
