package query

import "slices"

// ParamUse is a ?name in a query. A name that stands there twice is two uses.
type ParamUse struct {
	Place
	Name string
	// Field is what the parameter's value is compared with.
	Field Field
	// Default is the text of the default that stands in the query, "" for none.
	Default string
}

// Params lists the parameters of the query in the order of its text.
func (q *Query) Params() []ParamUse {
	var uses []ParamUse
	eachCompare(q.root, func(n *Compare) {
		for _, i := range n.Set {
			for p, ok := i.(*Param); ok; p, ok = p.Default.(*Param) {
				use := ParamUse{Place: i.At(), Name: p.Name, Field: n.Field}
				if p.Default != nil {
					use.Default = itemText(n.Field, p.Default)
				}
				uses = append(uses, use)
			}
		}
	})
	return uses
}

// Refs lists the named networks and lists that the query's text uses, without "$", each once and
// in the order of the text.
func (q *Query) Refs() []string {
	var names []string
	eachCompare(q.root, func(n *Compare) {
		for _, i := range n.Set {
			for p, ok := i.(*Param); ok; p, ok = i.(*Param) {
				i = p.Default
			}
			if r, ok := i.(*Ref); ok && !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
	})
	return names
}

// hasNames tells whether a $name or ?name stands in n's set.
func hasNames(n *Compare) bool { return slices.ContainsFunc(n.Set, isNamed) }

// eachCompare calls f for the terms of a tree that have a set, in their order.
func eachCompare(n Node, f func(*Compare)) {
	switch n := n.(type) {
	case *AndNode:
		for _, kid := range n.Kids {
			eachCompare(kid, f)
		}
	case *OrNode:
		for _, kid := range n.Kids {
			eachCompare(kid, f)
		}
	case *NotNode:
		eachCompare(n.Kid, f)
	case *Compare:
		f(n)
	}
}

// IsName tells whether s can be the name of a network, a list or a parameter: what may stand
// after "$" and "?".
func IsName(s string) bool { return isName(s) }
