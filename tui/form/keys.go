package form

import "cxlens/tui/keymap"

// The actions of the form.
const (
	next       = "form.next"
	back       = "form.back"
	down       = "form.down"
	up         = "form.up"
	column     = "form.column"
	columnBack = "form.column-back"
	right      = "form.right"
	left       = "form.left"
	toggle     = "form.toggle"
	empty      = "form.empty"
	accept     = "form.run"
	leave      = "form.leave"
)

// Keys are the bindings of the form; the editing keys of a text are those of a shell.
func Keys() keymap.Map {
	return keymap.Map{Pane: "form", Bindings: []keymap.Binding{
		{ID: down, Keys: []string{"down", "ctrl+n"}, Help: "next field"},
		{ID: up, Keys: []string{"up", "ctrl+p"}, Help: "field before"},
		{ID: next, Keys: []string{"tab"}, Help: "next part of a field, then the next field"},
		{ID: back, Keys: []string{"shift+tab"}, Help: "part or field before"},
		{ID: column, Keys: []string{"pgdown"}, Help: "next column"},
		{ID: columnBack, Keys: []string{"pgup"}, Help: "column before"},
		{ID: right, Keys: []string{"right"}, Help: "next choice or flag; in a text, the cursor to the right", Why: "at the end"},
		{ID: left, Keys: []string{"left"}, Help: "choice or flag before; in a text, the cursor to the left", Why: "at the beginning"},
		{ID: toggle, Keys: []string{"space"}, Help: "set a flag or not, next choice; typing a flag's letter does the same"},
		{ID: empty, Keys: []string{"ctrl+r"}, Help: "empty all conditions", Why: "there is no condition to empty"},
		{ID: accept, Keys: []string{"enter"}, Help: "run the query", Why: "the marked field has an error"},
		{ID: leave, Keys: []string{"esc", "ctrl+c"}, Help: "leave the query as it was"},
	}}
}
