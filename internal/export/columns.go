package export

import (
	"fmt"
	"strings"

	"cxlens/internal/flow"
)

// Columns reads a comma-separated list of column names, in any case, spaces around
// them allowed. An empty list is flow.OutputColumns. An error names the column
// that does not exist or stands twice, and the nearest name.
func Columns(names string) ([]flow.Column, error) {
	if strings.TrimSpace(names) == "" {
		return flow.OutputColumns(), nil
	}
	var cols []flow.Column
	var seen [flow.NumColumns]bool
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		c, ok := flow.ParseColumn(name)
		if !ok {
			return nil, unknownColumn(name)
		}
		if seen[c] {
			return nil, fmt.Errorf("column %q stands twice", c)
		}
		seen[c] = true
		cols = append(cols, c)
	}
	return cols, nil
}

func unknownColumn(name string) error {
	if name == "" {
		return fmt.Errorf("a column's name is missing between two commas")
	}
	nearest, distance := flow.ColID, 1<<30
	for c := range flow.NumColumns {
		if d := editDistance(strings.ToLower(name), c.String()); d < distance {
			nearest, distance = c, d
		}
	}
	if distance > 1+len(name)/3 {
		return fmt.Errorf("no column %.64q; there are: %s", name, allNames())
	}
	return fmt.Errorf("no column %.64q, the nearest is %q", name, nearest)
}

func allNames() string {
	names := make([]string, flow.NumColumns)
	for c := range flow.NumColumns {
		names[c] = c.String()
	}
	return strings.Join(names, " ")
}

// editDistance is the Levenshtein distance of two short words; a longer a is as far as it is long.
func editDistance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	line := make([]int, len(b)+1)
	for j := range line {
		line[j] = j
	}
	for i := range len(a) {
		diagonal := line[0]
		line[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, line[j+1] = line[j+1], min(diagonal+cost, line[j+1]+1, line[j]+1)
		}
	}
	return line[len(b)]
}
