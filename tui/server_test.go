package tui

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/steps"
	"cxlens/tui/sums"
)

// server answers every kind of query of n flows as the real one does, so that what the screen asks for and
// what it makes of it are tested together.
type server struct {
	t     *testing.T
	table *flow.Table
	asked []query.Request
	fail  string // the kind that fails
	hold  string // the kind that gets no answer
	old   bool   // it knows no steps
}

func newServer(t *testing.T, n int) (*server, *fakeSource) {
	s := &server{t: t, table: newTable(n)}
	src := newSource()
	src.answer = s.answer
	return s, src
}

func (s *server) answer(r *fakeResult) {
	s.asked = append(s.asked, r.req)
	rows := s.matching(r.req)
	p := client.Progress{State: client.Done, Matched: uint64(len(rows)), Expect: uint64(len(rows)), Elapsed: 5 * time.Millisecond}
	if s.fail == r.req.Kind {
		p = client.Progress{State: client.Failed, Err: errors.New("the store failed")}
		r.set(func() { r.progress = p })
		return
	}
	if s.hold == r.req.Kind {
		r.set(func() { r.progress = client.Progress{State: client.Running} })
		return
	}
	var columns []string
	var values [][]string
	table := s.table
	switch r.req.Kind {
	case query.KindCount:
		columns, values = s.count(rows)
	case query.KindTimeline:
		columns, values = s.timeline(r.req, rows)
	case query.KindTop:
		columns, values, p.Groups = s.top(r.req, rows)
	default:
		p.Rows = len(rows)
		table = flow.NewTable()
		for _, row := range rows {
			var rec flow.Record
			s.table.View().Record(int(row), &rec)
			table.Append(&rec)
		}
	}
	r.set(func() { r.table, r.columns, r.values, r.progress = table, columns, values, p })
}

func (s *server) matching(req query.Request) []uint32 {
	s.t.Helper()
	q, err := query.Parse(req.Query)
	if err != nil {
		s.t.Fatalf("the server got %q: %v", req.Query, err)
	}
	f, err := q.Filter(query.Env{Now: clock})
	if err != nil {
		s.t.Fatal(err)
	}
	from, to, err := req.Bounds()
	if err != nil {
		s.t.Fatal(err)
	}
	v := s.table.View()
	var rows []uint32
	for row := range v.Len() {
		at := v.Int64(flow.ColStart, row)
		if (from == nil || at >= *from) && (to == nil || at < *to) {
			rows = append(rows, uint32(row))
		}
	}
	rows, err = f.Select(context.Background(), v, rows)
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

func (s *server) sum(rows []uint32) (total sums.Sums, first, last int64) {
	v := s.table.View()
	for i, row := range rows {
		at := v.Int64(flow.ColStart, int(row))
		if i == 0 {
			first, last = at, at
		}
		first, last = min(first, at), max(last, at)
		total.Add(sums.Sums{1, v.Uint64(flow.ColBytes, int(row)), v.Uint64(flow.ColPackets, int(row))})
	}
	return total, first, last
}

func texts3(t sums.Sums) []string {
	return []string{strconv.FormatUint(t[0], 10), strconv.FormatUint(t[1], 10), strconv.FormatUint(t[2], 10)}
}

func (s *server) count(rows []uint32) ([]string, [][]string) {
	total, first, last := s.sum(rows)
	ends := []string{"", ""}
	if len(rows) > 0 {
		ends = []string{string(flow.AppendTime(nil, first)), string(flow.AppendTime(nil, last))}
	}
	return []string{"flows", "bytes", "packets", "first", "last"}, [][]string{append(texts3(total), ends...)}
}

// groups are the rows by the values of columns, or by their steps.
func (s *server) groups(req query.Request, rows []uint32) map[string][]uint32 {
	by, v := req.By, s.table.View()
	cols, err := query.ParseColumns(by)
	if err != nil {
		s.t.Fatal(err)
	}
	out := make(map[string][]uint32)
	for _, row := range rows {
		var cells []string
		for _, c := range cols {
			if s.stepped(req, c) {
				cells = append(cells, s.scale(req, c, rows).Find(steps.KeyOf(v, c, int(row))).Text())
			} else {
				cells = append(cells, string(v.AppendCell(nil, c, int(row))))
			}
		}
		key := strings.Join(cells, "|")
		out[key] = append(out[key], row)
	}
	return out
}

// stepped tells whether a column is grouped by steps.
func (s *server) stepped(req query.Request, c flow.Column) bool {
	return req.Steps && !s.old && steps.Has(c)
}

// scale is the steps of a column of rows.
func (s *server) scale(req query.Request, c flow.Column, rows []uint32) *steps.Scale {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for _, row := range rows {
		at := s.table.View().Int64(c, int(row))
		first, last = min(first, at), max(last, at)
	}
	return steps.For(c, first, last, req.Shift*1_000_000)
}

func (s *server) top(req query.Request, rows []uint32) (columns []string, out [][]string, total uint64) {
	metric, _ := sums.ParseMetric(req.Metric)
	type group struct {
		key  string
		sums sums.Sums
		row  []string
	}
	var list []group
	for key, rows := range s.groups(req, rows) {
		sum, first, last := s.sum(rows)
		row := append(strings.Split(key, "|"), texts3(sum)...)
		if req.Times {
			row = append(row, string(flow.AppendTime(nil, first)), string(flow.AppendTime(nil, last)))
		}
		list = append(list, group{key, sum, row})
	}
	slices.SortFunc(list, func(a, b group) int {
		if a.sums[metric] != b.sums[metric] {
			return -compare(a.sums[metric], b.sums[metric])
		}
		return strings.Compare(a.key, b.key)
	})
	for i, g := range list {
		if req.Limit == 0 || i < int(req.Limit) {
			out = append(out, g.row)
		}
	}
	for _, name := range req.By {
		if c, _ := flow.ParseColumn(name); s.stepped(req, c) {
			name = steps.Name(c)
		}
		columns = append(columns, name)
	}
	columns = append(columns, "flows", "bytes", "packets")
	if req.Times {
		columns = append(columns, "first", "last")
	}
	return columns, out, uint64(len(list))
}

func compare(a, b uint64) int {
	if a < b {
		return -1
	}
	return 1
}

func (s *server) timeline(req query.Request, rows []uint32) (columns []string, out [][]string) {
	from, to, _ := req.Bounds()
	width := (*to-1-*from)/int64(req.Buckets) + 1
	_, series, _ := s.top(query.Request{By: req.By, Metric: req.Metric, Limit: max(req.Limit, 1)}, rows)
	for b := range req.Buckets {
		at := *from + int64(b)*width
		var here []uint32
		for _, row := range rows {
			if start := s.table.View().Int64(flow.ColStart, int(row)); start >= at && start < at+width {
				here = append(here, row)
			}
		}
		text := string(flow.AppendTime(nil, at))
		if len(req.By) == 0 {
			sum, _, _ := s.sum(here)
			out = append(out, append([]string{text}, texts3(sum)...))
			continue
		}
		parts := s.groups(query.Request{By: req.By}, here)
		for i, sr := range series {
			if part := parts[sr[0]]; part != nil {
				sum, _, _ := s.sum(part)
				out = append(out, append([]string{text, strconv.Itoa(i + 1), sr[0]}, texts3(sum)...))
				delete(parts, sr[0])
			}
		}
		var rest sums.Sums
		for _, part := range parts {
			sum, _, _ := s.sum(part)
			rest.Add(sum)
		}
		out = append(out, append([]string{text, "0", ""}, texts3(rest)...))
	}
	if len(req.By) == 0 {
		return []string{"start", "flows", "bytes", "packets"}, out
	}
	return append(append([]string{"start", "series"}, req.By...), "flows", "bytes", "packets"), out
}

// last is the newest request of a kind.
func (s *server) last(kind string) query.Request {
	s.t.Helper()
	for _, req := range slices.Backward(s.asked) {
		if req.Kind == kind {
			return req
		}
	}
	s.t.Fatalf("no %s was asked for", kind)
	return query.Request{}
}
