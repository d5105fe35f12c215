package duckdb

import (
	"regexp"
	"strings"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// source is the FROM and WHERE of a query.
type source struct {
	from  string
	where string // with the word WHERE; "" for all rows
	args  []any
	plain bool // from is the bare table, whose rows come in the order of seq
}

// nameColumns are the columns that only the view flows has.
var nameColumns = regexp.MustCompile(`\b(pcap_file|pcap_end_file|node_text|agent_text|netgroup_text)\b`)

// sourceOf compiles q's condition. It joins what the condition and cols need and no
// more: the joins of the view cost about as much as reading all columns does.
func sourceOf(q store.Query, cols []flow.Column) (source, error) {
	var terms []string
	src := source{from: "flow", plain: true}
	if q.Where != nil {
		where, args, err := q.Where.SQL(q.Env)
		if err != nil {
			return source{}, err
		}
		if where != "" {
			terms, src.args = append(terms, "("+where+")"), args
		}
		if nameColumns.MatchString(where) {
			src.from, src.plain = "flows", false
		}
	}
	if q.From != nil {
		terms, src.args = append(terms, "start >= ?"), append(src.args, *q.From)
	}
	if q.To != nil {
		terms, src.args = append(terms, "start < ?"), append(src.args, *q.To)
	}
	if q.AfterSeq > 0 {
		terms, src.args = append(terms, "seq > ?"), append(src.args, q.AfterSeq)
	}
	if len(terms) > 0 {
		src.where = " WHERE " + strings.Join(terms, " AND ")
	}
	src.join(cols)
	return src, nil
}

// join makes the columns that cols are computed from available.
func (s *source) join(cols []flow.Column) {
	services := false
	for _, c := range cols {
		switch c {
		case flow.ColPcapFile, flow.ColPcapEndFile, flow.ColNode, flow.ColAgent, flow.ColNetgroup:
			s.from, s.plain = "flows", false
		case flow.ColService:
			services = true
		}
	}
	if services {
		s.from, s.plain = serviceJoin(s.from), false
	}
}
