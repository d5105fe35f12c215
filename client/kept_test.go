package client

import (
	"slices"
	"testing"

	"cxlens/internal/flow"
	"cxlens/query"
)

// startRows makes a result row for each start, whose id is start+1.
func startRows(starts ...int64) string {
	var b []byte
	for _, s := range starts {
		r := flow.Record{ID: uint64(s + 1), Start: s, End: s + 5, Proto: flow.TCP, IPVersion: 4, Offset: -1, EndOffset: -1, Node: 3}
		b = flow.AppendLine(b, &r, flow.FormResult)
	}
	return string(b)
}

func starts(v *flow.View) []int64 {
	out := make([]int64, v.Len())
	for i := range out {
		out[i] = v.Int64(flow.ColStart, i)
	}
	return out
}

// TestFollowedRowsAreBounded: the limit is what is kept; the first answer's rows go by their start, later ones by
// their arrival, and what was cut is counted.
func TestFollowedRowsAreBounded(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp", Follow: true, Limit: 4})
	req := s.request(t)
	post := func(done bool, rows ...int64) {
		t.Helper()
		if err := s.peer().post(t, query.PartHeader{ID: req.ID, Columns: []string{"id"}, Rows: len(rows), Done: done}, startRows(rows...)); err != nil {
			t.Fatal(err)
		}
	}
	post(true, 40, 30, 20, 10) // newest first
	old := r.View()
	later := make([]int64, 100)
	for i := range later {
		later[i] = int64(1000 + i)
	}
	post(false, later...)
	if got := r.Progress(); got.Rows != 104 || got.Cut != 0 {
		t.Fatalf("progress %+v", got)
	}
	post(false, 7, 8)
	if got := starts(r.View()); !slices.Equal(got, []int64{1098, 1099, 7, 8}) {
		t.Errorf("kept %v", got)
	}
	if got := r.Progress(); got.Rows != 4 || got.Cut != 102 || got.Matched < 106 {
		t.Errorf("progress %+v", got)
	}
	v := r.View()
	if old.Len() != 4 || v.Generation() == old.Generation() || v.RowOf(old.Serial(0)) != -1 {
		t.Error("the old view changed, or its rows are found in the new one")
	}
	if v.RowOf(104) != 2 {
		t.Errorf("the row that came as number 104 is at %d", v.RowOf(104))
	}
}

func TestFirstAnswerIsCutByStart(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp", Follow: true, Limit: 200})
	req := s.request(t)
	first := make([]int64, 200)
	for i := range first {
		first[i] = int64(200 - i)
	}
	for i, rows := range [][]int64{first, make([]int64, 151)} {
		if err := s.peer().post(t, query.PartHeader{ID: req.ID, Part: i, Columns: []string{"id"}, Rows: len(rows), Done: i == 0}, startRows(rows...)); err != nil {
			t.Fatal(err)
		}
	}
	got := starts(r.View())
	if len(got) != 200 || got[0] != 200 || got[48] != 152 || got[49] != 0 {
		t.Errorf("%d rows, the first %v", len(got), got[:50])
	}
	if cut := r.Progress().Cut; cut != 151 {
		t.Errorf("%d rows cut", cut)
	}
}
