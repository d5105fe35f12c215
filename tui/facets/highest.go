package facets

import (
	"cmp"
	"slices"

	"cxlens/tui/sums"
)

// highest returns the places of the most groups with the highest metric, the highest first; of equal ones
// those that came first.
func highest(groups []here, metric sums.Metric, most int) []int {
	places := make([]int, len(groups))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(groups[b].sums[metric], groups[a].sums[metric]) })
	return places[:min(most, len(places))]
}
