package detail

import "cxlens/tui/keymap"

// Keys are the bindings of a flow's detail.
func Keys() keymap.Map {
	return keymap.Map{Pane: "flow", Bindings: []keymap.Binding{
		{ID: "detail.up", Keys: []string{"up", "k"}, Help: "scroll up", Why: "this is the top"},
		{ID: "detail.down", Keys: []string{"down", "j"}, Help: "scroll down", Why: "this is the end"},
		{ID: "detail.page-up", Keys: []string{"pgup", "ctrl+u"}, Help: "page up", Why: "this is the top"},
		{ID: "detail.page-down", Keys: []string{"pgdown", "ctrl+d", "space"}, Help: "page down", Why: "this is the end"},
		{ID: "detail.previous", Keys: []string{"left", "h", "p"}, Help: "flow before", Why: "this is the first flow here"},
		{ID: "detail.next", Keys: []string{"right", "l", "n"}, Help: "next flow", Why: "this is the last flow here"},
		{ID: "detail.leave", Keys: []string{"esc", "enter", "q", "ctrl+c"}, Help: "back to the flows"},
	}}
}
