package profile

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cxlens/query"
)

// Fill returns the query and the span as a person would type them: with values, or defaults, in the places of
// the parameters, and with the named networks and lists by their names. A query without parameters comes back as
// it is written. Errors are those of Bind, but for names that are not defined.
func (p *Profile) Fill(values map[string]string, now time.Time) (text, span string, err error) {
	q, err := query.Parse(p.Query)
	if err != nil {
		return "", "", fmt.Errorf("query: %w", err)
	}
	asks := p.asks(q)
	if err := onlyKnown(asks, values); err != nil {
		return "", "", err
	}
	params, err := p.params(asks, values, now)
	if err != nil {
		return "", "", err
	}
	if span, err = p.spanText(asks, values, now); err != nil {
		return "", "", fmt.Errorf("span: %w", err)
	}
	if len(q.Params()) == 0 {
		return p.Query, span, nil
	}
	root, err := filler(params).node(q.Root())
	if err != nil {
		return "", "", err
	}
	// The tree was made by hand: what it prints is read once more, so that nobody gets a text that is no query.
	out, err := query.Parse(query.Text(root))
	if err != nil {
		return "", "", fmt.Errorf("query: %w", err)
	}
	return out.String(), span, nil
}

// filler are the sets of the parameters that have values.
type filler map[string]string

func (f filler) node(n query.Node) (query.Node, error) {
	switch n := n.(type) {
	case *query.AndNode:
		kids, err := f.nodes(n.Kids)
		return &query.AndNode{Kids: kids}, err
	case *query.OrNode:
		kids, err := f.nodes(n.Kids)
		return &query.OrNode{Kids: kids}, err
	case *query.NotNode:
		kid, err := f.node(n.Kid)
		return &query.NotNode{Kid: kid}, err
	case *query.Compare:
		out := *n
		out.Set = nil
		for _, i := range n.Set {
			items, err := f.item(n.Field, i)
			if err != nil {
				return nil, err
			}
			out.Set = append(out.Set, items...)
		}
		return &out, nil
	}
	return n, nil
}

func (f filler) nodes(nodes []query.Node) ([]query.Node, error) {
	kids := make([]query.Node, len(nodes))
	for i, n := range nodes {
		var err error
		if kids[i], err = f.node(n); err != nil {
			return nil, err
		}
	}
	return kids, nil
}

// item is what stands in the place of an item: itself, but for a parameter.
func (f filler) item(field query.Field, i query.Item) ([]query.Item, error) {
	p, ok := i.(*query.Param)
	if !ok {
		return []query.Item{i}, nil
	}
	text, ok := f[p.Name]
	if !ok {
		return f.item(field, p.Default) // params has all that have none
	}
	n, err := query.ParseCompare(query.Either, field, query.EQ, text)
	if err != nil {
		return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
	}
	return n.Set, nil
}

// Resolve is an error for a value with a name that is not defined among names, which are as query.Env has them. It
// takes values that Check takes.
func (a Ask) Resolve(value string, names map[string]string) error {
	if len(a.fields) == 0 {
		return nil
	}
	text, err := a.Type.setText(value, a.fields)
	if err != nil {
		return err
	}
	for _, f := range a.fields {
		n, err := query.ParseCompare(query.Either, f, query.EQ, text)
		if err != nil {
			return err
		}
		_, err = query.Expand(query.FromTree(n), query.Env{Names: names})
		var e *query.Error
		if errors.As(err, &e) { // its place is in no text that anybody has seen
			return errors.New(strings.TrimSuffix(e.Message+"; "+e.Hint(), "; "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
