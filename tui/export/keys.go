package export

import "cxlens/tui/keymap"

// Keys are the bindings of the box.
func Keys() keymap.Map {
	return keymap.Map{Pane: "export", Bindings: []keymap.Binding{
		{ID: "export.write", Keys: []string{"enter"}, Help: "write; while it writes: back to the flows, it goes on", Why: "this cannot be written as it stands"},
		{ID: "export.up", Keys: []string{"up", "ctrl+p"}, Help: "line up", Why: "this is the first line"},
		{ID: "export.down", Keys: []string{"down", "ctrl+n"}, Help: "line down", Why: "this is the last line"},
		{ID: "export.change", Keys: []string{"space", "right", "left"}, Help: "change the choice of this line", Why: "these are all rows there are to write"},
		{ID: "export.columns", Keys: []string{"tab"}, Help: "shown columns or all columns"},
		{ID: "export.leave", Keys: []string{"esc", "ctrl+c"}, Help: "stop writing, else close"},
	}}
}
