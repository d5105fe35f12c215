package query

// Expand writes out every $name and ?name of q: a server knows neither the analyst's named
// networks nor the values of a profile's parameters. What comes back matches the flows that q
// matches under env; a query without names comes back as it is. Times that follow the clock stay
// as they are. Errors are *Error with places in q's text: a name that is not defined, a set where
// one value has to stand, a query that is longer than MaxText when it is written out.
func Expand(q *Query, env Env) (*Query, error) {
	e := expander{env: env, text: q.text}
	root, err := e.node(q.root)
	if err != nil {
		return nil, err
	}
	if e.longest == nil {
		return q, nil
	}
	out := FromTree(root)
	if len(out.canon) > MaxText {
		return nil, errorAt(q.text, e.longest.Place, "the query is longer than %d bytes when its names are written out, most of it here", MaxText)
	}
	return out, nil
}

// expander copies a tree and writes out the names in it.
type expander struct {
	env     Env
	text    string
	longest *Compare // of the terms with names the one with the most values, nil for none
	most    int
}

func (e *expander) node(n Node) (Node, error) {
	switch n := n.(type) {
	case *AndNode:
		kids, err := e.nodes(n.Kids)
		return &AndNode{n.Place, kids}, err
	case *OrNode:
		kids, err := e.nodes(n.Kids)
		return &OrNode{n.Place, kids}, err
	case *NotNode:
		kid, err := e.node(n.Kid)
		return &NotNode{n.Place, kid}, err
	case *Compare:
		return e.compare(n)
	}
	return n, nil
}

func (e *expander) nodes(nodes []Node) ([]Node, error) {
	kids := make([]Node, len(nodes))
	for i, n := range nodes {
		var err error
		if kids[i], err = e.node(n); err != nil {
			return nil, err
		}
	}
	return kids, nil
}

func (e *expander) compare(n *Compare) (Node, error) {
	if !hasNames(n) {
		return n, nil
	}
	set, err := resolve(n, e.env, e.text)
	if err != nil {
		return nil, err
	}
	out := &Compare{Place: n.Place, Side: n.Side, Field: n.Field, Rel: n.Rel, Set: set}
	if err := checkOrdering(e.text, out, n.Place); err != nil {
		return nil, err
	}
	if e.longest == nil || len(set) > e.most {
		e.longest, e.most = n, len(set)
	}
	return out, nil
}
