package profile

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cxlens/internal/smallfile"
)

//go:embed shipped/*.toml
var shipped embed.FS

// maxFiles is how many files a folder of profiles has at most.
const maxFiles = 10_000

// Store finds profiles: the user's own before those of the further folders, in their order,
// before the shipped ones. Its zero value knows the shipped ones.
type Store struct {
	// Dir holds the user's own profiles; it need not exist.
	Dir string
	// Further are folders that are only read.
	Further []string
	// MarksFile keeps the favourites and the profile that is run on start; it need not exist.
	MarksFile string
}

// Origin says whose a profile is.
type Origin uint8

// The origins. Only Own profiles can be changed.
const (
	Own Origin = iota
	Further
	Shipped
)

// String returns the origin as a word for a list.
func (o Origin) String() string { return [...]string{"own", "shared", "shipped"}[o] }

// Entry is a profile and where it comes from.
type Entry struct {
	Name   string
	Origin Origin
	Path   string // of the file, "" when shipped
	*Profile

	stamp [sha256.Size]byte // of what the file held when it was read
}

// Sum tells what a profile holds from what another one, or another version of it, does.
func (e Entry) Sum() string { return hex.EncodeToString(e.stamp[:]) }

// ErrNotFound is a name that no profile has.
var ErrNotFound = errors.New("no such profile")

// List returns the profiles by name, each name once, and what is wrong with files that cannot
// be used, one error each, naming the file.
func (s Store) List() (entries []Entry, damaged []error) {
	seen := make(map[string]bool)
	add := func(origin Origin, dir string) {
		names, err := files(dir)
		if err != nil {
			damaged = append(damaged, err)
		}
		for _, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			if e, err := load(origin, dir, name); err != nil {
				damaged = append(damaged, err)
			} else {
				entries = append(entries, e)
			}
		}
	}
	add(Own, s.Dir)
	for _, dir := range s.Further {
		add(Further, dir)
	}
	for _, name := range ShippedNames() {
		if !seen[name] {
			entries = append(entries, shippedEntry(name))
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	return entries, damaged
}

// Get returns the profile of that name. An error is a file that cannot be used, or ErrNotFound
// with the names there are.
func (s Store) Get(name string) (Entry, error) {
	if err := CheckName(name); err != nil {
		return Entry{}, err
	}
	for i, dir := range append([]string{s.Dir}, s.Further...) {
		e, err := load(Origin(min(i, 1)), dir, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return e, err
		}
	}
	if slices.Contains(ShippedNames(), name) {
		return shippedEntry(name), nil
	}
	entries, _ := s.List() // damaged files have no name to offer
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
	}
	return Entry{}, fmt.Errorf("%w as %q; there are %s", ErrNotFound, name, strings.Join(names, ", "))
}

// files lists the names of the profiles in a folder; a folder that is not there has none. Files
// whose names are no profile's are an error each.
func files(dir string) ([]string, error) {
	if dir == "" {
		return nil, nil
	}
	f, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	defer f.Close()
	found, err := f.Readdirnames(maxFiles + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	if len(found) > maxFiles {
		return nil, fmt.Errorf("profiles: %s has more than %d files", dir, maxFiles)
	}
	var names []string
	var bad []error
	for _, file := range found {
		name, ok := strings.CutSuffix(file, ext)
		if !ok || strings.HasPrefix(file, ".") { // renameio's temporary files begin with "."
			continue
		}
		if err := CheckName(name); err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", filepath.Join(dir, file), err))
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, errors.Join(bad...)
}

// load reads a file. An error wraps fs.ErrNotExist or names the file.
func load(origin Origin, dir, name string) (Entry, error) {
	if dir == "" {
		return Entry{}, fs.ErrNotExist
	}
	path := filepath.Join(dir, name+ext)
	data, err := smallfile.Read(path, MaxFile)
	if err != nil {
		return Entry{}, fmt.Errorf("profile %s: %w", name, err)
	}
	p, err := Parse(data)
	if err != nil {
		return Entry{}, fmt.Errorf("%s: %w", path, contentError{err})
	}
	return Entry{Name: name, Origin: origin, Path: path, Profile: p, stamp: sha256.Sum256(data)}, nil
}

// contentError is a file that was read and is no profile.
type contentError struct{ error }

// Unwrap returns what is wrong with it.
func (e contentError) Unwrap() error { return e.error }

// Is tells that it is errContent.
func (e contentError) Is(target error) bool { return target == errContent }

var errContent = errors.New("no profile")

// ShippedNames lists the profiles that the program brings with it, sorted.
func ShippedNames() []string {
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ext)
	}
	return names
}

func shippedEntry(name string) Entry {
	data, err := shipped.ReadFile("shipped/" + name + ext)
	if err != nil {
		panic(err) // the name is one of ShippedNames
	}
	p, err := Parse(data)
	if err != nil {
		panic(fmt.Sprintf("shipped profile %s: %v", name, err)) // a test reads all of them
	}
	return Entry{Name: name, Origin: Shipped, Profile: p, stamp: sha256.Sum256(data)}
}
