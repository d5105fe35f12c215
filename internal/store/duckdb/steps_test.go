package duckdb

import (
	"fmt"
	"math"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
	"cxlens/query"
	"cxlens/query/pivot"
	"cxlens/query/steps"
)

// stepsOf is Top by steps in the simple way: the text of each row's steps as the keys of a map.
func stepsOf(view *flow.View, by []flow.Column, shift int64) map[string]store.Group {
	scales := make(map[flow.Column]*steps.Scale)
	for _, c := range by {
		if steps.Has(c) {
			first, last := int64(math.MaxInt64), int64(math.MinInt64)
			for row := range view.Len() {
				first, last = min(first, view.Int64(c, row)), max(last, view.Int64(c, row))
			}
			scales[c] = steps.For(c, first, last, shift)
		}
	}
	return topBy(view, by, func(c flow.Column, row int) string {
		if s := scales[c]; s != nil {
			return s.Find(steps.KeyOf(view, c, row)).Text()
		}
		return string(view.AppendCell(nil, c, row))
	})
}

// TestStepsAreThoseOfTheTable: groups of steps have what the rows have that are in them, with the extremes of every
// field, and a query for a step counts what the step has. (A query takes no length of time beyond 64 bits.)
func TestStepsAreThoseOfTheTable(t *testing.T) {
	for name, keep := range map[string]func(at int64) int64{
		"wild":  func(at int64) int64 { return at },
		"years": func(at int64) int64 { return max(flow.MinTime, min(at, flow.MaxTime-1)) },
		"hours": func(at int64) int64 { return 1_764_000_000_000_000 + at%(5*3_600_000_000) },
	} {
		seed, draw := 0, rapid.SliceOfN(anyRecord(0), 12, 12)
		s, view := mixed(t, func(node uint32) []flow.Record {
			seed++
			list := draw.Example(seed)
			for i := range list {
				list[i].Node, list[i].Start, list[i].End = node, keep(list[i].Start), keep(list[i].End)
				list[i].File, list[i].EndFile = "", ""
			}
			return list
		})
		bys := [][]flow.Column{{flow.ColBytes, flow.ColState}, {flow.ColDuration, flow.ColNode, flow.ColDuration}, {flow.ColProto, flow.ColService}}
		if name != "wild" {
			bys = append(bys, []flow.Column{flow.ColStart, flow.ColBPS}, []flow.Column{flow.ColService, flow.ColEnd})
		}
		for c := range flow.NumColumns {
			if steps.Has(c) && (name != "wild" || !steps.IsTime(c)) { // times without a text have none as an end of a step
				bys = append(bys, []flow.Column{c})
			}
		}
		for _, by := range bys {
			t.Run(name+fmt.Sprint(by), func(t *testing.T) {
				shift := int64(len(by)) * 19_800_000_000
				want := stepsOf(view, by, shift)
				got, total, err := s.Top(t.Context(), store.Query{Steps: true, Shift: shift}, by, store.Flows)
				if err != nil {
					t.Fatal(err)
				}
				if total != uint64(len(want)) || len(got) != len(want) {
					t.Fatalf("%d groups of %d, want %d", len(got), total, len(want))
				}
				for _, g := range got {
					if diff := gocmp.Diff(want[fmt.Sprintf("%q", g.Values)], g); diff != "" {
						t.Errorf("%q: %s", g.Values, diff)
					}
				}
				if wide := name == "wild" && (by[0] == flow.ColDuration || by[0] == flow.ColPPS || by[0] == flow.ColBPS); len(by) == 1 && !wide {
					countSteps(t, s, by, got)
				}
			})
		}
	}
}

// countSteps counts what the query for each step matches.
func countSteps(t *testing.T, s *Store, by []flow.Column, groups []store.Group) {
	t.Helper()
	for _, g := range groups {
		term, err := pivot.Steps(by, g.Values)
		if err != nil {
			if !strings.Contains(err.Error(), "beyond what a query can write") {
				t.Error(err)
			}
			continue
		}
		q, err := query.Parse(query.Text(term))
		if err != nil {
			t.Fatal(err)
		}
		if n := mustCount(t, s, store.Query{Where: q}).Flows; n != g.Flows {
			t.Errorf("%s: %d flows, its step has %d", q, n, g.Flows)
		}
	}
}

// TestStepsOfNothing: without flows there are no steps, and no error.
func TestStepsOfNothing(t *testing.T) {
	s := openTest(t, "")
	for _, c := range []flow.Column{flow.ColStart, flow.ColBytes, flow.ColBPP} {
		groups, total, err := s.Top(t.Context(), store.Query{Steps: true}, []flow.Column{c}, store.Bytes)
		if len(groups) != 0 || total != 0 || err != nil {
			t.Errorf("%s: %v %d %v", c, groups, total, err)
		}
	}
}

// BenchmarkSteps groups 1,000,000 flows by steps, and by the single values.
func BenchmarkSteps(b *testing.B) {
	s := openTest(b, tempPath(b))
	load(b, s, 1_000_000)
	for _, c := range []flow.Column{flow.ColStart, flow.ColDuration, flow.ColBytes, flow.ColBPS} {
		for _, byStep := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/%v", c, byStep), func(b *testing.B) {
				for b.Loop() {
					if _, _, err := s.Top(b.Context(), store.Query{Steps: byStep, Limit: 1000}, []flow.Column{c}, store.Bytes); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
