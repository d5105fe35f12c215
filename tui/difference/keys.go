package difference

import "cxlens/tui/keymap"

// The actions that the root acts on.
const (
	Enter  = "difference.enter"
	Aside  = "difference.new-tab"
	Export = "difference.export"
	Edit   = "difference.edit"
	Again  = "difference.again"
	Leave  = "difference.leave"
)

const (
	noRow   = "there is no row under the cursor"
	running = "the two answers are still coming"
)

// Keys are the bindings of a difference.
func Keys() keymap.Map {
	return keymap.Map{Pane: "difference", Bindings: []keymap.Binding{
		{ID: "difference.up", Keys: []string{"up", "k"}, Help: "row up", Why: "this is the first row"},
		{ID: "difference.down", Keys: []string{"down", "j"}, Help: "row down", Why: "this is the last row"},
		{ID: "difference.page-up", Keys: []string{"pgup", "ctrl+u"}, Help: "page up", Why: "this is the first row"},
		{ID: "difference.page-down", Keys: []string{"pgdown", "ctrl+d", "space"}, Help: "page down", Why: "this is the last row"},
		{ID: "difference.top", Keys: []string{"home"}, Help: "first row", Why: "this is the first row"},
		{ID: "difference.bottom", Keys: []string{"end", "G"}, Help: "last row", Why: "this is the last row"},
		{ID: "difference.all", Keys: []string{"a"}, Help: "all that differs", Why: running},
		{ID: "difference.new", Keys: []string{"n"}, Help: "only what is new", Why: running},
		{ID: "difference.gone", Keys: []string{"g"}, Help: "only what is gone", Why: running},
		{ID: "difference.changed", Keys: []string{"c"}, Help: "only what has changed", Why: running},
		{ID: "difference.same", Keys: []string{"="}, Help: "only what is the same", Why: running},
		{ID: "difference.metric", Keys: []string{"m"}, Help: "by bytes, flows or packets: asks the server again"},
		{ID: Enter, Keys: []string{"enter"}, Help: "the flows of this key, on the side where they are", Why: noRow},
		{ID: Aside, Keys: []string{"o"}, Help: "the flows of this key in a new tab", Why: noRow},
		{ID: "difference.copy", Keys: []string{"y"}, Help: "copy this row", Why: noRow},
		{ID: Export, Keys: []string{"x"}, Help: "write the rows here to a CSV or JSONL file", Why: noRow},
		{ID: Edit, Keys: []string{"d", "e"}, Help: "compare with something else, or by other columns"},
		{ID: Again, Keys: []string{"r"}, Help: "compare again"},
		{ID: Leave, Keys: []string{"esc", "q", "ctrl+c"}, Help: "cancel what runs, back to the flows"},
	}}
}
