package facets

import (
	"cmp"
	"container/heap"
	"slices"

	"cxlens/tui/sums"
)

// top keeps the groups with the highest metric; of equal ones those that came first. The lowest one is its root.
type top struct {
	metric sums.Metric
	most   int
	kept   []here
}

// offer takes a group in if it is one of the highest.
func (t *top) offer(g *here) {
	switch {
	case len(t.kept) < t.most:
		heap.Push(t, *g)
	case t.most > 0 && t.compare(g, &t.kept[0]) < 0:
		t.kept[0] = *g
		heap.Fix(t, 0)
	}
}

// compare is below 0 when a comes before b.
func (t *top) compare(a, b *here) int {
	return cmp.Or(cmp.Compare(b.sums[t.metric], a.sums[t.metric]), cmp.Compare(a.row, b.row))
}

// highest returns the groups that were kept, the highest first.
func (t *top) highest() []here {
	out := slices.Clone(t.kept)
	slices.SortFunc(out, func(a, b here) int { return t.compare(&a, &b) })
	return out
}

// Len, Less, Swap, Push and Pop are those of heap.Interface.
func (t *top) Len() int           { return len(t.kept) }
func (t *top) Less(i, j int) bool { return t.compare(&t.kept[i], &t.kept[j]) > 0 }
func (t *top) Swap(i, j int)      { t.kept[i], t.kept[j] = t.kept[j], t.kept[i] }
func (t *top) Push(x any)         { t.kept = append(t.kept, x.(here)) }

// Pop drops the last one.
func (t *top) Pop() any {
	last := t.kept[len(t.kept)-1]
	t.kept = t.kept[:len(t.kept)-1]
	return last
}
