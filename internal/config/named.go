package config

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"cxlens/query"
)

// defaultNetworks are the named networks where the file defines none of that name: internal is
// RFC 1918, RFC 4193 and the link-local blocks of RFC 3927 and RFC 4291.
var defaultNetworks = map[string][]string{
	"internal": {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"},
}

// Named returns the named networks and lists, built-in ones included, as query.Env.Names takes them.
func (c *Config) Named() map[string]string {
	names := make(map[string]string)
	for _, group := range []map[string][]string{defaultNetworks, c.Networks, c.Lists} {
		for name, values := range group {
			names[name] = setText(values)
		}
	}
	return names
}

// setText writes values as a set of the query language. One that is no word of it, such as a
// node's name with blanks, is taken for a string.
func setText(values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v
		if n, err := query.ParseCompare(query.Either, query.FieldNode, query.EQ, v); err != nil || len(n.Set) != 1 {
			words[i] = query.Quote(v)
		}
	}
	return "[" + strings.Join(words, " ") + "]"
}

// checkNamed checks names and values; the values of lists are read where a query uses them,
// because only its field says what they are. Errors name the key.
func (c *Config) checkNamed() error {
	for _, name := range slices.Sorted(maps.Keys(c.Lists)) {
		if _, ok := c.Networks[name]; ok {
			return fmt.Errorf("lists.%s: there is a network of that name", name)
		}
		if err := checkEntry(name, c.Lists[name]); err != nil {
			return fmt.Errorf("lists.%s: %w", name, err)
		}
	}
	names := c.Named()
	for _, name := range slices.Sorted(maps.Keys(c.Networks)) {
		if err := checkEntry(name, c.Networks[name]); err != nil {
			return fmt.Errorf("networks.%s: %w", name, err)
		}
		if err := checkNetwork(c.Networks[name], names); err != nil {
			return fmt.Errorf("networks.%s: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Networks)) {
		if err := resolves("$"+name, names); err != nil {
			return fmt.Errorf("networks.%s: %w", name, err)
		}
	}
	return nil
}

func checkEntry(name string, values []string) error {
	switch {
	case !query.IsName(name):
		return errors.New("a name has letters, digits, _, - and . only")
	case len(values) == 0:
		return errors.New("the list is empty")
	case slices.Contains(values, ""):
		return errors.New("a value is empty")
	}
	return nil
}

func checkNetwork(values []string, names map[string]string) error {
	for _, v := range values {
		n, err := query.ParseCompare(query.Either, query.FieldIP, query.EQ, v)
		if err == nil && len(n.Set) != 1 {
			return fmt.Errorf("%q is several values: quote each of them", v)
		}
		var e *query.Error
		if errors.As(err, &e) {
			return errors.New(e.Message)
		}
		if r, ok := n.Set[0].(*query.Ref); ok {
			if _, ok := names[r.Name]; !ok {
				return resolves(v, names)
			}
		}
		if _, ok := n.Set[0].(*query.Param); ok {
			return fmt.Errorf("%q: a parameter is for profiles only", v)
		}
	}
	return nil
}

// resolves writes out a $name, which finds names that are not defined, or by themselves only.
func resolves(ref string, names map[string]string) error {
	q, err := query.Parse("ip " + ref)
	if err == nil {
		_, err = query.Expand(q, query.Env{Names: names})
	}
	var e *query.Error
	if !errors.As(err, &e) {
		return err
	}
	if hint := e.Hint(); hint != "" {
		return fmt.Errorf("%s; %s", e.Message, hint)
	}
	return errors.New(e.Message)
}

// ProfilesDir is the folder of the user's own profiles.
func ProfilesDir() string { return filepath.Join(filepath.Dir(Path()), "profiles") }

// FavouritesPath is the file with what is noted about profiles: the favourites, and the one that is run on start.
func FavouritesPath() string { return filepath.Join(filepath.Dir(Path()), "favourites.toml") }

// ProfileFolders are the further folders of profiles, absolute: "~/" is the home folder, and what
// is relative is so to the configuration's folder.
func (c *Config) ProfileFolders() ([]string, error) {
	dirs := make([]string, 0, len(c.ProfileDirs))
	for _, dir := range c.ProfileDirs {
		dir, err := besideConfig(dir)
		if err != nil {
			return nil, fmt.Errorf("profile_dirs: %w", err)
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}
