package tui

import (
	"cxlens/tui/columns"
	"cxlens/tui/copyas"
	"cxlens/tui/detail"
	"cxlens/tui/difference"
	"cxlens/tui/export"
	"cxlens/tui/form"
	"cxlens/tui/help"
	"cxlens/tui/history"
	"cxlens/tui/keymap"
	"cxlens/tui/login"
	"cxlens/tui/nodes"
	"cxlens/tui/palette"
	"cxlens/tui/parsed"
	"cxlens/tui/prompt"
	"cxlens/tui/querybar"
	"cxlens/tui/table"
	"cxlens/tui/tabs"
	"cxlens/tui/themelist"
)

// The actions of the screen.
const (
	actEdit     = "screen.edit"
	actForm     = "screen.form"
	actRefine   = "screen.refine"
	actUnrefine = "screen.refine-clear"
	actHistory  = "screen.history"
	actSpan     = "screen.span"
	actAgain    = "screen.again"
	actFollow   = "screen.follow"
	actPause    = "screen.pause"
	actDetail   = "screen.detail"
	actColumns  = "screen.columns"
	actCopy     = "screen.copy"
	actCopyRow  = "screen.copy-row"
	actCopyAs   = "screen.copy-as"
	actParsed   = "screen.parsed"
	actExport   = "screen.export"
	actDiffer   = "screen.difference"
	actNodes    = "screen.nodes"
	actNotices  = "screen.notices"
	actMouse    = "screen.mouse"
	actPalette  = "screen.actions"
	actHelp     = "screen.keys"
	actSuspend  = "screen.suspend"
	actCancel   = "screen.cancel"
	actQuit     = "screen.quit"
)

const noRow = "there is no row under the cursor"

// Keys are the bindings of the screen itself.
func Keys() keymap.Map {
	return keymap.Map{Pane: "screen", Bindings: []keymap.Binding{
		{ID: actEdit, Keys: []string{":", "e"}, Help: "edit the query"},
		{ID: actForm, Keys: []string{"f"}, Help: "build the query in a form", Why: "the query cannot be read; mend it first"},
		{ID: actRefine, Keys: []string{"/"}, Help: "refine the rows here", Why: "there are no rows here to refine"},
		{ID: actUnrefine, Keys: []string{"esc"}, Help: "show all rows here again, else back from a pivot", Why: "nothing is refined; : edits the query"},
		{ID: actHistory, Keys: []string{"ctrl+r"}, Help: "search the queries that were run", Why: noHistory},
		{ID: actSpan, Keys: []string{"L"}, Help: "span of time and limit of rows"},
		{ID: actAgain, Keys: []string{"r"}, Help: "run again, in the present order"},
		{ID: actFollow, Keys: []string{"F"}, Help: "follow new flows, or no longer"},
		{ID: actPause, Keys: []string{"E"}, Help: "hold the rows of a followed query, or show what waits", Why: "no query is followed; F follows"},
		{ID: actDetail, Keys: []string{"enter"}, Help: "everything about this flow", Why: noRow},
		{ID: actColumns, Keys: []string{"c"}, Help: "choose the columns"},
		{ID: actCopy, Keys: []string{"y"}, Help: "copy this cell", Why: noRow},
		{ID: actCopyRow, Keys: []string{"Y"}, Help: "copy this row, or the marked ones", Why: noRow},
		{ID: actCopyAs, Keys: []string{"C"}, Help: "copy the query as BPF, Wireshark, nfdump or SQL", Why: "the query cannot be read; mend it first"},
		{ID: actParsed, Help: "show how the query is read: parentheses and names", Why: "the query cannot be read; mend it first"},
		{ID: actExport, Keys: []string{"x"}, Help: "export the rows here", Why: "there are no rows here to export"},
		{ID: actDiffer, Keys: []string{"d"}, Help: "difference to an earlier time or another tab", Why: "no query has run yet"},
		{ID: actNodes, Keys: []string{"n", "tab"}, Help: "nodes and their detail"},
		{ID: actNotices, Keys: []string{"!"}, Help: "read the notices", Why: "there are no notices"},
		{ID: actMouse, Keys: []string{"M"}, Help: "mouse for the program or for the terminal"},
		{ID: actPalette, Keys: []string{"ctrl+k"}, Help: "all actions by name"},
		{ID: actHelp, Keys: []string{"?"}, Help: "keys for this pane"},
		{ID: actSuspend, Keys: []string{"ctrl+z"}, Help: "suspend to the shell"},
		{ID: actCancel, Keys: []string{"ctrl+c"}, Help: "cancel what runs, again: quit"},
		{ID: actQuit, Keys: []string{"q"}, Help: "quit"},
	}}
}

// maps are the bindings of all parts of the screen.
type maps struct {
	viewMaps
	profileMaps
	screen, table, nodes, query, prompt, ask, login, columns, detail, export, help, palette, form, pivots, history, copyas, tabs, tabList, names, modes, themes, aloud keymap.Map

	difference, parsed, rows keymap.Map
}

// AllKeys are the bindings of every part of the screen, for the documentation.
func AllKeys() []keymap.Map {
	return append([]keymap.Map{
		Keys(), table.Keys(), nodes.Keys(), querybar.Keys(), prompt.Keys(), prompt.AskKeys(), login.Keys(),
		columns.Keys(), detail.Keys(), export.Keys(), help.Keys(), palette.Keys(), form.Keys(), pivotKeys(), history.Keys(),
		copyas.Keys(), tabKeys(), tabs.Keys(), nameKeys(), modeKeys(), themelist.Keys(),
		difference.Keys(), parsed.Keys(), rowKeys(), aloudKeys(),
	}, append(profileKeyMaps(), viewKeyMaps()...)...)
}

// newMaps replaces keys as the config says.
func newMaps(given keymap.Given) (maps, error) {
	all, err := keymap.Override(AllKeys(), given)
	if err != nil {
		return maps{}, err
	}
	m := maps{
		screen: all[0], table: all[1], nodes: all[2], query: all[3], prompt: all[4], ask: all[5], login: all[6],
		columns: all[7], detail: all[8], export: all[9], help: all[10], palette: all[11], form: all[12],
		pivots: all[13], history: all[14], copyas: all[15], tabs: all[16], tabList: all[17], names: all[18],
		modes: all[19], themes: all[20],
		difference: all[21], parsed: all[22], rows: all[23], aloud: all[24],
	}
	m.viewMaps, m.profileMaps = takeViewMaps(all), takeProfileMaps(all)
	return m, keymap.Disjoint(given, m.main()...)
}

// main are the bindings of the main screen, which are looked up together.
func (m maps) main() []keymap.Map {
	return []keymap.Map{m.screen, m.table, m.pivots, m.tabs, m.names, m.modes, m.aloud, m.rows, m.profiles, m.views}
}
