package lookup

import (
	"fmt"
	"slices"
	"strings"

	"cxlens/internal/nearest"
)

// Show is how much of what is known stands beside an address.
type Show uint8

// What is shown.
const (
	ShowOff      Show = iota // nothing
	ShowNetworks             // the named network
	ShowAll                  // the named network, the country and the host name
)

var showNames = []string{"off", "networks", "all"}

// String is s as the configuration spells it.
func (s Show) String() string {
	if int(s) < len(showNames) {
		return showNames[s]
	}
	return "?"
}

// Next is the one after s, around the end.
func (s Show) Next() Show { return (s + 1) % Show(len(showNames)) }

// ParseShow reads off, networks or all.
func ParseShow(text string) (Show, error) {
	if i := slices.Index(showNames, text); i >= 0 {
		return Show(i), nil
	}
	if near := nearest.Words(text, showNames); len(near) > 0 {
		return 0, fmt.Errorf("%q is not one of %s; did you mean %q?", text, strings.Join(showNames, ", "), near[0])
	}
	return 0, fmt.Errorf("%q is not one of %s", text, strings.Join(showNames, ", "))
}

// Settings are what a configuration says of names. The zero Settings look nothing up.
type Settings struct {
	Show     Show // at first
	Networks *Networks
	// Own are the named networks that are one's own.
	Own []string
	// DNS allows to ask the DNS for the names of the addresses on the screen.
	DNS bool
	// Geo and ASN are the paths of MaxMind DB files with countries and autonomous systems, "" for none.
	Geo, ASN string
}

// IsOwn tells whether one of these networks is one's own.
func (s Settings) IsOwn(networks []string) bool {
	return slices.ContainsFunc(networks, func(n string) bool { return slices.Contains(s.Own, n) })
}
