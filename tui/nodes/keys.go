package nodes

import "cxlens/tui/keymap"

// The actions of the node pane.
const (
	Up     = "nodes.up"
	Down   = "nodes.down"
	Detail = "nodes.detail"
	Leave  = "nodes.leave"
)

// Keys are the bindings of the node pane.
func Keys() keymap.Map {
	return keymap.Map{Pane: "nodes", Bindings: []keymap.Binding{
		{ID: Up, Keys: []string{"up", "k"}, Help: "node up", Why: "this is the first node"},
		{ID: Down, Keys: []string{"down", "j"}, Help: "node down", Why: "this is the last node"},
		{ID: Detail, Keys: []string{"enter", "space"}, Help: "show or hide the node's detail", Why: "the server reports no nodes"},
		{ID: Leave, Keys: []string{"esc", "n", "tab"}, Help: "back to the flows"},
	}}
}
