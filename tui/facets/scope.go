package facets

import (
	"cxlens/tui/human"
	"cxlens/tui/sums"
)

// Scope says which flows a list counts.
type Scope uint8

// The scopes.
const (
	OfRefined Scope = iota // all matches that pass the refinement, if there is one, as the server counts them
	OfMatch                // all that match the query, refined or not, likewise
	OfHere                 // the rows that are here and pass the refinement, if there is one
	numScopes
)

var scopeNames = [numScopes]string{"refined", "match", "here"}

// String returns the scope as files spell it.
func (s Scope) String() string { return scopeNames[s] }

// ParseScope reads what String writes.
func ParseScope(name string) (Scope, bool) {
	for i, n := range scopeNames {
		if n == name {
			return Scope(i), true
		}
	}
	return OfRefined, false
}

// Next is the scope after s; without a refinement there are two.
func (s Scope) Next(refined bool) Scope {
	switch {
	case s == OfHere:
		return OfRefined
	case s == OfRefined && refined:
		return OfMatch
	}
	return OfHere
}

// SetScope tells which flows the list counts; refinement is the text of the one on the rows, "" for none.
func (m *Model) SetScope(s Scope, refinement string) { m.scope, m.filter = s, refinement }

// Scope is which flows the list counts.
func (m *Model) Scope() Scope { return m.scope }

// Of says whose figures these are.
func (m *Model) Of() string {
	all := m.answer.All[sums.Flows]
	n := human.Exact(all)
	refined := m.filter != "" && m.scope != OfMatch
	switch {
	case !m.answer.Exact && refined:
		return "of the refined matches"
	case !m.answer.Exact:
		return "of the matches"
	case all == 1 && m.answer.Whole && refined:
		return "of the only match refined by " + m.filter
	case m.answer.Whole && refined:
		return "of all " + n + " matches refined by " + m.filter
	case all == 1 && m.answer.Whole:
		return "of the only match"
	case m.answer.Whole:
		return "of all " + n + " matches"
	case all == 1 && refined:
		return "of the only refined row here"
	case all == 1:
		return "of the only row here"
	case refined:
		return "of the " + n + " refined rows here"
	}
	return "of the " + n + " rows here"
}
