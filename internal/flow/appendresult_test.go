package flow

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// appendPlainly is AppendResult written plainly, line by line through ParseResultLine.
func appendPlainly(block []byte) (records []Record, err error) {
	for i, line := range bytes.Split(bytes.TrimSuffix(block, []byte("\n")), []byte("\n")) {
		var r Record
		if err := ParseResultLine(line, &r); err != nil {
			return nil, fmt.Errorf("result line %d: %w", i+1, err)
		}
		records = append(records, r)
	}
	return records, nil
}

// checkAppend compares AppendResult with the plain reading of the same block, not an empty one.
func checkAppend(t interface{ Fatalf(string, ...any) }, block []byte) {
	table := NewTable()
	n, err := table.AppendResult(slices.Clone(block))
	want, wantErr := appendPlainly(block)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || n != len(want) || table.Len() != n {
		t.Fatalf("%q: %d rows, %v; want %d, %v", block, n, err, len(want), wantErr)
	}
	v := table.View()
	for i := range want {
		var got Record
		if v.Record(i, &got); got != want[i] {
			t.Fatalf("%q: row %d is\n%+v, want\n%+v", block, i, got, want[i])
		}
	}
}

// TestAppendResultIsPlain: rows as AppendLine writes them, and rows with a few bytes changed, are
// read and refused as the parser of single lines does.
func TestAppendResultIsPlain(t *testing.T) {
	pieces := []string{
		"", "0", "9", "-", "|", "\n", "\r", ".", ":", " ", "+", "\x00", "/", "a", "00000000", "4294967295", "4294967296", "255", "256", "65535", "65536",
		"9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "9999999999999999999", "00000000000000000007",
		"1.2.3.4", "::1", "::ffff:1.2.3.4", "2009-02-29 13:48:14", "2009-02-28 23:59:59.999999", "2009-02-28 24:00:00.000000", "2", "4", "10", "28", "6",
	}
	rapid.Check(t, func(t *rapid.T) {
		var block []byte
		kinds := rapid.SliceOfN(anyRecord(), 1, 4).Draw(t, "records")
		for range rapid.IntRange(1, 40).Draw(t, "rows") {
			r := rapid.SampledFrom(kinds).Draw(t, "record")
			block = AppendLine(block, &r, FormResult)
		}
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			at := rapid.IntRange(0, len(block)-1).Draw(t, "at")
			end := min(len(block), at+rapid.IntRange(0, 3).Draw(t, "gone"))
			if rapid.Bool().Draw(t, "a field") {
				at = bytes.LastIndexByte(block[:at], '|') + 1
				end = at + max(0, bytes.IndexByte(block[at:], '|'))
			}
			block = slices.Replace(block, at, end, []byte(rapid.SampledFrom(pieces).Draw(t, "piece"))...)
			if len(block) == 0 {
				return
			}
		}
		checkAppend(t, block)
	})
}

// FuzzAppendResult holds the reader of whole parts against the parser of single lines.
func FuzzAppendResult(f *testing.F) {
	two := line20 + "|3\n" + line20 + "|4294967295\n"
	micros := string(bytes.ReplaceAll([]byte(two), []byte(":14|"), []byte(":14.000123|")))
	for _, block := range []string{two, micros, sixLine("|10|a|-1|b|-17|1\n"), "\n", "|\n|\n", line20 + "|3\n\n" + line20 + "|3"} {
		f.Add([]byte(block))
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		if len(block) > 0 {
			checkAppend(t, block)
		}
	})
}

// TestAppendResultAllocatesNoRow: rows cost no allocation of their own; chunks and pages of addresses do.
func TestAppendResultAllocatesNoRow(t *testing.T) {
	block := lines(1000, FormResult)
	table := NewTable()
	n := testing.AllocsPerRun(10, func() {
		if _, err := table.AppendResult(block); err != nil {
			t.Fatal(err)
		}
	})
	if n > 20 {
		t.Errorf("%v allocations for 1000 rows", n)
	}
}
