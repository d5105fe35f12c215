package export

import (
	"fmt"
	"strings"

	"cxlens/internal/flow"
	"cxlens/internal/nearest"
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
		if shown, screen := flow.ParseShown(name); !ok && screen {
			return nil, fmt.Errorf("column %s is of the screen only, which knows names and networks; leave it out", shown)
		}
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
	if near := nearest.Words(name, allNames()); len(near) > 0 {
		return fmt.Errorf("no column %.64q, the nearest is %q", name, near[0])
	}
	return fmt.Errorf("no column %.64q; there are: %s", name, strings.Join(allNames(), " "))
}

func allNames() []string {
	names := make([]string, flow.NumColumns)
	for c := range flow.NumColumns {
		names[c] = c.String()
	}
	return names
}
