package tui

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/query/profile"
	"cxlens/tui/human"
)

// profileFiled tells what came of work on the files of profiles.
type profileFiled struct {
	err  error
	then func() tea.Cmd // what the screen does when it went well
	seek string         // the profile that the list goes to
	read profilesRead   // what there is then
}

// filed is a command that works on the files of profiles and reads what there is then, so that the list is never
// behind what is said.
func (m *model) filed(work func() profileFiled) tea.Cmd {
	read := m.profileReader()
	return func() tea.Msg {
		done := work()
		done.read = read()
		return done
	}
}

// profileFiled says what came of it.
func (m *model) profileFiled(msg profileFiled) tea.Cmd {
	if msg.seek != "" && m.profiles.list != nil {
		m.profiles.list.Want(msg.seek)
	}
	m.profilesRead(msg.read)
	if msg.err != nil {
		m.fail(msg.err)
		return nil
	}
	cmd := msg.then()
	m.fillProfiles() // the tab may run another one now
	return cmd
}

// saveProfile saves the view of the tab under its profile's name, after a question.
func (m *model) saveProfile() tea.Cmd {
	if m.saved == nil {
		return m.saveProfileAs("")
	}
	e, parts := m.saved.entry, m.changed()
	switch {
	case len(parts) == 0:
		m.warn(e.Name + " is as it was saved")
		return nil
	case e.Origin != profile.Own:
		return m.saveProfileAs(e.Name)
	}
	m.confirm(fmt.Sprintf("Save the view as profile %s? Changed: %s.%s", e.Name, strings.Join(parts, ", "), m.losesParameters()), func() tea.Cmd {
		return m.replaceProfile(e)
	})
	return nil
}

// losesParameters says what of a profile a changed query takes with it.
func (m *model) losesParameters() string {
	asks, err := m.saved.entry.Asks()
	if err != nil || len(asks) == 0 {
		return ""
	}
	left, err := m.kept().Asks()
	if err != nil || len(left) >= len(asks) {
		return ""
	}
	if len(left) == 0 {
		return " It asks for nothing then: the query in the line has values in place of parameters."
	}
	return fmt.Sprintf(" It asks for %s then, instead of %d: the query in the line has values in place of others.",
		human.Plural(len(left), "parameter"), len(asks))
}

// kept is the tab's profile with the view as it is now; a new one when it runs none.
func (m *model) kept() *profile.Profile {
	if m.saved == nil {
		p := m.view().asNew()
		p.Theme = m.otherTheme()
		return p
	}
	return m.view().keep(m.saved.entry.Profile, m.saved.was)
}

// replaceProfile writes the view of the tab over a profile of the person's own.
func (m *model) replaceProfile(e profile.Entry) tea.Cmd {
	p := m.kept()
	return m.write(e.Name, p, func(s profile.Store) error { return s.Replace(e, p) })
}

// write runs the work that saves the view of the tab on the screen as p. A file that is in the way, or that changed
// meanwhile, is asked about.
func (m *model) write(name string, p *profile.Profile, work func(profile.Store) error) tea.Cmd {
	store, t, was := m.opts.Profiles, m.tab, m.view()
	return m.filed(func() profileFiled {
		err := work(store)
		if errors.Is(err, profile.ErrExists) || errors.Is(err, profile.ErrChanged) {
			if now, gerr := store.Get(name); gerr == nil && now.Origin == profile.Own {
				return profileFiled{then: func() tea.Cmd { return m.askReplace(now, p, err) }}
			}
			if errors.Is(err, profile.ErrChanged) {
				err = fmt.Errorf("not saved, save it under another name: %w", err)
			}
		}
		if err != nil {
			return profileFiled{err: err}
		}
		e, err := store.Get(name)
		if err != nil {
			return profileFiled{err: err}
		}
		return profileFiled{then: func() tea.Cmd { m.savedIn(t, e, was); return nil }, seek: name}
	})
}

// savedIn notes that the view of a tab is that of a profile now.
func (m *model) savedIn(t *tab, e profile.Entry, was view) {
	if t.ownTheme == nil && e.Theme == m.theme.theme.Name {
		t.ownTheme = m.theme.theme // it was chosen for the screen, and the profile has it now
		was.theme = e.Theme
	}
	t.saved, t.name = &savedView{entry: e, was: was}, e.Name
	text := "saved as profile " + e.Name
	if t.refined != "" {
		text += "; the refinement is not part of it"
	}
	m.tell(text)
}

// askReplace asks whether a profile that is there is to be replaced.
func (m *model) askReplace(now profile.Entry, p *profile.Profile, why error) tea.Cmd {
	question := "There is a profile " + now.Name + " of your own. Replace it?"
	if errors.Is(why, profile.ErrChanged) {
		question = "Another program changed the profile " + now.Name + " since it was read. Replace it all the same?"
	}
	m.confirm(question, func() tea.Cmd {
		return m.write(now.Name, p, func(s profile.Store) error { return s.Replace(now, p) })
	})
	return nil
}

// saveProfileAs asks for a name and saves the view of the tab under it.
func (m *model) saveProfileAs(name string) tea.Cmd {
	hints := []string{nameHint + ";", "words behind the name describe the profile"}
	if name != "" {
		hints = append(hints, name+" "+notYours(m.saved.entry)+": the view is saved as one of your own, which goes before it")
	}
	m.askName("save the view as a profile", name, hints, func(name, words string) (tea.Cmd, error) {
		p := m.kept()
		if words != "" {
			p.Description = words
		}
		if err := p.Check(); err != nil {
			return nil, err
		}
		return m.write(name, p, func(s profile.Store) error { return s.Save(name, p, false) }), nil
	})
	return nil
}

// notYours says why a profile is not changed.
func notYours(e profile.Entry) string {
	if e.Origin == profile.Shipped {
		return "comes with the program"
	}
	return "is shared"
}

// renameProfile asks for another name of a profile of the person's own.
func (m *model) renameProfile(e profile.Entry) {
	m.askName("rename the profile "+e.Name, e.Name, []string{nameHint}, onlyName(func(name string) tea.Cmd {
		if name == e.Name {
			return nil
		}
		return m.file(name, "renamed "+e.Name+" to "+name, func(s profile.Store) error { return s.Rename(e.Name, name) }, func() {
			m.renamedTo(e.Name, name)
		})
	}))
}

// renamedTo lets the tabs that run a profile follow its new name.
func (m *model) renamedTo(was, name string) {
	for _, t := range m.tabs.open {
		if t.saved == nil || t.saved.entry.Name != was || t.saved.entry.Origin != profile.Own {
			continue
		}
		t.saved.entry.Name = name
		if t.name == was {
			t.name = name
		}
	}
}

// deleteProfile asks before it deletes.
func (m *model) deleteProfile(e profile.Entry) {
	m.confirm("Delete the profile "+e.Name+"? Its file is removed: "+e.Path, func() tea.Cmd {
		return m.file("", "deleted the profile "+e.Name, func(s profile.Store) error {
			err := s.Delete(e)
			if errors.Is(err, profile.ErrChanged) {
				err = fmt.Errorf("not deleted: %w", err)
			}
			return err
		}, nil)
	})
}

// duplicateProfile asks for the name of the copy, which is the person's own.
func (m *model) duplicateProfile(e profile.Entry) {
	m.askName("copy the profile "+e.Name, e.Name+"-copy", []string{nameHint}, onlyName(func(name string) tea.Cmd {
		return m.file(name, "copied "+e.Name+" to "+name, func(s profile.Store) error { return s.Duplicate(e.Name, name) }, nil)
	}))
}

// setFavourite gives a profile a number, 0 for none.
func (m *model) setFavourite(name string, n int) tea.Cmd {
	say := fmt.Sprintf("%s %d runs %s", m.keys.profiles.KeyOf(actProfiles), n, name)
	if n == 0 {
		say = name + " has no number any more"
	}
	return m.file("", say, func(s profile.Store) error { return s.SetFavourite(name, n) }, nil)
}

// setStart makes a profile the one that is run on start, "" for none.
func (m *model) setStart(name string) tea.Cmd {
	say := name + " runs when the program begins without a query"
	if name == "" {
		say = "no profile is run on start any more"
	}
	return m.file("", say, func(s profile.Store) error { return s.SetStart(name) }, nil)
}

// file does work on the files of profiles; done is called on the screen when it went well.
func (m *model) file(seek, say string, work func(profile.Store) error, done func()) tea.Cmd {
	store := m.opts.Profiles
	return m.filed(func() profileFiled {
		if err := work(store); err != nil {
			return profileFiled{err: err}
		}
		return profileFiled{seek: seek, then: func() tea.Cmd {
			if done != nil {
				done()
			}
			m.tell(say)
			return nil
		}}
	})
}
