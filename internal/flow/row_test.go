package flow

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// readAlone reads the first row of a block, behind which enough other text follows, without the parser of single lines.
func readAlone(block []byte) (row [numStored]uint64, addrs [2]addrKey, next int) {
	var p rowReader
	files := newFileDict()
	next = p.read(block, 0, &row, 3, &files)
	return row, [2]addrKey{p.addrs.addrs[6], p.addrs.addrs[7]}, next
}

// TestRowReaderReadsRows: a row with numbers of up to nineteen digits is read by the row reader, and not left to the slow parser.
func TestRowReaderReadsRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord().Draw(t, "record")
		r.Start = rapid.Int64Range(1, 1<<52).Draw(t, "start")
		r.End = r.Start + rapid.Int64Range(-99_999_999, 99_999_999).Draw(t, "seconds")*microsPerSecond
		if r.End < 0 {
			r.End = r.Start
		}
		for _, n := range []*uint64{&r.ID, &r.SrcPackets, &r.SrcBytes, &r.DstPackets, &r.DstBytes} {
			*n = min(*n, 9_999_999_999_999_999_999) // twenty digits are the slow parser's
		}
		line := AppendLine(nil, &r, FormResult)
		if middle := bytes.Join(bytes.Split(line, []byte("|"))[3:16], []byte("|")); len(middle) >= middleRoom {
			t.Skip("longer than a window")
		}
		row, addrs, next := readAlone(append(bytes.Clone(line), bytes.Repeat([]byte{'0'}, len(window{}))...))
		var want [numStored]uint64
		put(&want, &r)
		row[stFile], row[stEndFile] = 0, 0
		if next != len(line) || row != want || addrs != [2]addrKey{keyOf(r.Src, r.IPVersion), keyOf(r.Dst, r.IPVersion)} {
			t.Fatalf("%q: %d of %d, %v, %v", line, next, len(line), row, want)
		}
	})
}

// TestRowReaderLeavesOthers: what AppendLine does not write, or no row at all, is left to the parser of lines.
func TestRowReaderLeavesOthers(t *testing.T) {
	good := []string{
		"1764000001000000001", "2025-11-24 16:00:01.541971", "2025-11-24 16:00:01.544200", "0", "17", "3198255723", "51227", "1187200119",
		"53", "25", "4475", "8", "2536", "0", "0", "2", "/pcap/em1", "4000", "/pcap/em1", "11011", "3",
	}
	const full = "18446744073709551615"
	tests := []struct {
		field int
		text  string
		read  bool
	}{
		{3, "", false},
		{3, "-5", true},
		{3, "-", false},
		{3, "--5", false},
		{3, "12345678", true},
		{3, "x", false},
		{4, "256", false},
		{4, "255", true},
		{4, "00000017", true},
		{4, "", false},
		{4, "1}7", false},
		{4, "\xfc", false},
		{5, "4294967296", false},
		{5, "4294967295", true},
		{5, "", false},
		{5, "190.160.235.107", true},
		{5, "00000000001", false},
		{5, "::1", false},
		{6, "65536", false},
		{6, "65535", true},
		{7, "1.2.3", false},
		{7, "/", false},
		{7, ":", false},
		{8, "+53", false},
		{8, "5 3", false},
		{9, "99999999", true},
		{9, "100000000", true},
		{9, "9999999999999999999", true},
		{9, full, false},
		{9, "", false},
		{10, "100000000x", false},
		{10, "x100000000", false},
		{11, "123456789", true},
		{12, "1234567a", false},
		{12, "1234567a9", false},
		{13, "-1", false},
		{14, "256", false},
		{15, "10", false},
		{15, "22", false},
		{15, "", false},
		{15, "4", false},
		{17, "-1", true},
		{17, "12345678", true},
		{17, "123456789", true},
		{17, "123456789012345", true},
		{17, "1234567890123456", true},
		{17, "12345678x", false},
		{17, "123456789x", false},
		{19, "-9223372036854775808", true},
		{19, "9223372036854775808", false},
		{0, "1", true},
		{0, full, false},
		{0, "176400000100000000x", false},
		{0, "17640000010000000x1", false},
		{0, "x764000001000000001", false},
	}
	for _, test := range tests {
		fields := make([][]byte, len(good))
		for i, f := range good {
			fields[i] = []byte(f)
		}
		fields[test.field] = []byte(test.text)
		line := append(bytes.Join(fields, []byte("|")), '\n')
		_, _, next := readAlone(append(bytes.Clone(line), bytes.Repeat([]byte{'0'}, len(window{}))...))
		if want := len(line); test.read && next != want || !test.read && next != 0 {
			t.Errorf("field %d as %q: read up to %d of %d", test.field, test.text, next, want)
		}
	}
}
