package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/query/profile"
	"cxlens/tui/keymap"
	"cxlens/tui/profiles"
	"cxlens/tui/prompt"
)

// The actions of profiles on the main screen.
const (
	actProfiles      = "profiles.list"
	actProfileSave   = "profiles.save"
	actProfileSaveAs = "profiles.save-as"
	runProfileID     = "profile." // and the profile's name: in the palette
)

const noQueryRun = "no query has run in this tab yet"

// profileKeys are the bindings of profiles on the main screen.
func profileKeys() keymap.Map {
	return keymap.Map{Pane: "profiles", Bindings: []keymap.Binding{
		{ID: actProfiles, Keys: []string{"p"}, Help: "saved profiles; p and then 1 to 9 runs a favourite"},
		{ID: actProfileSave, Help: "save the view of this tab under its profile", Why: noQueryRun},
		{ID: actProfileSaveAs, Help: "save the view of this tab as a profile", Why: noQueryRun},
	}}
}

// profileMaps are the bindings of profiles; in AllKeys they come before those of the views.
type profileMaps struct{ profiles, profileList, params keymap.Map }

func profileKeyMaps() []keymap.Map {
	return []keymap.Map{profileKeys(), profiles.Keys(), profiles.ParamKeys()}
}

func takeProfileMaps(all []keymap.Map) profileMaps {
	own := all[len(all)-len(viewKeyMaps())-len(profileKeyMaps()):]
	return profileMaps{profiles: own[0], profileList: own[1], params: own[2]}
}

// savedViews is what the screen knows of profiles.
type savedViews struct {
	entries []profile.Entry
	marks   profile.Marks
	damaged []string
	read    bool

	// values were given for parameters in this run of the program, by profile.
	values map[string]map[string]string
	asked  uint64 // the newest request to run a profile; answers of older ones are dropped
	reads  uint64 // the newest reading of the folders
	began  bool   // what is run on start was looked for

	list   *profiles.List
	params *profiles.Params
}

// profilesRead brings all profiles.
type profilesRead struct {
	seq     uint64
	entries []profile.Entry
	marks   profile.Marks
	damaged []string
}

// profileEvent takes in what commands found out about profiles.
func (m *model) profileEvent(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case profilesRead:
		m.profilesRead(msg)
	case profileFound:
		return m.profileFound(msg)
	case startFound:
		return m.startFound(msg)
	case profileFiled:
		return m.profileFiled(msg)
	case tabThemeLoaded:
		m.tabThemeLoaded(msg)
	}
	return nil
}

// actProfile runs an action of profiles.
func (m *model) actProfile(id string) (tea.Cmd, bool) {
	switch {
	case m.src == nil:
		return nil, false
	case id == actProfiles:
		return m.openProfiles(), true
	case m.run.res == nil:
		return nil, false
	case id == actProfileSave:
		return m.saveProfile(), true
	}
	return m.saveProfileAs(""), true
}

// readProfiles reads the folders of profiles.
func (m *model) readProfiles() tea.Cmd {
	read := m.profileReader()
	return func() tea.Msg { return read() }
}

// profileReader returns what reads the folders, in a command; what an earlier one brings is dropped then.
func (m *model) profileReader() func() profilesRead {
	m.profiles.reads++
	store, seq := m.opts.Profiles, m.profiles.reads
	return func() profilesRead {
		entries, bad := store.List()
		marks, err := store.Marks()
		if err != nil {
			bad = append(bad, err)
		}
		damaged := make([]string, 0, len(bad))
		for _, err := range bad {
			damaged = append(damaged, strings.Split(err.Error(), "\n")...)
		}
		return profilesRead{seq, entries, marks, damaged}
	}
}

// profilesRead takes the profiles in; what cannot be used is also a notice, once.
func (m *model) profilesRead(msg profilesRead) {
	p := &m.profiles
	if msg.seq != p.reads {
		return
	}
	for _, text := range msg.damaged {
		if !slices.Contains(p.damaged, text) {
			m.notice(text)
		}
	}
	p.entries, p.marks, p.damaged, p.read = msg.entries, msg.marks, msg.damaged, true
	m.fillProfiles()
}

// fillProfiles shows what was read in the list, if it is open.
func (m *model) fillProfiles() {
	p := &m.profiles
	if p.list == nil || !p.read {
		return
	}
	all := make([]profiles.Item, len(p.entries))
	for i, e := range p.entries {
		all[i] = profiles.Item{
			Entry: e, Number: p.marks.Number(e.Name), Start: p.marks.Start == e.Name,
			Here: m.saved != nil && m.saved.entry.Name == e.Name,
		}
	}
	p.list.Set(all, p.damaged)
}

// openProfiles opens the list on what is known, and reads the folders again.
func (m *model) openProfiles() tea.Cmd {
	list := profiles.NewList(m.keys.profileList)
	list.Leave, list.Say = m.toFlows, m.warn
	list.Run = m.findProfile
	list.Save = func() tea.Cmd { return m.needsRun(m.saveProfile) }
	list.SaveAs = func() tea.Cmd { return m.needsRun(func() tea.Cmd { return m.saveProfileAs("") }) }
	list.Rename, list.Delete, list.Duplicate = m.renameProfile, m.deleteProfile, m.duplicateProfile
	list.Number = m.setFavourite
	list.Start = m.setStart
	m.profiles.list, m.mode = list, modeProfiles
	m.fillProfiles()
	return m.readProfiles()
}

func (m *model) needsRun(do func() tea.Cmd) tea.Cmd {
	if m.run.res == nil {
		m.warn(noQueryRun)
		return nil
	}
	return do()
}

// backHere returns what gives the keyboard back to the part that has it now, if that is the list of profiles, else to
// the flows.
func (m *model) backHere() func() {
	if m.mode == modeProfiles {
		return func() { m.mode = modeProfiles }
	}
	return m.toFlows
}

// confirm asks a question.
func (m *model) confirm(question string, yes func() tea.Cmd) {
	back := m.backHere()
	m.ask = &prompt.Ask{
		Keys: m.keys.ask, Question: question,
		Yes: func() tea.Cmd { back(); return yes() },
		No:  func() tea.Cmd { back(); return nil },
	}
	m.mode = modeAsk
}

// askName asks for a profile's name; accept gets one that is safe, and the words behind it.
func (m *model) askName(title, text string, hints []string, accept func(name, words string) (tea.Cmd, error)) {
	back := m.backHere()
	m.prompt = prompt.New(m.keys.prompt, title, text, hints...)
	m.prompt.Leave = back
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		name, words, _ := strings.Cut(strings.TrimSpace(text), " ")
		if err := profile.CheckName(name); err != nil {
			return nil, err
		}
		cmd, err := accept(name, strings.TrimSpace(words))
		if err == nil {
			back()
		}
		return cmd, err
	}
	m.mode = modePrompt
}

const nameHint = "letters a-z, digits, -, _ and . make a name"

// onlyName refuses words behind a name.
func onlyName(accept func(name string) tea.Cmd) func(name, words string) (tea.Cmd, error) {
	return func(name, words string) (tea.Cmd, error) {
		if words != "" {
			return nil, errors.New("a name has no blanks")
		}
		return accept(name), nil
	}
}

// paletteProfiles are the profiles as actions of the palette.
func (m *model) paletteProfiles() keymap.Map {
	km := keymap.Map{Pane: "profile"}
	for _, e := range m.profiles.entries {
		var keys []string
		if n := m.profiles.marks.Number(e.Name); n > 0 {
			keys = []string{fmt.Sprintf("%s %d", m.keys.profiles.KeyOf(actProfiles), n)}
		}
		km.Bindings = append(km.Bindings, keymap.Binding{ID: runProfileID + e.Name, Keys: keys, Help: "run " + e.Name})
	}
	return km
}
