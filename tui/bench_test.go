package tui

import (
	"sync"
	"testing"
	"time"

	bubbles "charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
)

const benchRows = 1_000_000

var million = sync.OnceValue(func() *flow.Table { return newTable(benchRows) })

// benchModel is the main screen with n rows in their final order.
func benchModel(tb testing.TB, table *flow.Table, w, h int) *model {
	tb.Helper()
	m, err := newModel(testOptions())
	if err != nil {
		tb.Fatal(err)
	}
	src := newSource()
	src.answer = func(r *fakeResult) {
		n := table.Len()
		r.set(func() {
			r.table = table
			r.progress = client.Progress{State: client.Done, Matched: uint64(n), Rows: n, Expect: uint64(n)}
		})
	}
	m.src, m.login, m.mode = src, nil, modeFlows
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	m.attach()
	m.View()
	return m
}

// BenchmarkRedraw is one key and the redraw that follows, against the table of Bubbles with the same rows.
func BenchmarkRedraw(b *testing.B) {
	b.Run("cxlens", func(b *testing.B) {
		m := benchModel(b, million(), 200, 60)
		m.table.Do("table.page-down")
		down, up := key(nil, "down"), key(nil, "up")
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%2 == 0 {
				m.Update(down)
			} else {
				m.Update(up)
			}
			m.View()
		}
	})
	b.Run("bubbles", func(b *testing.B) {
		t := bubblesTable(million())
		t.MoveDown(100)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%2 == 0 {
				t.MoveDown(1)
			} else {
				t.MoveUp(1)
			}
			_ = t.View()
		}
	})
}

// BenchmarkPageDown redraws a screen of rows that were not visible before.
func BenchmarkPageDown(b *testing.B) {
	m := benchModel(b, million(), 200, 60)
	down, top := tea.KeyPressMsg{Code: tea.KeyPgDown}, tea.KeyPressMsg{Code: tea.KeyHome}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 999 {
			m.Update(top)
		}
		m.Update(down)
		m.View()
	}
}

// BenchmarkLoad is taking in a million rows until they can be seen; for Bubbles' table they have to
// be text first.
func BenchmarkLoad(b *testing.B) {
	b.Run("cxlens", func(b *testing.B) {
		t := million()
		for b.Loop() {
			benchModel(b, t, 200, 60)
		}
	})
	b.Run("bubbles", func(b *testing.B) {
		t := million()
		for b.Loop() {
			tab := bubblesTable(t)
			_ = tab.View()
		}
	})
}

func bubblesTable(t *flow.Table) bubbles.Model {
	cols := []flow.Column{
		flow.ColStart, flow.ColDuration, flow.ColProto, flow.ColSrcIP, flow.ColSrcPort, flow.ColDstIP, flow.ColDstPort, flow.ColSrcPackets,
		flow.ColDstPackets, flow.ColSrcBytes, flow.ColDstBytes, flow.ColSrcFlags, flow.ColDstFlags, flow.ColState, flow.ColNode,
	}
	var heads []bubbles.Column
	for _, c := range cols {
		heads = append(heads, bubbles.Column{Title: c.String(), Width: 10})
	}
	v := t.View()
	rows := make([]bubbles.Row, v.Len())
	var buf []byte
	for i := range rows {
		row := make(bubbles.Row, len(cols))
		for k, c := range cols {
			buf = v.AppendCell(buf[:0], c, i)
			row[k] = string(buf)
		}
		rows[i] = row
	}
	return bubbles.New(bubbles.WithColumns(heads), bubbles.WithRows(rows), bubbles.WithHeight(55), bubbles.WithWidth(200), bubbles.WithFocused(true))
}

// BenchmarkSortMillion is the key that sorts a million rows: what it keeps the screen from (ns/op),
// and how long the order takes beside it.
func BenchmarkSortMillion(b *testing.B) {
	m := benchModel(b, million(), 200, 60)
	m.table.Do("table.right")
	var sorting time.Duration
	for b.Loop() {
		cmd, _ := m.table.Do("table.sort")
		b.StopTimer()
		began := time.Now()
		msg := cmd()
		sorting += time.Since(began)
		b.StartTimer()
		m.Update(msg)
		m.View()
	}
	b.ReportMetric(float64(sorting.Milliseconds())/float64(b.N), "ms-sorting/op")
}
