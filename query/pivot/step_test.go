package pivot

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/steps"
)

// measured are the columns with steps.
var measured = func() (out []flow.Column) {
	for c := range flow.NumColumns {
		if steps.Has(c) {
			out = append(out, c)
		}
	}
	return out
}()

// measuredFlows draws flows whose times and sizes are near each other, far apart, and at the ends of what there is.
func measuredFlows(t *rapid.T) *flow.View {
	table := flow.NewTable()
	size := rapid.OneOf(rapid.Uint64Range(0, 12), rapid.Uint64Range(0, 3_000_000), rapid.Uint64(), rapid.SampledFrom([]uint64{0, 999, 1000, 1999, 2000, math.MaxUint64}))
	long := rapid.OneOf(rapid.Int64Range(-3, 12), rapid.Int64Range(0, 9_000_000_000), rapid.SampledFrom([]int64{0, 999_999, 1_000_000, 1_999_999, 86_400_000_000 * 1500}))
	reach := rapid.SampledFrom([]int64{50, 90_000_000, 86_400_000_000 * 40}).Draw(t, "reach")
	for range rapid.IntRange(1, 14).Draw(t, "flows") {
		r := flow.Record{
			Proto: rapid.SampledFrom([]uint8{flow.TCP, flow.UDP}).Draw(t, "proto"), IPVersion: 4, Start: now.UnixMicro() + rapid.Int64Range(-reach, reach).Draw(t, "start"),
			SrcPackets: size.Draw(t, "sp"), SrcBytes: size.Draw(t, "sb"), DstPackets: size.Draw(t, "dp"), DstBytes: size.Draw(t, "db"),
		}
		r.End = r.Start + long.Draw(t, "long")
		table.Append(&r)
	}
	return table.View()
}

// textOf is a row's value in a column, or its step.
func textOf(v *flow.View, c flow.Column, row int, shift int64) string {
	if !steps.Has(c) {
		return string(v.AppendCell(nil, c, row))
	}
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range v.Len() {
		first, last = min(first, v.Int64(c, i)), max(last, v.Int64(c, i))
	}
	return steps.For(c, first, last, shift).Find(steps.KeyOf(v, c, row)).Text()
}

// rowsOf are the rows that a query that is read again finds.
func rowsOf(t *rapid.T, q *query.Query, v *flow.View) []uint32 {
	q, err := query.Parse(q.String())
	if err != nil {
		t.Fatal(err)
	}
	f, err := q.Filter(query.Env{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	all := make([]uint32, v.Len())
	for i := range all {
		all[i] = uint32(i)
	}
	rows, err := f.Select(context.Background(), v, all)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestStepsFindTheirGroup: the term of a group of steps finds the flows that are in them, and no others; without it the
// others are left.
func TestStepsFindTheirGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := measuredFlows(t)
		shift := rapid.SampledFrom([]int64{0, 3_600_000_000, -34_200_000_000}).Draw(t, "shift")
		by := rapid.SliceOfNDistinct(rapid.SampledFrom(append(slices.Clone(measured), flow.ColProto)), 1, 3, rapid.ID).Draw(t, "by")
		row := rapid.IntRange(0, v.Len()-1).Draw(t, "row")
		group := func(row int) (values []string) {
			for _, c := range by {
				values = append(values, textOf(v, c, row, shift))
			}
			return values
		}
		term, err := Steps(by, group(row))
		if err != nil {
			t.Fatalf("%v %q: %v", by, group(row), err)
		}
		var in, out []uint32
		for i := range v.Len() {
			if slices.Equal(group(i), group(row)) {
				in = append(in, uint32(i))
			} else {
				out = append(out, uint32(i))
			}
		}
		if got := rowsOf(t, query.FromTree(term), v); !slices.Equal(got, in) {
			t.Fatalf("%s finds %v, want %v", query.Text(term), got, in)
		}
		without, err := Exclude(query.FromTree(&query.AnyNode{}), term)
		if err != nil {
			t.Fatal(err)
		}
		if got := rowsOf(t, without, v); !slices.Equal(got, out) {
			t.Fatalf("%s finds %v, want %v", without, got, out)
		}
	})
}

func TestStepTerms(t *testing.T) {
	for _, c := range []struct {
		col        flow.Column
		text, want string
	}{
		{flow.ColStart, "2026-11-22T13:50:00.000000Z..2026-11-22T14:00:00.000000Z", "start in 2026-11-22T13:50:00Z .. 2026-11-22T14:00:00Z"},
		{flow.ColEnd, "9999-12-31T23:00:00.000000Z..9999-12-31T23:59:59.999999Z", "end >= 9999-12-31T23:00:00Z"},
		{flow.ColEnd, "0000-01-01T00:00:00.000000Z..0001-01-01T00:00:00.000000Z", "end < 0001-01-01T00:00:00Z"},
		{flow.ColBytes, "1000..1999", "bytes = 1K-1999"},
		{flow.ColSrcBytes, "1", "src bytes = 1"},
		{flow.ColDstPackets, "10000000000000000000..", "dst packets >= 10000000T"},
		{flow.ColDuration, "..-0.000001", "duration < 0s"},
		{flow.ColDuration, "0.000000", "duration = 0s"},
		{flow.ColDuration, "0.001000..0.001999", "duration >= 1ms and duration < 2ms"},
		{flow.ColDuration, "86400000.000000..", "duration >= 1000d"},
		{flow.ColPPS, "", "duration <= 0s"},
		{flow.ColBPP, "", "packets <= 0"},
		{flow.ColBPS, "0..0.001", "bps < 0.001 and duration > 0s"},
		{flow.ColBPP, "500..1000", "bpp >= 500 and bpp < 1K"},
		{flow.ColProto, "tcp", "tcp"},
	} {
		n, err := Steps([]flow.Column{c.col}, []string{c.text})
		if err != nil {
			t.Errorf("%s %q: %v", c.col, c.text, err)
			continue
		}
		if got := query.Text(n); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.col, c.text, got, c.want)
		}
	}
	for _, c := range []struct {
		col  flow.Column
		text string
	}{{flow.ColBytes, "many"}, {flow.ColStart, "2026"}, {flow.ColProto, "quic..tcp"}} {
		if n, err := Steps([]flow.Column{c.col}, []string{c.text}); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s %q is %v, %v", c.col, c.text, n, err)
		}
	}
}
