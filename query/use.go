package query

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// maxUses bounds the different words and values that Use counts; those that come later are not counted.
const maxUses = 20_000

// Use counts in how many queries words and values stand, so that completion offers first what a person uses.
// Its zero value and nil are empty. It is not for concurrent use.
type Use struct {
	words  map[string]int
	values [numFields]map[string]int
	n      int
}

// Add counts the words and values of a query's text, each once. A text that cannot be read counts for nothing.
func (u *Use) Add(text string) {
	root, err := parseText(text)
	if err != nil {
		return
	}
	var items []Place
	once := map[string]bool{}
	eachCompare(root, func(n *Compare) {
		if n.Rel != EQ { // "=" may be left out
			u.count(&u.words, relationKey(n.Field, n.Rel.String()), 1)
		}
		if len(n.Set) > 1 {
			u.count(&u.words, relationKey(n.Field, "in"), 1)
			u.count(&u.words, relationKey(n.Field, "["), 1)
		}
		for _, i := range n.Set {
			items = append(items, i.At())
			if _, param := i.(*Param); param {
				continue
			}
			value := itemText(n.Field, i)
			if key := n.Field.String() + " " + value; !once[key] {
				once[key] = true
				u.count(&u.values[n.Field], value, 1)
			}
		}
	})
	tokens, err := lex(text)
	if err != nil {
		return
	}
	for _, t := range tokens {
		word := strings.ToLower(t.text)
		if t.kind == tokEnd || t.kind == tokString || once[word] || !languageWord(word) || within(items, t.at) {
			continue
		}
		once[word] = true
		u.count(&u.words, word, 1)
	}
}

// relationKey is what a relation of a field is counted as.
func relationKey(f Field, rel string) string { return f.String() + " " + rel }

// languageWord tells whether a word belongs to the language, is no value and no relation.
func languageWord(word string) bool {
	switch word {
	case "and", "or", "last", ")":
		return true
	}
	return termHelp[word] != ""
}

// within tells whether a place stands in one of places, which are in order.
func within(places []Place, at Place) bool {
	i, found := slices.BinarySearchFunc(places, at.Start, func(p Place, start int) int { return cmp.Compare(p.Start, start) })
	if !found {
		i--
	}
	return i >= 0 && at.End <= places[i].End
}

// Join adds what another one has counted.
func (u *Use) Join(other *Use) {
	if other == nil {
		return
	}
	for word, n := range other.words {
		u.count(&u.words, word, n)
	}
	for f := range other.values {
		for value, n := range other.values[f] {
			u.count(&u.values[f], value, n)
		}
	}
}

func (u *Use) count(in *map[string]int, text string, n int) {
	if (*in)[text] == 0 {
		if u.n == maxUses {
			return
		}
		u.n++
	}
	if *in == nil {
		*in = map[string]int{}
	}
	(*in)[text] += n
}

func (u *Use) word(text string) int {
	if u == nil {
		return 0
	}
	return u.words[text]
}

func (u *Use) value(f Field, text string) int {
	if u == nil {
		return 0
	}
	return u.values[f][text]
}

// texts lists the values of a field in a fixed order. Names are left out: those that are defined are
// in the Vocabulary.
func (u *Use) texts(f Field) []string {
	if u == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(u.values[f])), func(s string) bool { return s[0] == '$' })
}
