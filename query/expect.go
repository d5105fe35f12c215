package query

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"cxlens/internal/flow"
)

// want is one thing that may stand at a place. The parser notes what it looked for;
// errors are worded and completions are made from it.
type want uint8

const (
	wantConnector want = iota // and, or
	wantTerm
	wantSided     // after src or dst
	wantICMP      // after icmp
	wantRelation  // = != < <= > >= in
	wantEquality  // = != in
	wantFlagsMode // = any
	wantTimeOp    // < <= > >= = != in last
	wantListEnd   // ]
	wantClose     // )
	wantOpenList  // [
	wantDots      // ..
	// The values.
	wantProto
	wantAddr
	wantPort
	wantNumber
	wantRate
	wantDuration
	wantNode
	wantAgent
	wantNetgroup
	wantFile
	wantState
	wantService
	wantFlags
	wantMoment
	wantNamed // $name or ?name
	numWants
)

// wantTexts are the wants as an error names them; an empty one is left out there.
var wantTexts = [numWants]string{
	wantConnector: `"and", "or"`,
	wantTerm:      "a term such as ip, port, proto, bytes or flags",
	wantSided:     "ip, net, port, bytes, packets or flags after the side",
	wantICMP:      "",
	wantRelation:  "",
	wantEquality:  "",
	wantFlagsMode: `"any", "="`,
	wantTimeOp:    `"<", "<=", ">", ">=", "in" or "last"`,
	wantListEnd:   `"]"`,
	wantClose:     `")"`,
	wantOpenList:  "",
	wantDots:      `".." and the end of the span`,
	wantProto:     "a protocol's name or number",
	wantAddr:      "an IP address, CIDR block or range",
	wantPort:      "a port number, range or service name",
	wantNumber:    "a number",
	wantRate:      "a number",
	wantDuration:  "a duration such as 90s or 1.5h",
	wantNode:      "a node's name",
	wantAgent:     "an agent's name",
	wantNetgroup:  "a netgroup's name",
	wantFile:      "a file name",
	wantState:     "a state",
	wantService:   "a service name",
	wantFlags:     "flag letters of FSRPAUEC",
	wantMoment:    "a time such as 2026-11-22T13:56:33Z, now-2h or Unix seconds",
	wantNamed:     "",
}

// valueWant is the want of a field's values.
func valueWant(f Field) want {
	switch f {
	case FieldProto:
		return wantProto
	case FieldNode:
		return wantNode
	case FieldAgent:
		return wantAgent
	case FieldNetgroup:
		return wantNetgroup
	case FieldFile:
		return wantFile
	case FieldState:
		return wantState
	case FieldService:
		return wantService
	}
	switch f.kind() {
	case kindAddr:
		return wantAddr
	case kindPort:
		return wantPort
	case kindRate:
		return wantRate
	case kindDuration:
		return wantDuration
	}
	return wantNumber
}

var (
	termWords = sync.OnceValue(func() []string {
		words := []string{
			"not", "any", "tcp", "udp", "icmp", "icmp6", "ip4", "ip6", "src", "dst",
			"flags", "start", "end", "active",
		}
		for w := range fieldWords {
			words = append(words, w)
		}
		sort.Strings(words)
		return words
	})
	sidedWords = []string{"bytes", "flags", "host", "ip", "net", "packets", "port"}
	protoWords = sync.OnceValue(func() []string {
		words := flow.ProtoNames()
		sort.Strings(words)
		return words
	})
)

// words lists the fixed words of a want, without what only a Vocabulary knows.
func (w want) words() []string {
	switch w {
	case wantConnector:
		return []string{"and", "or"}
	case wantTerm:
		return termWords()
	case wantSided:
		return sidedWords
	case wantICMP:
		return []string{"id", "type", "code"}
	case wantRelation:
		return []string{"=", "!=", "<", "<=", ">", ">=", "in"}
	case wantEquality:
		return []string{"=", "!=", "in"}
	case wantFlagsMode:
		return []string{"any", "="}
	case wantTimeOp:
		return []string{"<", "<=", ">", ">=", "in", "last"}
	case wantListEnd:
		return []string{"]"}
	case wantClose:
		return []string{")"}
	case wantOpenList:
		return []string{"["}
	case wantDots:
		return []string{".."}
	case wantProto:
		return protoWords()
	case wantPort, wantService:
		return append(flow.ServiceNames(), flow.ServiceAliases()...)
	case wantState:
		return flow.StateNames()
	case wantMoment:
		return []string{"now"}
	}
	return nil
}

// wantsText joins wants for an error: "a, b or c".
func wantsText(wants []want) string {
	var texts []string
	for _, w := range wants {
		if t := wantTexts[w]; t != "" && !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		for _, w := range wants {
			for _, word := range w.words() {
				texts = append(texts, quoted(word))
			}
		}
	}
	return alternatives(texts)
}

// wantsWords joins the fixed words of wants.
func wantsWords(wants []want) []string {
	var words []string
	for _, w := range wants {
		words = append(words, w.words()...)
	}
	return words
}

// termHint is the term that was probably meant by a value that stands where a term begins.
func termHint(word string) string {
	lower := strings.ToLower(word)
	if _, err := parseAddress(word); err == nil {
		return "ip " + word
	}
	if _, err := parseUint(word, 65535, false); err == nil {
		return "port " + word
	}
	if _, ok := flow.ParseProto(lower); ok {
		return "proto " + lower
	}
	if _, ok := flow.ParseState(word); ok {
		return "state " + strings.ToUpper(word)
	}
	if name, ok := flow.ServiceCalled(lower); ok {
		return "port " + name
	}
	return ""
}
