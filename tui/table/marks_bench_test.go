package table

import "testing"

// BenchmarkMarkAll marks a million rows in another order than that of their arrival: what the key keeps the
// screen from.
func BenchmarkMarkAll(b *testing.B) {
	m, _ := newModel(1_000_000)
	drive(m, m.SortBy(bySrc))
	for b.Loop() {
		m.Do(MarkAll)
		m.Do(MarkInvert)
	}
}
