package server

import (
	"strconv"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/steps"
)

// defaultBuckets is the number of a timeline's buckets when none is given (protocol.md section 5).
const defaultBuckets = 120

// answerCount posts one row: flows, frame bytes and packets of all matches, and the start of the
// first and the last; empty times when there is no match.
func (j *job) answerCount(out *parts) error {
	totals, err := j.srv.cfg.Store.Count(j.ctx, j.query)
	if err != nil {
		return err
	}
	out.header.Columns = []string{"flows", "bytes", "packets", "first", "last"}
	out.matched = func() uint64 { return totals.Flows }
	first, last := "", ""
	if totals.Flows > 0 {
		first, last = timeText(totals.First), timeText(totals.Last)
	}
	err = out.addText(decimal(totals.Flows), decimal(totals.Bytes), decimal(totals.Packets), first, last)
	if err != nil {
		return err
	}
	return j.finish(out, totals.Flows)
}

// answerTop posts a row a group: the values of its columns as CSV has them, its flows, frame bytes and packets.
// The header's matched counts the matching flows, its groups the groups that there are. With times,
// the start of the group's first and last flow follow. With steps, a column that has some is named so, which
// tells the answer from that of a server that knows none.
func (j *job) answerTop(out *parts) error {
	groups, total, err := j.srv.cfg.Store.Top(j.ctx, j.query, j.by, j.metric)
	if err != nil {
		return err
	}
	matched := uint64(0)
	for _, g := range groups {
		matched += g.Flows
	}
	if total > uint64(len(groups)) {
		totals, err := j.srv.cfg.Store.Count(j.ctx, j.query)
		if err != nil {
			return err
		}
		matched = max(matched, totals.Flows)
	}
	for _, c := range j.by {
		name := c.String()
		if j.query.Steps && steps.Has(c) {
			name = steps.Name(c)
		}
		out.header.Columns = append(out.header.Columns, name)
	}
	out.header.Columns = append(out.header.Columns, "flows", "bytes", "packets")
	if j.req.Times {
		out.header.Columns = append(out.header.Columns, "first", "last")
	}
	out.header.Groups = total
	out.matched = func() uint64 { return matched }
	fields := make([]string, 0, len(j.by)+5)
	for _, g := range groups {
		fields = append(fields[:0], g.Values...)
		fields = append(fields, decimal(g.Flows), decimal(g.Bytes), decimal(g.Packets))
		if j.req.Times {
			fields = append(fields, timeText(g.First), timeText(g.Last))
		}
		if err := out.addText(fields...); err != nil {
			return err
		}
	}
	return j.finish(out, matched)
}

// answerTimeline posts a row a bucket, empty ones too: its start, flows, frame bytes and packets. The
// buckets hold all matching flows.
func (j *job) answerTimeline(out *parts) error {
	if len(j.by) > 0 {
		return j.answerStack(out)
	}
	buckets, _, err := j.srv.cfg.Store.Timeline(j.ctx, j.query, j.req.Buckets)
	if err != nil {
		return err
	}
	matched := uint64(0)
	for _, b := range buckets {
		matched += b.Flows
	}
	out.matched = func() uint64 { return matched }
	out.header.Columns = []string{"start", "flows", "bytes", "packets"}
	for _, b := range buckets {
		if err := out.addText(timeText(b.Start), decimal(b.Flows), decimal(b.Bytes), decimal(b.Packets)); err != nil {
			return err
		}
	}
	return j.finish(out, matched)
}

// answerStack posts a row a bucket and series that has flows: the bucket's start, the series' number and
// its values, flows, frame bytes and packets. Series 0, of empty values, is what no other one has; a bucket
// without any flow has one row of it.
func (j *job) answerStack(out *parts) error {
	q := j.query
	if q.Limit == 0 {
		q.Limit = query.DefaultSeries
	}
	series, layers, _, err := j.srv.cfg.Store.TimelineBy(j.ctx, q, j.req.Buckets, j.by, j.metric)
	if err != nil {
		return err
	}
	matched := uint64(0)
	for _, l := range layers {
		matched += l.Flows
	}
	out.matched = func() uint64 { return matched }
	out.header.Columns = []string{"start", "series"}
	for _, c := range j.by {
		out.header.Columns = append(out.header.Columns, c.String())
	}
	out.header.Columns = append(out.header.Columns, "flows", "bytes", "packets")
	none := make([]string, len(j.by))
	fields := make([]string, 0, len(j.by)+5)
	for _, l := range layers {
		values := none
		if l.Series > 0 {
			values = series[l.Series-1]
		}
		fields = append(append(fields[:0], timeText(l.Start), strconv.Itoa(l.Series)), values...)
		fields = append(fields, decimal(l.Flows), decimal(l.Bytes), decimal(l.Packets))
		if err := out.addText(fields...); err != nil {
			return err
		}
	}
	return j.finish(out, matched)
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

func timeText(us int64) string { return string(flow.AppendTime(nil, us)) }
