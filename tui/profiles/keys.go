package profiles

import (
	"strconv"

	"cxlens/query/profile"
	"cxlens/tui/keymap"
)

// The actions of the list.
const (
	actUp        = "profile-list.up"
	actDown      = "profile-list.down"
	actPageUp    = "profile-list.page-up"
	actPageDown  = "profile-list.page-down"
	actRun       = "profile-list.run"
	actAside     = "profile-list.run-in-new-tab"
	actSearch    = "profile-list.search"
	actFound     = "profile-list.found"
	actSave      = "profile-list.save"
	actSaveAs    = "profile-list.save-as"
	actRename    = "profile-list.rename"
	actDelete    = "profile-list.delete"
	actDuplicate = "profile-list.duplicate"
	actNumber    = "profile-list.number"
	actStart     = "profile-list.start"
	actLeave     = "profile-list.leave"
	actFavourite = "profile-list.favourite-" // and 1 to 9
)

const (
	noProfile = "there is no profile here"
	onlyParam = "this is the only parameter"
	notOwn    = "only profiles of your own can be changed; c makes one of it"
)

// Keys are the bindings of the list.
func Keys() keymap.Map {
	km := keymap.Map{Pane: "profile list", Bindings: []keymap.Binding{
		{ID: actUp, Keys: []string{"up", "k", "ctrl+p"}, Help: "profile up", Why: "this is the first"},
		{ID: actDown, Keys: []string{"down", "j", "ctrl+n"}, Help: "profile down", Why: "this is the last"},
		{ID: actPageUp, Keys: []string{"pgup", "home", "g"}, Help: "page up", Why: "this is the first"},
		{ID: actPageDown, Keys: []string{"pgdown", "end", "G"}, Help: "page down", Why: "this is the last"},
		{ID: actRun, Keys: []string{"enter"}, Help: "run it in this tab", Why: noProfile},
		{ID: actAside, Keys: []string{"t", "ctrl+t"}, Help: "run it in a new tab", Why: noProfile},
		{ID: actSearch, Keys: []string{"/"}, Help: "search by name, description and query; Enter runs, Esc ends it"},
		{ID: actFound, Keys: []string{"tab"}, Help: "while searching: stay with what is found", Why: "nothing is searched; / begins"},
		{ID: actSave, Keys: []string{"s"}, Help: "save the view of this tab under its profile"},
		{ID: actSaveAs, Keys: []string{"S"}, Help: "save the view of this tab under another name"},
		{ID: actRename, Keys: []string{"r", "R"}, Help: "rename the profile", Why: notOwn},
		{ID: actDelete, Keys: []string{"x", "delete"}, Help: "delete the profile, after a question", Why: notOwn},
		{ID: actDuplicate, Keys: []string{"c"}, Help: "copy it to a profile of your own", Why: noProfile},
		{ID: actNumber, Keys: []string{"f"}, Help: "give it a favourite number, or take it away", Why: noProfile},
		{ID: actStart, Keys: []string{"D"}, Help: "run it on start, or no longer", Why: noProfile},
		{ID: actLeave, Keys: []string{"esc", "q", "p", "ctrl+c"}, Help: "back to the flows"},
	}}
	for i := range profile.Favourites {
		n := strconv.Itoa(i + 1)
		km.Bindings = append(km.Bindings, keymap.Binding{
			ID: actFavourite + n, Keys: []string{n}, Help: "run favourite " + n, Why: "no profile has the number " + n + "; f gives one",
		})
	}
	return km
}

// ParamKeys are the bindings of the box that asks for parameters.
func ParamKeys() keymap.Map {
	return keymap.Map{Pane: "parameters", Bindings: []keymap.Binding{
		{ID: "parameters.run", Keys: []string{"enter"}, Help: "run the profile with these values", Why: "it does not run with these values"},
		{ID: "parameters.next", Keys: []string{"tab", "down"}, Help: "next parameter", Why: onlyParam},
		{ID: "parameters.previous", Keys: []string{"shift+tab", "up"}, Help: "parameter before", Why: onlyParam},
		{ID: "parameters.leave", Keys: []string{"esc", "ctrl+c"}, Help: "leave it, nothing runs"},
	}}
}
