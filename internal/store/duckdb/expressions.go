package duckdb

import (
	"fmt"
	"strings"

	"cxlens/internal/flow"
)

// The expressions of derived columns. They say what package flow computes, for the
// extremes too: sums stay at the largest number (flow.Record.Bytes), a difference of
// times wraps around, and none of them makes DuckDB report an overflow, which one odd
// flow of a hostile node could otherwise turn into the failure of every query.
var (
	bytesSQL    = saturatingSum("src_bytes", "dst_bytes")
	packetsSQL  = saturatingSum("src_packets", "dst_packets")
	durationSQL = wrappingDifference(`"end"`, "start")
	ppsSQL      = rate(packetsSQL + "::DOUBLE * 1e6")
	bpsSQL      = rate(bytesSQL + "::DOUBLE * 8e6")
	bppSQL      = "(CASE WHEN " + packetsSQL + " = 0 THEN 0 ELSE " + bytesSQL + "::DOUBLE / " + packetsSQL + "::DOUBLE END)"
	stateSQL    = stateExpression()
)

const (
	maxInt64  = "9223372036854775807"
	minInt64  = "(-9223372036854775808)"
	maxUint64 = "18446744073709551615"
	twoTo64   = "18446744073709551616"
)

// saturatingSum adds in 64 bits where that fits, which is nearly always.
func saturatingSum(a, b string) string {
	return fmt.Sprintf("(CASE WHEN %[1]s <= %[3]s AND %[2]s <= %[3]s THEN %[1]s + %[2]s "+
		"ELSE least(%[1]s::UHUGEINT + %[2]s::UHUGEINT, %[4]s::UHUGEINT)::UBIGINT END)", a, b, maxInt64, maxUint64)
}

// wrappingDifference subtracts as Go does on int64.
func wrappingDifference(a, b string) string {
	wide := fmt.Sprintf("(%s::HUGEINT - %s::HUGEINT)", a, b)
	wrapped := fmt.Sprintf("(CASE WHEN %[1]s > %[2]s THEN %[1]s - %[4]s::HUGEINT WHEN %[1]s < %[3]s THEN %[1]s + %[4]s::HUGEINT ELSE %[1]s END)::BIGINT",
		wide, maxInt64, minInt64, twoTo64)
	return fmt.Sprintf("(CASE WHEN (%[1]s >= 0) = (%[2]s >= 0) THEN %[1]s - %[2]s ELSE %[3]s END)", a, b, wrapped)
}

// rate divides by the duration in microseconds; 0 when that is not positive.
func rate(amount string) string {
	return "(CASE WHEN " + durationSQL + " <= 0 THEN 0 ELSE " + amount + " / " + durationSQL + "::DOUBLE END)"
}

// stateExpression is the name of flow.StateOf.
func stateExpression() string {
	has := func(side string, f flow.Flags) string { return fmt.Sprintf("(%s_flags & %d) <> 0", side, f) }
	cases := []struct {
		when string
		then flow.State
	}{
		{fmt.Sprintf("proto = %d AND dst_packets = 0", flow.UDP), flow.S0},
		{fmt.Sprintf("proto = %d", flow.UDP), flow.SF},
		{fmt.Sprintf("proto <> %d OR NOT %s", flow.TCP, has("src", flow.SYN)), flow.OTH},
		{"dst_packets = 0", flow.S0},
		{"NOT " + has("dst", flow.SYN) + " AND " + has("dst", flow.RST), flow.REJ},
		{"NOT " + has("dst", flow.SYN), flow.OTH},
		{has("src", flow.RST), flow.RSTO},
		{has("dst", flow.RST), flow.RSTR},
		{has("src", flow.FIN) + " AND " + has("dst", flow.FIN), flow.SF},
	}
	var b strings.Builder
	b.WriteString("(CASE")
	for _, c := range cases {
		fmt.Fprintf(&b, " WHEN %s THEN '%s'", c.when, c.then)
	}
	fmt.Fprintf(&b, " ELSE '%s' END)", flow.S1)
	return b.String()
}

// columnSQL returns the expressions by whose values, in this order, flows are ordered
// and grouped by a column: addresses by IP version, then as numbers; names as text.
func columnSQL(c flow.Column) []string {
	switch c {
	case flow.ColEnd:
		return []string{`"end"`}
	case flow.ColDuration:
		return []string{durationSQL}
	case flow.ColSrcIP:
		return []string{"ip_version", "src_hi", "src_lo"}
	case flow.ColDstIP:
		return []string{"ip_version", "dst_hi", "dst_lo"}
	case flow.ColState:
		return []string{stateSQL}
	case flow.ColPcapFile:
		return []string{"file_bytes"}
	case flow.ColPcapEndFile:
		return []string{"end_file_bytes"}
	case flow.ColNode:
		return []string{"node_text"}
	case flow.ColAgent:
		return []string{"agent_text"}
	case flow.ColNetgroup:
		return []string{"netgroup_text"}
	case flow.ColService:
		return []string{"service_name"}
	case flow.ColBytes:
		return []string{bytesSQL}
	case flow.ColPackets:
		return []string{packetsSQL}
	case flow.ColPPS:
		return []string{ppsSQL}
	case flow.ColBPS:
		return []string{bpsSQL}
	case flow.ColBPP:
		return []string{bppSQL}
	}
	return []string{c.String()}
}
