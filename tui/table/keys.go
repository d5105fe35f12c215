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

	MarkRow    = "table.mark"
	MarkAll    = "table.mark-all"
	MarkInvert = "table.mark-invert"
	MarkClear  = "table.mark-clear"
	MarkOnly   = "table.mark-only"
	FindNext   = "table.find-next"
	FindBack   = "table.find-back"

	RemoveSort  = "table.sort-remove"
	ColumnLeft  = "table.column-left"
	ColumnRight = "table.column-right"
	Narrower    = "table.column-narrower"
	Wider       = "table.column-wider"
	Hide        = "table.column-hide"
	Freeze      = "table.column-freeze"
	Reset       = "table.columns-reset"
	ScrollLeft  = "table.scroll-left"
	ScrollRight = "table.scroll-right"
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
		{ID: RemoveSort, Keys: []string{"X"}, Help: "take this column out of the sort", Why: "this column is not in the sort, or the only one in it"},
		{ID: Unsort, Keys: []string{"u"}, Help: "back to the order of arrival", Why: "the rows stand as they arrived"},
		{ID: Exact, Keys: []string{"="}, Help: "exact or rounded numbers"},
		{ID: MarkRow, Keys: []string{"space"}, Help: "mark this row, or no longer", Why: noRows},
		{ID: MarkAll, Keys: []string{"a"}, Help: "mark all rows shown", Why: noRows},
		{ID: MarkInvert, Keys: []string{"I"}, Help: "turn the marks of the rows shown around", Why: noRows},
		{ID: MarkClear, Keys: []string{"J"}, Help: "take all marks away", Why: "no row is marked"},
		{ID: MarkOnly, Keys: []string{"v"}, Help: "show only the marked rows, or all again", Why: "no row is marked"},
		{ID: FindNext, Keys: []string{"."}, Help: "next match of the search", Why: "nothing is searched for; ^f searches in the cells"},
		{ID: FindBack, Keys: []string{","}, Help: "match before", Why: "nothing is searched for; ^f searches in the cells"},
		{ID: ScrollLeft, Keys: []string{"shift+left", "alt+h"}, Help: "scroll the columns to the left", Why: "the first column is on the screen"},
		{ID: ScrollRight, Keys: []string{"shift+right", "alt+l"}, Help: "scroll the columns to the right", Why: "the last column is on the screen"},
		{ID: ColumnLeft, Keys: []string{"<"}, Help: "move this column to the left", Why: "this is the first column on the screen; c lists all of them"},
		{ID: ColumnRight, Keys: []string{">"}, Help: "move this column to the right", Why: "this is the last column on the screen; c lists all of them"},
		{ID: Narrower, Keys: []string{"("}, Help: "make this column narrower", Why: "the column cannot be narrower"},
		{ID: Wider, Keys: []string{")"}, Help: "make this column wider", Why: "the column cannot be wider"},
		{ID: Hide, Keys: []string{"H"}, Help: "hide this column", Why: "one column has to stay"},
		{ID: Freeze, Keys: []string{"|"}, Help: "freeze the columns up to this one, or none", Why: "one column has to be left to scroll"},
		{ID: Reset, Keys: []string{"0"}, Help: "columns as at first, again: as they were", Why: "the columns are as at first"},
	}}
}
