package flow

import (
	"math"
	"math/bits"
	"strconv"
)

// Packets is the number of packets of both sides; a sum beyond 64 bits stays at the largest number.
func (r *Record) Packets() uint64 { return addSaturating(r.SrcPackets, r.DstPackets) }

// Bytes is the number of frame bytes of both sides; a sum beyond 64 bits stays at the largest number.
func (r *Record) Bytes() uint64 { return addSaturating(r.SrcBytes, r.DstBytes) }

// PPS is the packets a second of both sides, 0 when the duration is not positive.
func (r *Record) PPS() float64 { return PPS(r.Packets(), r.End-r.Start) }

// BPS is the bits a second of both sides, 0 when the duration is not positive.
func (r *Record) BPS() float64 { return BPS(r.Bytes(), r.End-r.Start) }

// BPP is the frame bytes a packet of both sides, 0 without packets.
func (r *Record) BPP() float64 { return BPP(r.Bytes(), r.Packets()) }

// PPS is packets * 1e6 / micros in float64, in this order; 0 when micros is not positive.
func PPS(packets uint64, micros int64) float64 {
	if micros <= 0 {
		return 0
	}
	return float64(packets) * 1e6 / float64(micros)
}

// BPS is bytes * 8e6 / micros in float64, in this order; 0 when micros is not positive.
func BPS(bytes uint64, micros int64) float64 {
	if micros <= 0 {
		return 0
	}
	return float64(bytes) * 8e6 / float64(micros)
}

// BPP is bytes / packets in float64, 0 when packets is 0.
func BPP(bytes, packets uint64) float64 {
	if packets == 0 {
		return 0
	}
	return float64(bytes) / float64(packets)
}

// addSaturating is a + b, at most the largest number.
func addSaturating(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}

// appendRate appends a rate with up to three decimals.
func appendRate(dst []byte, rate float64) []byte {
	dst = strconv.AppendFloat(dst, rate, 'f', 3, 64)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	return dst
}
