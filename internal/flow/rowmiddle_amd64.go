package flow

import "golang.org/x/sys/cpu"

// hasVectors: the processor has what middleVectors uses. All of Intel's since 2013 and AMD's since 2015 have it,
// except for the smallest ones.
var hasVectors = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasPOPCNT

// fieldMasks has at the place 17 + size eight bytes that keep as many of a window's last characters: none for a
// size below 1, all for one above 8.
type fieldMasks [middleRoom + 40]byte

var masksOfFields = func() (masks fieldMasks) {
	for i := 25; i < len(masks); i++ {
		masks[i] = 0xff
	}
	return masks
}()

// read is readPlain, of many characters in one instruction where the processor can.
func (m *middle) read(w *window) (flaws uint32) {
	if hasVectors {
		return middleVectors(w, m, &masksOfFields)
	}
	return m.readPlain(w)
}

// middleVectors is readPlain.
//
//go:noescape
func middleVectors(w *window, m *middle, masks *fieldMasks) (flaws uint32)
