// Package opentabs keeps the tabs that are open on the screen, one file a server, so that they can
// be offered when the screen is opened again.
//
// It may import internal/smallfile. The surprising thing: two screens on one server write the same
// file, and the one that changed its tabs last is the one that is remembered.
package opentabs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"cxlens/internal/smallfile"
)

const (
	// MaxTabs is how many tabs a set has at most.
	MaxTabs = 50
	// maxFile bounds a file in bytes: a query has at most 64 KiB, and a tab has it twice and a refinement.
	maxFile = MaxTabs * 256 << 10
	// maxName bounds a file's name in bytes, which most file systems limit to 255.
	maxName = 200
)

// Tab is a tab without its rows: what its query brings again.
type Tab struct {
	View
	Name    string `json:"name,omitempty"` // as the person called it, "" for none
	Follow  bool   `json:"follow,omitempty"`
	Refined string `json:"refined,omitempty"` // the refinement of the rows here
	// Profile is what the tab runs, nil for none.
	Profile *Profile `json:"profile,omitempty"`
	// Look is what else the tab shows, nil in a file of a program that did not keep it.
	Look *Look `json:"look,omitempty"`
}

// Look is how a tab looks at its rows beyond what a profile has.
type Look struct {
	Stack  string `json:"stack,omitempty"`  // the column that the timeline is stacked by, "none" for none
	Style  string `json:"style,omitempty"`  // what its bars are drawn with
	Lanes  bool   `json:"lanes,omitempty"`  // every series has a line of its own
	Height int    `json:"height,omitempty"` // lines of the bars, 0 for as many as have room
	Exact  bool   `json:"exact,omitempty"`  // numbers are not rounded
	Column string `json:"column,omitempty"` // the one under the cursor
	// GroupMetric is of which groups have most, GroupOrder what they are sorted by, and Counts what they count.
	GroupMetric string `json:"group_metric,omitempty"`
	GroupOrder  string `json:"group_order,omitempty"`
	Counts      string `json:"counts,omitempty"`
	Singles     bool   `json:"singles,omitempty"` // groups of single values where columns have steps
}

// View is how a tab looks at its query. Columns are named as the query language does.
type View struct {
	Query   string         `json:"query"`
	Span    string         `json:"span,omitempty"`  // as query.ParseSpan reads it
	Limit   int64          `json:"limit"`           // rows at most, -1 for none
	Order   []string       `json:"order,omitempty"` // columns, "-" before a descending one
	Columns []string       `json:"columns,omitempty"`
	Widths  map[string]int `json:"widths,omitempty"` // in cells, of the columns that a person made wider or narrower
	Frozen  int            `json:"frozen,omitempty"` // so many of the first columns stay
	Group   []string       `json:"group,omitempty"`
	// Groups is how many groups are listed at most, 0 for as many as the program lists, -1 for no limit.
	Groups   int64  `json:"groups,omitempty"`
	Metric   string `json:"metric,omitempty"` // flows (also ""), bytes or packets
	Timeline bool   `json:"timeline,omitempty"`
	Theme    string `json:"theme,omitempty"` // of the tab alone, "" for that of the screen
}

// Profile is a profile that a tab runs.
type Profile struct {
	Name string `json:"name"`
	Sum  string `json:"sum"` // of what the profile held
	Was  View   `json:"was"` // the tab's view when the profile ran
}

// Set are the tabs of a screen in their order.
type Set struct {
	Tabs  []Tab `json:"tabs"`
	Shown int   `json:"shown"` // the one on the screen, an index
}

// Store keeps sets in the files of a folder. Its methods may be called at the same time.
type Store struct{ dir string }

// NewStore returns the store in the folder dir, which need not exist. Nothing is read or written yet.
func NewStore(dir string) *Store { return &Store{dir: dir} }

// path is the file of a server. A name that would be too long for a file shares one with its like.
func (s *Store) path(server string) string {
	name := url.PathEscape(server)
	return filepath.Join(s.dir, name[:min(len(name), maxName)]+".json")
}

// Load returns the tabs that were open on a server the last time, none when nothing is kept.
func (s *Store) Load(server string) (Set, error) {
	path := s.path(server)
	data, err := smallfile.Read(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Set{}, nil
	}
	if err != nil {
		return Set{}, fmt.Errorf("read the tabs of the last time: %w", err)
	}
	var set Set
	if err := json.Unmarshal(data, &set); err != nil {
		return Set{}, fmt.Errorf("read the tabs of the last time: %s: %w", path, err)
	}
	if len(set.Tabs) > MaxTabs {
		return Set{}, fmt.Errorf("read the tabs of the last time: %s: %d tabs, at most %d", path, len(set.Tabs), MaxTabs)
	}
	set.Shown = max(0, min(set.Shown, len(set.Tabs)-1))
	return set, nil
}

// Save keeps the tabs of a server, whole or not at all, readable for the owner only.
func (s *Store) Save(server string, set Set) error {
	data, err := json.MarshalIndent(set, "", " ")
	if err == nil {
		err = os.MkdirAll(s.dir, 0o700)
	}
	if err == nil {
		err = renameio.WriteFile(s.path(server), append(data, '\n'), 0o600, renameio.WithStaticPermissions(0o600))
	}
	if err != nil {
		return fmt.Errorf("keep the open tabs: %w", err)
	}
	return nil
}
