package query

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Vocabulary is what Complete cannot know by itself: names as they are, without $, ? and quotes.
type Vocabulary struct {
	Nodes, Agents, Netgroups, Files []string
	Names                           []string // the named networks and lists, for $name
	Params                          []string // the parameters of the profile, for ?name
	// Used is how often words and values stood in queries that were run, Seen the values of a result; nil for none.
	Used *Use
	Seen *Seen
}

// CandidateKind says what a candidate is.
type CandidateKind uint8

// The kinds of candidates.
const (
	CandidateTerm     CandidateKind = iota // begins or goes on with a term: ip, src, not
	CandidateOperator                      // and, or, =, in, brackets
	CandidateValue                         // a protocol, service, state, "now", or a value that was used or seen
	CandidateName                          // from the Vocabulary
)

// Candidate is a word that may stand at the cursor.
type Candidate struct {
	// Text replaces the bytes from Start up to End of the text.
	Text       string
	Start, End int
	Kind       CandidateKind
	// Help says what a term's word means, "" for the others.
	Help string
	// Used is in how many of the queries that were run the word or value stood, Seen how often the rows have it.
	Used, Seen int
}

// Complete lists the words that may stand at the cursor, a byte offset, and that begin with
// what is written there already: first what was used most, then what the rows have most, then the others in the
// order in which the parser looks for them. What cannot be read before the cursor is passed over: the
// term at the cursor still completes.
func Complete(text string, cursor int, vocab Vocabulary) []Candidate {
	cursor = min(max(cursor, 0), len(text))
	if len(text) > MaxText {
		return nil
	}
	start, prefix, inString := wordAt(text[:cursor])
	end := cursor
	for !inString && end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !isWordRune(r) || prefix != "" && isOperator(prefix[0]) {
			break
		}
		end += size
	}
	at := spotAtEnd(text[:start])
	var out []Candidate
	have := map[string]bool{}
	for _, w := range at.wants {
		for _, c := range candidatesOf(w, at, vocab) {
			c.Start, c.End = start, end
			if !have[c.Text] && c.fits(prefix, inString) {
				have[c.Text] = true
				out = append(out, vocab.counted(c, w, at))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Used, a.Used), cmp.Compare(b.Seen, a.Seen))
	})
	return out
}

// counted adds how often a candidate was used and seen.
func (v Vocabulary) counted(c Candidate, w want, at spot) Candidate {
	if w >= wantProto { // a value of the field
		c.Used, c.Seen = v.Used.value(at.field, c.Text), v.Seen.count(at.field, at.side, c.Text)
		return c
	}
	switch w {
	case wantRelation, wantEquality, wantOpenList:
		c.Used = v.Used.word(relationKey(at.field, c.Text))
	default:
		c.Used = v.Used.word(c.Text)
	}
	if n, ok := protoNumber(c.Text); ok && w == wantTerm && bareProtos[uint64(n)] {
		c.Seen = v.Seen.count(FieldProto, Either, c.Text)
	}
	return c
}

// fits tells whether prefix, as it is written so far, can become the candidate.
func (c Candidate) fits(prefix string, inString bool) bool {
	text := c.Text
	switch {
	case inString && c.Kind != CandidateName:
		return false
	case inString:
		text = strings.TrimPrefix(Quote(unquoted(text)), `"`)
	case strings.HasPrefix(text, `"`):
		text = unquoted(text)
	}
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) && c.Text != prefix
}

// unquoted returns what a quoted or bare word stands for.
func unquoted(word string) string {
	if tokens, err := lex(word); err == nil && tokens[0].kind == tokString {
		return tokens[0].text
	}
	return word
}

func isOperator(c byte) bool { return strings.IndexByte("=!<>&|", c) >= 0 }

// wordAt finds the word that is being written at the end of text: where it starts and what of it is
// there. In a string that is not closed it is the string.
func wordAt(text string) (start int, prefix string, inString bool) {
	tokens, err := lexLeniently(text)
	var e *Error
	if errors.As(err, &e) {
		if text[e.Offset] == '"' {
			return e.Offset, text[e.Offset+1:], true
		}
		return e.Offset, text[e.Offset:], false // half an operator
	}
	if len(tokens) < 2 {
		return len(text), "", false
	}
	last := tokens[len(tokens)-2]
	switch last.kind {
	case tokWord, tokRel, tokNot, tokAnd, tokOr:
		if last.at.End == len(text) {
			return last.at.Start, last.text, false
		}
	}
	return len(text), "", false
}

// candidatesOf lists the words of a want.
func candidatesOf(w want, at spot, vocab Vocabulary) []Candidate {
	kind := CandidateValue
	switch w {
	case wantTerm, wantSided, wantICMP:
		kind = CandidateTerm
	case wantConnector, wantRelation, wantEquality, wantFlagsMode, wantTimeOp, wantListEnd, wantClose, wantOpenList, wantDots:
		kind = CandidateOperator
	case wantNamed:
		return append(nameCandidates(vocab.Names, func(s string) string { return "$" + s }),
			nameCandidates(vocab.Params, func(s string) string { return "?" + s })...)
	}
	var out []Candidate
	for _, word := range w.words() {
		c := Candidate{Text: word, Kind: kind}
		if kind == CandidateTerm {
			c.Help = termHelp[word]
		}
		out = append(out, c)
	}
	if kind == CandidateValue {
		out = append(out, vocab.values(w, at)...)
	}
	return out
}

// values lists the values of the field at a place that only the vocabulary knows.
func (v Vocabulary) values(w want, at spot) []Candidate {
	if w == wantFlags || w == wantMoment || w < wantProto || !at.valued {
		return nil
	}
	var out []Candidate
	switch w {
	case wantNode:
		out = nameCandidates(v.Nodes, wordText)
	case wantAgent:
		out = nameCandidates(v.Agents, wordText)
	case wantNetgroup:
		out = nameCandidates(v.Netgroups, wordText)
	case wantFile:
		out = nameCandidates(v.Files, wordText)
	}
	kind := CandidateValue
	if at.field.kind() == kindName {
		kind = CandidateName
	}
	for _, text := range append(v.Seen.texts(at.field, at.side), v.Used.texts(at.field)...) {
		if at.takes(text) {
			out = append(out, Candidate{Text: text, Kind: kind})
		}
	}
	return out
}

func nameCandidates(names []string, text func(string) string) []Candidate {
	var out []Candidate
	for _, n := range names {
		out = append(out, Candidate{Text: text(n), Kind: CandidateName})
	}
	return out
}
