package human

import (
	"strings"

	"cxlens/internal/flow"
)

// Line returns text as it is shown where there is room for one line only: line ends are blanks, and what does not
// belong on a screen is replaced as flow.Clean does.
func Line(text string) string { return flow.Clean(strings.ReplaceAll(text, "\n", " ")) }
