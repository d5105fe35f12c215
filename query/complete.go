package query

import (
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
}

// CandidateKind says what a candidate is.
type CandidateKind uint8

// The kinds of candidates.
const (
	CandidateTerm     CandidateKind = iota // begins or goes on with a term: ip, src, not
	CandidateOperator                      // and, or, =, in, brackets
	CandidateValue                         // a protocol, service, state or "now"
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
}

// Complete lists the words that may stand at the cursor, a byte offset, and that begin with
// what is written there already. They come from what the parser looks for at that place, in its order. The
// list is empty where nothing can be said, as after an error before the cursor.
func Complete(text string, cursor int, vocab Vocabulary) []Candidate {
	cursor = min(max(cursor, 0), len(text))
	start, prefix, inString := wordAt(text[:cursor])
	if start < 0 || len(text) > MaxText {
		return nil
	}
	end := cursor
	for !inString && end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !isWordRune(r) || prefix != "" && isOperator(prefix[0]) {
			break
		}
		end += size
	}
	var out []Candidate
	for _, w := range wantsAtEnd(text[:start]) {
		for _, c := range candidatesOf(w, vocab) {
			c.Start, c.End = start, end
			if c.fits(prefix, inString) && !slices.ContainsFunc(out, func(o Candidate) bool { return o.Text == c.Text }) {
				out = append(out, c)
			}
		}
	}
	return out
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
// there. In a string that is not closed it is the string. start is -1 when text cannot be cut into words.
func wordAt(text string) (start int, prefix string, inString bool) {
	tokens, err := lex(text)
	var e *Error
	if errors.As(err, &e) {
		if e.Offset+e.Length == len(text) && text[e.Offset] == '"' {
			return e.Offset, text[e.Offset+1:], true
		}
		// A lone "&" or "|" at the end is half an operator.
		if n := len(text) - 1; e.Offset == n && isOperator(text[n]) {
			return n, text[n:], false
		}
		return -1, "", false
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

// wantsAtEnd returns what the parser looks for at the end of text; nil when it fails before.
func wantsAtEnd(text string) []want {
	tokens, err := lex(text)
	if err != nil {
		return nil
	}
	p := parser{text: text, tokens: tokens}
	// An error at the end is expected: the query is being written.
	_, _ = p.query()
	if p.peek().kind != tokEnd {
		return nil
	}
	return p.wants
}

// candidatesOf lists the words of a want.
func candidatesOf(w want, vocab Vocabulary) []Candidate {
	kind := CandidateValue
	switch w {
	case wantTerm, wantSided, wantICMP:
		kind = CandidateTerm
	case wantConnector, wantRelation, wantEquality, wantFlagsMode, wantTimeOp, wantListEnd, wantClose, wantOpenList, wantDots:
		kind = CandidateOperator
	case wantNode:
		return nameCandidates(vocab.Nodes, wordText)
	case wantAgent:
		return nameCandidates(vocab.Agents, wordText)
	case wantNetgroup:
		return nameCandidates(vocab.Netgroups, wordText)
	case wantFile:
		return nameCandidates(vocab.Files, wordText)
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
	return out
}

func nameCandidates(names []string, text func(string) string) []Candidate {
	var out []Candidate
	for _, n := range names {
		out = append(out, Candidate{Text: text(n), Kind: CandidateName})
	}
	return out
}

// termHelp says what the words that begin a term mean.
var termHelp = map[string]string{
	"not":      "what the next term or group does not match",
	"any":      "every flow",
	"tcp":      "protocol 6",
	"udp":      "protocol 17",
	"icmp":     "protocol 1; with id, its ICMP id",
	"icmp6":    "protocol 58",
	"ip4":      "IPv4 flows",
	"ip6":      "IPv6 flows",
	"proto":    "IP protocol, by name or number",
	"src":      "the side that sent the first packet",
	"dst":      "the side that answered",
	"ip":       "address, CIDR block or range, of either side",
	"host":     "the same as ip",
	"net":      "the same as ip",
	"port":     "port, range or service, of either side",
	"bytes":    "frame bytes, of both sides together",
	"packets":  "packets, of both sides together",
	"duration": "time from the first packet to the last",
	"pps":      "packets a second of both sides",
	"bps":      "bits a second of both sides",
	"bpp":      "frame bytes a packet of both sides",
	"flags":    "TCP flags of either side: SA, any FR, = S, S/SA",
	"start":    "time of the first packet",
	"end":      "time of the last packet",
	"active":   "any time between start and end",
	"node":     "name of the node that saw the flow",
	"agent":    "name of the node's agent",
	"netgroup": "netgroup of the node",
	"state":    "derived state: S0, REJ, S1, SF, RSTO, RSTR, OTH",
	"service":  "service name by port",
	"id":       "the session id",
	"file":     "capture file of the first or the last packet",
	"type":     "not carried by flows",
	"code":     "not carried by flows",
}
