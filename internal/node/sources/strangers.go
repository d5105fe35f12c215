package sources

import (
	"errors"
	"fmt"
	"io"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
)

// errNoPackets is no failure where other captures of the source have packets: rolled
// captures may be empty.
var errNoPackets = errors.New("the capture holds no packets")

// strangers keeps what there is to tell of a capture's packets of link types that are not read.
type strangers struct {
	name   string
	before meter.Stats // when the capture began
	first  string      // where the first of them lies
}

// look notes the place of the first one. It is called after each packet.
func (s *strangers) look(p *capture.Packet, m *meter.Meter) {
	if s.first == "" && m.Stats().UnknownLink > s.before.UnknownLink {
		s.first = fmt.Sprintf("packet %d at offset %d: link type %d is not read", p.Number, p.Offset, p.Link)
	}
}

// end makes of a capture's end what there is to return: its damage, or that none of
// its packets can be read, or that it has none. Packets that cannot be read beside
// others are worth a notice only. The offset is where the reading ended.
func (s *strangers) end(err error, offset int64, now meter.Stats, sink Sink) error {
	if errors.Is(err, io.EOF) {
		err = nil
	}
	n, of := now.UnknownLink-s.before.UnknownLink, now.Packets-s.before.Packets
	text := fmt.Sprintf("%s: %s (%d of %d packets)", flow.Clean(s.name), s.first, n, of)
	switch {
	case of == 0 && err == nil:
		return fmt.Errorf("%s: offset %d: %w", flow.Clean(s.name), offset, errNoPackets)
	case n == 0:
	case n == of && err == nil:
		return errors.New(text)
	default:
		sink.Notice(text)
	}
	return err
}
