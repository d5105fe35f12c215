// Package frame makes the frames that the probe draws and the tests expect:
// pseudo-random lines of narrow, wide and combined characters, many of them
// moved up or down from one frame to the next, as a list that scrolls.
package frame

import (
	"math/rand/v2"
	"strings"
)

// alphabet is what lines are made of; every entry is one or two columns wide.
var alphabet = []string{
	"a", "b", "Z", "0", "9", "-", "=", ".", "é", "e\u0301", "漢", "字", "─", "│", "█", "▂", "●", "한", "·", "x", "x", "x", "x",
}

// Wide tells that an entry of the alphabet takes two columns.
func Wide(s string) bool { return s == "漢" || s == "字" || s == "한" }

// Line returns line i of the endless list of a seed: at most width columns.
func Line(seed, i uint64, width int) string {
	r := rand.New(rand.NewPCG(seed, i))
	if r.IntN(9) == 0 {
		return ""
	}
	var b strings.Builder
	for n := r.IntN(width + 1); n > 0; {
		s := alphabet[r.IntN(len(alphabet))]
		repeat := 1
		if r.IntN(6) == 0 {
			repeat = 1 + r.IntN(12)
		}
		for ; repeat > 0 && n > 0; repeat-- {
			if Wide(s) && n < 2 {
				n = 0
				break
			}
			b.WriteString(s)
			n--
			if Wide(s) {
				n--
			}
		}
	}
	return b.String()
}

// Lines returns the frame of step n: height lines of the list from where that
// step has scrolled to.
func Lines(n uint64, width, height int) []string {
	r := rand.New(rand.NewPCG(n, 7))
	seed, top := n/5, r.Uint64N(8) // a few steps share a list and scroll it
	lines := make([]string, height)
	for i := range lines {
		lines[i] = Line(seed, top+uint64(i), width)
	}
	return lines
}
