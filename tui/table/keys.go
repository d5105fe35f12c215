package table

import "cxlens/tui/keymap"

// The actions of the table.
const (
	Up       = "table.up"
	Down     = "table.down"
	PageUp   = "table.page-up"
	PageDown = "table.page-down"
	HalfUp   = "table.half-up"
	HalfDown = "table.half-down"
	Top      = "table.top"
	Bottom   = "table.bottom"
	Left     = "table.left"
	Right    = "table.right"
	Sort     = "table.sort"
	AddSort  = "table.sort-add"
	Unsort   = "table.sort-arrival"
	Exact    = "table.exact"
)

const noRows = "there are no rows here: run a query first"

// Keys are the table's bindings.
func Keys() keymap.Map {
	return keymap.Map{Pane: "flows", Bindings: []keymap.Binding{
		{ID: Up, Keys: []string{"up", "k"}, Help: "row up", Why: "this is the first row"},
		{ID: Down, Keys: []string{"down", "j"}, Help: "row down", Why: "this is the last row"},
		{ID: PageUp, Keys: []string{"pgup"}, Help: "page up", Why: "this is the first row"},
		{ID: PageDown, Keys: []string{"pgdown"}, Help: "page down", Why: "this is the last row"},
		{ID: HalfUp, Keys: []string{"ctrl+u"}, Help: "half a page up", Why: "this is the first row"},
		{ID: HalfDown, Keys: []string{"ctrl+d"}, Help: "half a page down", Why: "this is the last row"},
		{ID: Top, Keys: []string{"g", "home"}, Help: "first row", Why: "this is the first row"},
		{ID: Bottom, Keys: []string{"G", "end"}, Help: "last row", Why: "this is the last row"},
		{ID: Left, Keys: []string{"left", "h"}, Help: "column to the left", Why: "this is the first column"},
		{ID: Right, Keys: []string{"right", "l"}, Help: "column to the right", Why: "this is the last column; c chooses columns"},
		{ID: Sort, Keys: []string{"s"}, Help: "sort by this column, again: turn around", Why: noRows},
		{ID: AddSort, Keys: []string{"S"}, Help: "add this column to the sort", Why: noRows},
		{ID: Unsort, Keys: []string{"u"}, Help: "back to the order of arrival", Why: "the rows stand as they arrived"},
		{ID: Exact, Keys: []string{"="}, Help: "exact or rounded numbers"},
	}}
}
