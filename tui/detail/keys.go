package detail

import "cxlens/tui/keymap"

const none = "this flow has no such query; the last section says why"

// Keys are the bindings of a flow's detail.
func Keys() keymap.Map {
	return keymap.Map{Pane: "flow", Bindings: []keymap.Binding{
		{ID: "detail.up", Keys: []string{"up", "k"}, Help: "field up", Why: "this is the first field"},
		{ID: "detail.down", Keys: []string{"down", "j"}, Help: "field down", Why: "this is the last field"},
		{ID: "detail.page-up", Keys: []string{"pgup", "ctrl+u"}, Help: "page up", Why: "this is the first field"},
		{ID: "detail.page-down", Keys: []string{"pgdown", "ctrl+d", "space"}, Help: "page down", Why: "this is the last field"},
		{ID: "detail.previous", Keys: []string{"left", "h", "p"}, Help: "flow before", Why: "this is the first flow here"},
		{ID: "detail.next", Keys: []string{"right", "l", "n"}, Help: "next flow", Why: "this is the last flow here"},
		{ID: "detail.copy", Keys: []string{"y"}, Help: "copy this value"},
		{ID: "detail.copy-all", Keys: []string{"Y"}, Help: "copy all that is shown of the flow"},
		{ID: "detail.pair", Keys: []string{"P"}, Help: "related: this pair of hosts", Why: none},
		{ID: "detail.connection", Keys: []string{"B"}, Help: "related: both directions between these hosts and ports", Why: none},
		{ID: "detail.source", Keys: []string{"s"}, Help: "related: all of this source", Why: none},
		{ID: "detail.target", Keys: []string{"d"}, Help: "related: all to this destination and port", Why: none},
		{ID: "detail.same-port", Keys: []string{"D"}, Help: "related: this source to the same port of any host", Why: none},
		{ID: "detail.around", Keys: []string{"~", "±"}, Help: "related: minutes before and after this flow", Why: none},
		{ID: "detail.aside", Keys: []string{"o"}, Help: "the related flows open in a new tab, or here"},
		{ID: "detail.open", Keys: []string{"enter"}, Help: "open the related flows under the cursor, else back", Why: none},
		{ID: "detail.leave", Keys: []string{"esc", "q", "ctrl+c"}, Help: "back to the flows"},
	}}
}

// actions are the pivots that the keys of the detail stand for.
var actions = map[string]string{
	"detail.pair": "pivot.pair", "detail.connection": "pivot.connection", "detail.source": "pivot.source", "detail.target": "pivot.target",
	"detail.same-port": "pivot.same-port", "detail.around": "pivot.around", "detail.aside": "pivot.new-tab",
}

// keyOf is the key of the detail for a pivot.
func keyOf(keys keymap.Map, action string) string {
	for id, a := range actions {
		if a == action {
			return keys.KeyOf(id)
		}
	}
	return ""
}
