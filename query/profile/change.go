package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// ErrExists is a name that a profile of the user's own has already.
var ErrExists = errors.New("there is a profile of that name")

// ErrChanged is a file that is not as it was when it was read: another program wrote it or took it away.
var ErrChanged = errors.New("was changed by another program since it was read")

// Save writes a profile of the user's own, whole or not at all. A profile of that name that is not
// the user's own stays as it is behind the new one; an own one is replaced with replace only, else the
// error is ErrExists.
func (s Store) Save(name string, p *Profile, replace bool) error {
	if err := s.writable(name); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return fmt.Errorf("profile %s: %w", name, err)
	}
	data, err := p.Marshal()
	if err != nil {
		return fmt.Errorf("profile %s: %w", name, err)
	}
	if len(data) > MaxFile {
		return fmt.Errorf("profile %s: larger than %d bytes", name, MaxFile)
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return fmt.Errorf("save profile %s: %w", name, err)
	}
	if !replace {
		return s.create(name, data)
	}
	if err := renameio.WriteFile(s.path(name), data, 0o600); err != nil {
		return fmt.Errorf("save profile %s: %w", name, err)
	}
	return nil
}

// create writes a file that must not be there yet: a link, unlike a rename, replaces nothing, so
// that of two programs that save the same name one is told.
func (s Store) create(name string, data []byte) error {
	f, err := renameio.NewPendingFile(s.path(name), renameio.WithPermissions(0o600))
	if err != nil {
		return fmt.Errorf("save profile %s: %w", name, err)
	}
	defer func() { _ = f.Cleanup() }() // what was linked stays
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Link(f.Name(), s.path(name))
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("profile %s: %w", name, ErrExists)
	}
	if _, missing := os.Lstat(s.path(name)); errors.Is(err, errors.ErrUnsupported) && errors.Is(missing, fs.ErrNotExist) {
		err = f.CloseAtomicallyReplace() // a file system without hard links
	}
	if err != nil {
		return fmt.Errorf("save profile %s: %w", name, err)
	}
	return nil
}

// Replace writes a profile of the user's own over the one that was read as e. The error is ErrChanged when
// the file is another one by now.
func (s Store) Replace(e Entry, p *Profile) error {
	if err := s.unchanged(e); err != nil {
		return err
	}
	return s.Save(e.Name, p, true)
}

// Delete removes the profile of the user's own that was read as e; one of the same name behind it comes to
// light. The error is ErrChanged when the file is another one by now.
func (s Store) Delete(e Entry) error {
	if err := s.own(e.Name); err != nil {
		return err
	}
	if err := s.unchanged(e); err != nil {
		return err
	}
	if err := os.Remove(s.path(e.Name)); err != nil {
		return fmt.Errorf("delete profile %s: %w", e.Name, err)
	}
	if _, err := s.Get(e.Name); errors.Is(err, ErrNotFound) {
		return s.remark(e.Name, "")
	}
	return nil
}

// unchanged is ErrChanged when the file of an own profile is not as it was when e was read. Between the look
// and what follows another program may still write: the files are a person's own, so that this is rare, and a
// lock would not bind an editor.
func (s Store) unchanged(e Entry) error {
	now, err := load(Own, s.Dir, e.Name)
	if err == nil && now.stamp == e.stamp {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errContent) {
		return err
	}
	return fmt.Errorf("profile %s %w: %s", e.Name, ErrChanged, s.path(e.Name))
}

// Duplicate saves a profile, of any origin, under another name as the user's own.
func (s Store) Duplicate(name, as string) error {
	e, err := s.Get(name)
	if err != nil {
		return err
	}
	return s.Save(as, e.Profile, false)
}

// Rename gives a profile of the user's own another name, which none of the own may have: ErrExists. The file
// stays as it is, comments included, and the favourites follow.
func (s Store) Rename(name, to string) error {
	if err := s.own(name); err != nil {
		return err
	}
	if err := CheckName(to); err != nil {
		return err
	}
	err := os.Link(s.path(name), s.path(to)) // unlike a rename it replaces nothing
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("profile %s: %w", to, ErrExists)
	case err != nil: // a file system without hard links
		err = s.Duplicate(name, to)
	}
	if err != nil {
		return err
	}
	if err := os.Remove(s.path(name)); err != nil {
		return fmt.Errorf("rename profile %s: %w", name, err)
	}
	return s.remark(name, to)
}

func (s Store) path(name string) string { return filepath.Join(s.Dir, name+ext) }

func (s Store) writable(name string) error {
	if s.Dir == "" {
		return fmt.Errorf("profile %s: there is no folder for profiles of your own", name)
	}
	return CheckName(name)
}

// own is an error for a profile that is not the user's own.
func (s Store) own(name string) error {
	if err := s.writable(name); err != nil {
		return err
	}
	if _, err := os.Lstat(s.path(name)); err == nil {
		return nil
	}
	e, err := s.Get(name)
	if err != nil {
		return err
	}
	where := "comes with the program"
	if e.Origin == Further {
		where = "lies in " + filepath.Dir(e.Path)
	}
	return fmt.Errorf("profile %s %s and cannot be changed; save it under a name of your own", name, where)
}
