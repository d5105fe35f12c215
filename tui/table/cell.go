package table

import (
	"strconv"
	"time"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
)

// timeForm is how much of a time is shown; times shrink before addresses do.
type timeForm uint8

const (
	timeFull  timeForm = iota // 2026-11-22 13:56:33
	timeDay                   // 11-22 13:56:33
	timeClock                 // 13:56:33
)

var timeLayouts = [...]string{timeFull: "2006-01-02 15:04:05", timeDay: "01-02 15:04:05", timeClock: "15:04:05"}

// exactLayouts are the layouts while numbers are shown exactly: the sensors' microseconds.
var exactLayouts = [...]string{
	timeFull: "2006-01-02 15:04:05.000000", timeDay: "01-02 15:04:05.000000", timeClock: "15:04:05.000000",
}

// layout is how times are written.
func (f form) layout() string {
	if f.exact {
		return exactLayouts[f.times]
	}
	return timeLayouts[f.times]
}

// form is how cells are written.
type form struct {
	exact   bool
	times   timeForm
	service bool           // the destination port's service stands beside it
	labels  [2]labelRoom   // beside the source and the destination
	zone    *time.Location // nil for UTC
	// namedPorts tells that the titles of ports say whose they are.
	namedPorts bool
}

// appendCell appends the text of one cell. r is row of v.
func appendCell(dst []byte, v *flow.View, row int, r *flow.Record, c flow.Column, f form) []byte {
	switch c {
	case flow.ColStart:
		return appendTime(dst, r.Start, f)
	case flow.ColEnd:
		return appendTime(dst, r.End, f)
	case flow.ColDuration:
		if f.exact {
			return human.AppendSeconds(dst, r.Duration())
		}
		return human.AppendDuration(dst, r.Duration())
	case flow.ColSrcIP:
		return r.Src.AppendText(dst, r.IPVersion)
	case flow.ColDstIP:
		return r.Dst.AppendText(dst, r.IPVersion)
	case flow.ColDstPort:
		return appendPort(dst, r, f)
	case flow.ColPPS, flow.ColBPS, flow.ColBPP:
		return appendRate(dst, v, row, c, f)
	}
	if n, ok := count(r, c); ok {
		return appendCount(dst, n, f)
	}
	return v.AppendCell(dst, c, row)
}

func appendCount(dst []byte, n uint64, f form) []byte {
	if f.exact {
		return human.AppendExact(dst, n)
	}
	return human.AppendCount(dst, n)
}

// count returns the value of a column that counts packets or bytes.
func count(r *flow.Record, c flow.Column) (uint64, bool) {
	switch c {
	case flow.ColSrcPackets:
		return r.SrcPackets, true
	case flow.ColSrcBytes:
		return r.SrcBytes, true
	case flow.ColDstPackets:
		return r.DstPackets, true
	case flow.ColDstBytes:
		return r.DstBytes, true
	case flow.ColBytes:
		return r.Bytes(), true
	case flow.ColPackets:
		return r.Packets(), true
	}
	return 0, false
}

func appendTime(dst []byte, us int64, f form) []byte {
	t := time.UnixMicro(us).UTC()
	if f.zone != nil {
		t = t.In(f.zone)
	}
	return t.AppendFormat(dst, f.layout())
}

func appendPort(dst []byte, r *flow.Record, f form) []byte {
	dst = strconv.AppendUint(dst, uint64(r.DstPort), 10)
	if !f.service {
		return dst
	}
	if name := flow.PortName(r.Proto, r.DstPort); name != "" {
		dst = append(dst, ' ')
		dst = append(dst, name...)
	}
	return dst
}

func appendRate(dst []byte, v *flow.View, row int, c flow.Column, f form) []byte {
	if f.exact {
		return v.AppendCell(dst, c, row)
	}
	var x [1]float64
	v.Floats(c, row, x[:])
	return human.AppendFloat(dst, x[0])
}

// token is the meaning of a cell's value; the value itself always says it too.
func token(r *flow.Record, c flow.Column) themes.Token {
	switch c {
	case flow.ColProto:
		return protoToken(r.Proto)
	case flow.ColState:
		return StateToken(r.State())
	case flow.ColStart, flow.ColEnd, flow.ColDuration, flow.ColSrcFlags, flow.ColDstFlags, flow.ColNode, flow.ColAgent, flow.ColNetgroup:
		return themes.Muted
	case flow.ColSrcName, flow.ColDstName:
		return themes.HostName
	}
	return themes.Text
}

func protoToken(p uint8) themes.Token {
	switch p {
	case flow.TCP:
		return themes.ProtoTCP
	case flow.UDP:
		return themes.ProtoUDP
	case flow.ICMP, flow.ICMP6:
		return themes.ProtoICMP
	}
	return themes.ProtoOther
}

// StateToken is the meaning of a connection's state.
func StateToken(s flow.State) themes.Token {
	switch s {
	case flow.SF:
		return themes.StateClosed
	case flow.S1:
		return themes.StateOpen
	case flow.S0:
		return themes.StateUnanswered
	case flow.REJ:
		return themes.StateRefused
	case flow.RSTO, flow.RSTR:
		return themes.StateReset
	}
	return themes.StateOther
}
