package query

import (
	"maps"
	"math"
	"slices"
	"strings"

	"cxlens/internal/flow"
)

func (p *addrPredicate) sql(w *sqlWriter) {
	side := "src"
	if p.col == flow.ColDstIP {
		side = "dst"
	}
	v4, v6 := len(p.set.v4) > 0, len(p.set.v6) > 0
	if !v4 && !v6 {
		w.text("FALSE")
		return
	}
	w.text("(")
	if v4 {
		w.text("(ip_version = 4 AND ")
		var ivs []interval
		for _, v := range p.set.v4 {
			_, lo := v.lo.Numbers()
			_, hi := v.hi.Numbers()
			ivs = append(ivs, interval{lo, hi})
		}
		writeIntervals(w, side+"_lo", ivs, func(x uint64) any { return x })
		w.text(")")
	}
	if v4 && v6 {
		w.text(" OR ")
	}
	if v6 {
		w.text("(ip_version = 6 AND ")
		w.join(len(p.set.v6), " OR ", func(i int) { writeAddrs6(w, side, p.set.v6[i]) })
		w.text(")")
	}
	w.text(")")
}

// writeAddrs6 writes a range of 128-bit numbers as conditions on their halves.
func writeAddrs6(w *sqlWriter, side string, v addrInterval) {
	hi, lo := side+"_hi", side+"_lo"
	firstHi, firstLo := v.lo.Numbers()
	lastHi, lastLo := v.hi.Numbers()
	value := func(x uint64) any { return x }
	if firstHi == lastHi {
		w.text("(", hi, " = ")
		w.arg(firstHi)
		w.text(" AND ")
		writeIntervals(w, lo, []interval{{firstLo, lastLo}}, value)
		w.text(")")
		return
	}
	w.text("(")
	writeInterval(w, hi, interval{firstHi, lastHi}, value)
	edge := func(sign string, h, l uint64) {
		w.text(" AND (", hi, " <> ")
		w.arg(h)
		w.text(" OR ", lo, sign)
		w.arg(l)
		w.text(")")
	}
	if firstLo != 0 {
		edge(" >= ", firstHi, firstLo)
	}
	if lastLo != math.MaxUint64 {
		edge(" <= ", lastHi, lastLo)
	}
	w.text(")")
}

// A node that is not in the table has empty names. Where the set has the empty name,
// the condition is turned around so that such a node matches as it does in Filter.
func (p *nodePredicate) sql(w *sqlWriter) {
	column := map[flow.Column]string{flow.ColNode: "name", flow.ColAgent: "agent", flow.ColNetgroup: "netgroup"}[p.col]
	if p.set.has("") {
		w.text("node NOT IN (SELECT id FROM nodes WHERE NOT ")
	} else {
		w.text("node IN (SELECT id FROM nodes WHERE ")
	}
	p.set.sql(w, column)
	w.text(")")
}

func (p *filePredicate) sql(w *sqlWriter) { p.set.sql(w, p.col.String()) }

// sql writes that a column's text is in the set.
func (s *nameSet) sql(w *sqlWriter, column string) {
	var exact []any
	for _, name := range slices.Sorted(maps.Keys(s.exact)) {
		exact = append(exact, name)
	}
	parts := len(s.patterns)
	if len(exact) > 0 {
		parts++
	}
	w.join(parts, " OR ", func(i int) {
		if i == len(s.patterns) {
			w.in(column, exact)
			return
		}
		w.text(column, ` LIKE `)
		w.arg(likePattern.Replace(s.patterns[i]))
		w.text(` ESCAPE '\'`)
	})
}

// likePattern makes a LIKE pattern of one with stars.
var likePattern = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`, "*", "%")
