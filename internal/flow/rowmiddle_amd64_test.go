package flow

import (
	"testing"

	"pgregory.net/rapid"
)

// TestVectorsAreThePlainWay: middleVectors says of any characters what readPlain says of them.
func TestVectorsAreThePlainWay(t *testing.T) {
	if !hasVectors {
		t.Skip("the processor has no AVX2")
	}
	fields := rapid.SliceOfN(rapid.OneOf(
		rapid.StringMatching(`[0-9]{0,12}`), rapid.StringMatching(`[0-9]{13,40}`),
		rapid.SampledFrom([]string{"", "-1", "00000000", "99999999", "4294967295", "2001:db8::7:1", "1.2.3.4", "1234567x", "x1234567", "\xb0\xff", "/:", "\n"}),
	), 1, 40)
	rapid.Check(t, func(t *rapid.T) {
		var w window
		kind := rapid.SampledFrom([]rune("|x0:\xff")).Draw(t, "around")
		for i := range w {
			w[i] = byte(kind)
		}
		at := middleBefore
		for _, field := range fields.Draw(t, "fields") {
			at += copy(w[at:], field)
			at += copy(w[at:], "|")
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			w[rapid.IntRange(0, len(w)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		checkVectors(t, &w)
	})
}

func checkVectors(t *rapid.T, w *window) {
	var plain, vectors middle
	want, got := plain.readPlain(w), middleVectors(w, &vectors, &masksOfFields)
	if got != want {
		t.Fatalf("%q: flaws %#x, want %#x", w, got, want)
	}
	if want == flawUnended {
		return
	}
	for n := range midFields {
		if vectors.ends[n+1] != plain.ends[n+1] {
			t.Fatalf("%q: ends %v, want %v", w, vectors.ends, plain.ends)
		}
	}
	for i := valProto; i <= valDstFlags; i++ {
		if want&(flawFirst<<(i/4)) == 0 && vectors.values[i] != plain.values[i] {
			t.Fatalf("%q: values %v, want %v", w, vectors.values, plain.values)
		}
	}
}

// TestPlainWay: the tests of the row reader hold without the vectors, too.
func TestPlainWay(t *testing.T) {
	defer func(had bool) { hasVectors = had }(hasVectors)
	hasVectors = false
	t.Run("reads rows", TestRowReaderReadsRows)
	t.Run("leaves others", TestRowReaderLeavesOthers)
	t.Run("is plain", TestAppendResultIsPlain)
}
