package querybar

import (
	"slices"

	"cxlens/tui/field"
	"cxlens/tui/keymap"
)

// Keys are the bindings while the query is edited.
func Keys() keymap.Map {
	return keymap.Map{Pane: "query line", Bindings: slices.Concat([]keymap.Binding{
		{ID: "query.run", Keys: []string{"enter"}, Help: "run the query", Why: "the query cannot be read as it stands; mend it first"},
		{ID: "query.leave", Keys: []string{"esc", "ctrl+c"}, Help: "leave it as it was"},
		{ID: "query.earlier", Keys: []string{"up", "ctrl+p"}, Help: "row up, from the first one: earlier query that begins as this one", Why: "there is no earlier query"},
		{ID: "query.later", Keys: []string{"down", "ctrl+n"}, Help: "row down, from the last one: later query", Why: "this is the newest query"},
		{ID: "query.history", Keys: []string{"ctrl+r"}, Help: "search the queries that were run"},
		{ID: "query.parsed", Keys: []string{"alt+p"}, Help: "show how it is read: parentheses and names", Why: "the query cannot be read; mend it first"},
		{ID: "query.complete", Keys: []string{"tab"}, Help: "complete the word", Why: "nothing completes this word"},
		{ID: "query.complete-back", Keys: []string{"shift+tab"}, Help: "the completion before", Why: "nothing completes this word"},
	}, field.Bindings("query"))}
}
