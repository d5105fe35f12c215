package query

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"cxlens/internal/flow"
)

// SQL returns the query as a condition for DuckDB with ? for its args, which are int64, float64
// or string. The condition is on the columns of the store's view flows: node UINTEGER, id UBIGINT,
// start and "end" BIGINT (microseconds), proto and ip_version UTINYINT, src_hi, src_lo, dst_hi and
// dst_lo UBIGINT (flow.Addr.Numbers), src_port and dst_port USMALLINT, src_packets, src_bytes,
// dst_packets and dst_bytes UBIGINT, src_flags and dst_flags UTINYINT, pcap_file and pcap_end_file
// VARCHAR, none of them NULL; and on the table nodes(id, name, agent, netgroup). It matches what
// Filter matches. Errors are *Error: an undefined $name, a ?name without a value.
func (q *Query) SQL(env Env) (where string, args []any, err error) {
	p, err := q.bind(env)
	if err != nil {
		return "", nil, err
	}
	var w sqlWriter
	p.sql(&w)
	return w.b.String(), w.args, nil
}

// sqlWriter builds a condition and its arguments side by side.
type sqlWriter struct {
	b    strings.Builder
	args []any
}

func (w *sqlWriter) text(parts ...string) {
	for _, s := range parts {
		w.b.WriteString(s)
	}
}

// arg writes a value. Numbers beyond int64 stand in the text, because database/sql has no argument for them.
func (w *sqlWriter) arg(v any) {
	if n, ok := v.(uint64); ok {
		if n > math.MaxInt64 {
			w.text(strconv.FormatUint(n, 10), "::UBIGINT")
			return
		}
		v = int64(n)
	}
	w.b.WriteByte('?')
	w.args = append(w.args, v)
}

// join writes n parts in parentheses with sep between them.
func (w *sqlWriter) join(n int, sep string, part func(i int)) {
	w.text("(")
	for i := range n {
		if i > 0 {
			w.text(sep)
		}
		part(i)
	}
	w.text(")")
}

// in writes "expr = ?" or "expr IN (?, ...)".
func (w *sqlWriter) in(expr string, values []any) {
	if len(values) == 1 {
		w.text(expr, " = ")
		w.arg(values[0])
		return
	}
	w.text(expr, " IN ")
	w.join(len(values), ", ", func(i int) { w.arg(values[i]) })
}

func (p constPredicate) sql(w *sqlWriter) { w.text(strings.ToUpper(strconv.FormatBool(bool(p)))) }

func (p andPredicate) sql(w *sqlWriter) {
	w.join(len(p), " AND ", func(i int) { p[i].sql(w) })
}

func (p orPredicate) sql(w *sqlWriter) {
	w.join(len(p), " OR ", func(i int) { p[i].sql(w) })
}

func (p notPredicate) sql(w *sqlWriter) {
	w.text("(NOT ")
	p.kid.sql(w)
	w.text(")")
}

// sumSQL adds two UBIGINT as flow.Record.Bytes does: a sum beyond 64 bits stays at the largest
// number. No step can overflow, and it takes half of the time of HUGEINT.
func sumSQL(a, b string) string {
	const most = "18446744073709551615::UBIGINT"
	return fmt.Sprintf("(%[1]s + CASE WHEN %[2]s > %[3]s - %[1]s THEN %[3]s - %[1]s ELSE %[2]s END)", a, b, most)
}

var (
	sqlBytes   = sumSQL("src_bytes", "dst_bytes")
	sqlPackets = sumSQL("src_packets", "dst_packets")
)

// sqlDuration cannot overflow: session lines have years of four digits (protocol.md section 6).
const sqlDuration = `("end" - start)`

// stateSQL is flow.StateOf, as the number of the state.
var stateSQL = fmt.Sprintf(`(CASE WHEN proto = %d THEN CASE WHEN dst_packets = 0 THEN %d ELSE %d END`+
	` WHEN proto <> %d OR (src_flags & 2) = 0 THEN %d WHEN dst_packets = 0 THEN %d`+
	` WHEN (dst_flags & 6) = 4 THEN %d WHEN (dst_flags & 2) = 0 THEN %d`+
	` WHEN (src_flags & 4) <> 0 THEN %d WHEN (dst_flags & 4) <> 0 THEN %d`+
	` WHEN (src_flags & dst_flags & 1) <> 0 THEN %d ELSE %d END)`,
	flow.UDP, flow.S0, flow.SF, flow.TCP, flow.OTH, flow.S0, flow.REJ, flow.OTH, flow.RSTO, flow.RSTR, flow.SF, flow.S1)

// numberSQL is a column of numbers as an expression.
func numberSQL(col flow.Column) string {
	switch col {
	case flow.ColEnd:
		return `"end"`
	case flow.ColBytes:
		return sqlBytes
	case flow.ColPackets:
		return sqlPackets
	case flow.ColDuration:
		return sqlDuration
	case flow.ColState:
		return stateSQL
	}
	return col.String()
}

func (p *numberPredicate) sql(w *sqlWriter) {
	value := func(x uint64) any {
		if p.signed {
			return unbiased(x)
		}
		return x
	}
	writeIntervals(w, numberSQL(p.col), clipped(p.ivs, largest(p.col)), value)
}

// largest is the largest value of a column's type in the store.
func largest(col flow.Column) uint64 {
	switch col {
	case flow.ColSrcPort, flow.ColDstPort:
		return math.MaxUint16
	case flow.ColProto, flow.ColIPVersion:
		return math.MaxUint8
	}
	return math.MaxUint64
}

// clipped drops what lies beyond most, which DuckDB would refuse as a value of the column's
// type; an interval that reaches most becomes one without an upper bound.
func clipped(ivs []interval, most uint64) []interval {
	var out []interval
	for _, v := range ivs {
		if v.lo > most {
			continue
		}
		if v.hi >= most {
			v.hi = math.MaxUint64
		}
		out = append(out, v)
	}
	return out
}

// writeIntervals writes that expr is in one of ivs: single values as a list, ranges as comparisons.
func writeIntervals(w *sqlWriter, expr string, ivs []interval, value func(uint64) any) {
	var single []any
	var ranges []interval
	for _, v := range ivs {
		if v.lo == v.hi && v.lo != 0 && v.lo != math.MaxUint64 {
			single = append(single, value(v.lo))
		} else {
			ranges = append(ranges, v)
		}
	}
	parts := len(ranges)
	if len(single) > 0 {
		parts++
	}
	if parts == 0 {
		w.text("FALSE")
		return
	}
	w.join(parts, " OR ", func(i int) {
		if i == len(ranges) {
			w.in(expr, single)
			return
		}
		writeInterval(w, expr, ranges[i], value)
	})
}

// writeInterval leaves out a bound that every value keeps.
func writeInterval(w *sqlWriter, expr string, v interval, value func(uint64) any) {
	switch {
	case v.lo == 0 && v.hi == math.MaxUint64:
		w.text("TRUE")
	case v.lo == 0:
		w.text(expr, " <= ")
		w.arg(value(v.hi))
	case v.hi == math.MaxUint64:
		w.text(expr, " >= ")
		w.arg(value(v.lo))
	default:
		w.text(expr, " BETWEEN ")
		w.arg(value(v.lo))
		w.text(" AND ")
		w.arg(value(v.hi))
	}
}

func (p *ratePredicate) sql(w *sqlWriter) {
	expr := rateSQL(p.col)
	if len(p.ivs) == 0 {
		w.text("FALSE")
		return
	}
	w.join(len(p.ivs), " OR ", func(i int) {
		v := p.ivs[i]
		lo, hi := !math.IsInf(v.lo, -1), !math.IsInf(v.hi, 1)
		w.text("(")
		if lo {
			w.text(expr, map[bool]string{true: " > ", false: " >= "}[v.loOpen])
			w.arg(v.lo)
		}
		if lo && hi {
			w.text(" AND ")
		}
		if hi {
			w.text(expr, map[bool]string{true: " < ", false: " <= "}[v.hiOpen])
			w.arg(v.hi)
		}
		w.text(")")
	})
}

// rateSQL is flow.PPS, flow.BPS or flow.BPP, in the same order of operations.
func rateSQL(col flow.Column) string {
	if col == flow.ColBPP {
		return "(CASE WHEN src_packets = 0 AND dst_packets = 0 THEN 0e0 ELSE " + sqlBytes + "::DOUBLE / " + sqlPackets + "::DOUBLE END)"
	}
	count, factor := sqlPackets, "1e6"
	if col == flow.ColBPS {
		count, factor = sqlBytes, "8e6"
	}
	return `(CASE WHEN "end" > start THEN ` + count + "::DOUBLE * " + factor + " / " + sqlDuration + "::DOUBLE ELSE 0e0 END)"
}

func (p *flagsPredicate) sql(w *sqlWriter) {
	col := p.col.String()
	if p.mask != 0xff {
		col = fmt.Sprintf("(%s & %d)", col, p.mask)
	}
	w.text(col, " = ", strconv.Itoa(int(p.want)))
}

func (p *servicePredicate) sql(w *sqlWriter) {
	named, wanted := namedPorts(), p.ports()
	var protos []uint8
	for proto := range named {
		protos = append(protos, proto)
	}
	slices.Sort(protos)
	none := slices.Contains(p.names, "")
	w.text("(")
	for _, proto := range protos {
		all := portList(named[proto])
		if len(wanted[proto]) > 0 {
			some := portList(wanted[proto])
			fmt.Fprintf(&w.b, "(proto = %d AND (dst_port IN %s OR (src_port IN %s AND dst_port NOT IN %s))) OR ", proto, some, some, all)
		}
		if none {
			fmt.Fprintf(&w.b, "(proto = %d AND dst_port NOT IN %s AND src_port NOT IN %s) OR ", proto, all, all)
		}
	}
	if none {
		fmt.Fprintf(&w.b, "proto NOT IN %s OR ", portList(protos))
	}
	w.text("FALSE)")
}

// portList writes numbers as a list of SQL.
func portList[T uint8 | uint16](numbers []T) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(int(n))
	}
	return "(" + strings.Join(texts, ", ") + ")"
}
