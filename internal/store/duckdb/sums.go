package duckdb

import "strings"

// sums are the expressions of the sums of both sides over many flows, at most the largest number.
type sums struct{ bytes, packets string }

var (
	// narrow sums are of signed 64 bits, which DuckDB adds without 128 bits where a column's
	// values allow it. A count of 2^63 and more makes them fail.
	narrow = sums{narrowSum("src_bytes", "dst_bytes"), narrowSum("src_packets", "dst_packets")}
	// wide sums take any flow, for about twice the time.
	wide = sums{wideSum("src_bytes", "dst_bytes"), wideSum("src_packets", "dst_packets")}
)

func narrowSum(a, b string) string {
	return "least(coalesce(sum(" + a + "::BIGINT + " + b + "::BIGINT), 0), " + maxUint64 + ")::UBIGINT"
}

func wideSum(a, b string) string {
	return "least(coalesce(sum(" + a + "), 0) + coalesce(sum(" + b + "), 0), " + maxUint64 + ")::UBIGINT"
}

// summing runs do with narrow sums and, should a flow not fit them, once more with wide ones.
// What the first run brought is to be dropped then.
func summing(do func(s sums) error) error {
	err := do(narrow)
	if err != nil && (strings.Contains(err.Error(), "Conversion Error") || strings.Contains(err.Error(), "Out of Range Error")) {
		return do(wide)
	}
	return err
}
