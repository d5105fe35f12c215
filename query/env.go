package query

import "time"

// Query is a parsed query: its tree with the text's places, kept for errors.
type Query struct {
	root  Node
	text  string // as written; places are offsets in it
	canon string
}

// Env is what a query's words are bound to when it runs.
type Env struct {
	// Now is what "last" and "now" count from; zero is the clock's time.
	Now time.Time
	// Names are the sets of $name, as query text: "[10.0.0.0/8 192.168.0.0/16]", "10.0.0.7".
	Names map[string]string
	// Params are the sets of ?name, as query text.
	Params map[string]string
}

// Parse reads the query language of design.md. Empty text is "any". An error is a *Error.
func Parse(text string) (*Query, error) {
	root, err := parseText(text)
	if err != nil {
		return nil, err
	}
	canon := Text(root)
	if len(canon) > MaxText {
		return nil, errorAt(text, Place{0, len(text)}, "the query is longer than %d bytes when it is written out", MaxText)
	}
	return &Query{root: root, text: text, canon: canon}, nil
}

// String prints the query in its canonical text: Parse(q.String()) is the same tree.
func (q *Query) String() string { return q.canon }

// Root is the query's tree. It must not be changed.
func (q *Query) Root() Node { return q.root }

// And joins queries by "and"; those that are "any" add nothing, and no query at all is "any".
// Places of errors then are those of the joined text, which String returns.
func And(qs ...*Query) *Query {
	var kids []Node
	for _, q := range qs {
		switch n := q.root.(type) {
		case *AnyNode:
		case *AndNode:
			kids = append(kids, n.Kids...)
		default:
			kids = append(kids, n)
		}
	}
	switch len(kids) {
	case 0:
		return FromTree(&AnyNode{})
	case 1:
		return FromTree(kids[0])
	}
	return FromTree(&AndNode{Kids: kids})
}

// FromTree makes a query of a tree that keeps to the rules of the node types: a form or a pivot
// builds one without text. Places in errors are those of the canonical text.
func FromTree(root Node) *Query {
	canon := Text(root)
	// Reading it again gives the nodes their places; a tree that is too deep or too
	// long to be read keeps the places it has.
	if again, err := parseText(canon); err == nil {
		root = again
	}
	return &Query{root: root, text: canon, canon: canon}
}
