package server

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
)

// newTestParts makes parts that post to a function, at once.
func newTestParts(maxRows, maxBytes int, post func(data []byte) error) *parts {
	p := &parts{
		post:    post,
		async:   func(f func()) { f() },
		nodes:   func(ids map[uint32]struct{}) []flow.NodeInfo { return make([]flow.NodeInfo, len(ids)) },
		matched: func() uint64 { return 0 },
		maxRows: maxRows, maxBytes: maxBytes, limit: min(firstRows, maxRows),
		ids: map[uint32]struct{}{},
	}
	p.header.ID, p.header.Columns = 7, []string{"a", "b"}
	return p
}

// TestPartsKeepEveryRow cuts random rows: each is there once and in order, no part is too large or has too many rows.
func TestPartsKeepEveryRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maxRows := rapid.IntRange(1, 50).Draw(t, "max rows")
		var got []string
		var headers []query.PartHeader
		p := newTestParts(maxRows, minPartBytes, func(data []byte) error {
			h, rows, ok, err := query.ParsePart(data)
			if err != nil || !ok || strings.Count(string(rows), "\n") != h.Rows || h.Rows > maxRows {
				t.Fatalf("%+v, %v", h, err)
			}
			if len(data) > minPartBytes && h.Rows > 1 {
				t.Fatalf("a part of %d rows has %d bytes", h.Rows, len(data))
			}
			headers = append(headers, h)
			got = append(got, lines(rows)...)
			return nil
		})
		var want []string
		for range rapid.IntRange(0, 200).Draw(t, "rows") {
			if rapid.Bool().Draw(t, "flow") {
				r := record(rapid.IntRange(0, 1000).Draw(t, "n"))
				r.Node = uint32(rapid.IntRange(0, 100).Draw(t, "node"))
				r.File = strings.Repeat("f", rapid.IntRange(0, 5000).Draw(t, "file"))
				want = append(want, strings.TrimSuffix(string(flow.AppendLine(nil, &r, flow.FormResult)), "\n"))
				if err := p.addFlow(&r); err != nil {
					t.Fatal(err)
				}
				continue
			}
			text := strings.Repeat("x", rapid.IntRange(0, 70_000).Draw(t, "text"))
			want = append(want, text+"|y")
			if err := p.addText(text, "y"); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.finish(uint64(len(want)), time.Second); err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("%d rows of %d", len(got), len(want))
		}
		for i, h := range headers {
			if h.ID != 7 || h.Part != i || h.Done != (i == len(headers)-1) || h.Done != (h.ElapsedMS == 1000) {
				t.Fatalf("part %d of %d: %+v", i, len(headers), h)
			}
		}
	})
}

// TestRowsCannotBreakTheirPart: separators and control characters of names are marked.
func TestRowsCannotBreakTheirPart(t *testing.T) {
	var got string
	p := newTestParts(10, minPartBytes, func(data []byte) error { got = string(data); return nil })
	if err := p.addText("a|b\nc\r.\x1b", "d"); err != nil {
		t.Fatal(err)
	}
	if err := p.finish(1, 0); err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(got, "\n")
	if want := "a\uFFFDb\uFFFDc\uFFFD.\uFFFD|d\n"; rows != want {
		t.Errorf("%q, want %q", rows, want)
	}
}

// TestPostErrorIsKept: after a part that was not taken nothing more is posted.
func TestPostErrorIsKept(t *testing.T) {
	bad := errors.New("not taken")
	posts := 0
	p := newTestParts(1, minPartBytes, func([]byte) error { posts++; return bad })
	var err error
	for i := 0; i < 10 && err == nil; i++ {
		err = p.addText(fmt.Sprint(i))
	}
	var pe *postError
	if !errors.Is(err, bad) || !errors.As(err, &pe) || posts != 1 {
		t.Errorf("%v after %d posts", err, posts)
	}
}

// TestOldRowsGo: rows that wait long enough are posted before their part is full.
func TestOldRowsGo(t *testing.T) {
	posts := 0
	p := newTestParts(10, minPartBytes, func([]byte) error { posts++; return nil })
	if err := errors.Join(p.addText("a"), p.flushOld()); err != nil || posts != 0 {
		t.Errorf("%v, %d posts", err, posts)
	}
	p.began = p.began.Add(-partWait)
	if err := errors.Join(p.flushOld(), p.flushOld()); err != nil || posts != 1 {
		t.Errorf("%v, %d posts", err, posts)
	}
}

// FuzzRequest: whatever a client sends as a query, it is refused in words or becomes a job within the limits.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"id":12,"query":"dst port 443","kind":"top","by":["dst_port"],"metric":"bytes"}`))
	f.Add([]byte(`{"id":1,"query":"start last 1h","from":"2026-11-01T00:00:00Z","order":["-src_bytes"]}`))
	f.Add([]byte(`{"cancel":12}`))
	f.Add([]byte("src ip 10.0.0.0/8 and not (port 1-3 or flags S/SA)"))
	limits, err := Limits{}.withDefaults()
	if err != nil {
		f.Fatal(err)
	}
	s := &Server{cfg: Config{Limits: limits}, now: newClock().Now}
	f.Fuzz(func(t *testing.T, data []byte) {
		req, err := query.DecodeRequest(data)
		if err != nil || req.Cancel != nil {
			return
		}
		j, refused := newJob(s, req)
		switch {
		case refused != nil && (refused.Message == "" || strings.Contains(refused.Message, "\n")):
			t.Errorf("refused with %q", refused.Message)
		case refused == nil && (j.req.Buckets < 1 || j.req.Buckets > query.MaxBuckets || j.query.Limit < 0):
			t.Errorf("took %+v", j.req)
		case refused == nil && req.Kind == query.KindTop && (len(j.by) == 0 || j.query.Limit > int64(limits.Groups)):
			t.Errorf("took %+v", j.query)
		}
	})
}
