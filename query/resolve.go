package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cxlens/internal/nearest"
)

// maxItems bounds a set after its $names are written out: lists of lists grow fast.
const maxItems = 200_000

// resolver replaces $name and ?name in the set of one term by what an Env has for them.
type resolver struct {
	env   Env
	text  string // of the query
	field Field
	stack []string
	items []Item
}

// resolve returns n's set without Ref and Param.
func resolve(n *Compare, env Env, text string) ([]Item, error) {
	if !slices.ContainsFunc(n.Set, isNamed) {
		return n.Set, nil
	}
	r := resolver{env: env, text: text, field: n.Field}
	if err := r.all(n.Set, nil); err != nil {
		return nil, err
	}
	return r.items, nil
}

func isNamed(i Item) bool {
	switch i.(type) {
	case *Ref, *Param:
		return true
	}
	return false
}

// all resolves set; via is the item of the query that led to it, nil in the query itself.
func (r *resolver) all(set []Item, via Item) error {
	for _, i := range set {
		from := via
		if from == nil {
			from = i
		}
		if err := r.one(i, from); err != nil {
			return err
		}
		if len(r.items) > maxItems {
			return errorAt(r.text, from.At(), "%s stands for more than %d values", itemText(r.field, from), maxItems)
		}
	}
	return nil
}

func (r *resolver) one(i, via Item) error {
	switch i := i.(type) {
	case *Ref:
		text, ok := r.env.Names[i.Name]
		if !ok {
			e := errorAt(r.text, via.At(), "$%s is not defined; define it among the named networks and lists of the configuration", i.Name)
			return suggestName(e, "$", i.Name, r.env.Names)
		}
		return r.named("$"+i.Name, text, via)
	case *Param:
		text, ok := r.env.Params[i.Name]
		switch {
		case ok:
			return r.named("?"+i.Name, text, via)
		case i.Default != nil:
			return r.one(i.Default, via)
		}
		e := errorAt(r.text, via.At(), "the parameter ?%s has no value; give it one, or a default as in ?%s:VALUE", i.Name, i.Name)
		return suggestName(e, "?", i.Name, r.env.Params)
	}
	r.items = append(r.items, i)
	return nil
}

// named reads the text of a $name or ?name and resolves what is in it.
func (r *resolver) named(name, text string, via Item) error {
	if slices.Contains(r.stack, name) {
		return errorAt(r.text, via.At(), "%s is defined by itself (%s)", name, strings.Join(append(r.stack, name), " -> "))
	}
	set, err := parseSet(r.field, text)
	if err != nil {
		return errorAt(r.text, via.At(), "in %s: %v", name, err)
	}
	r.stack = append(r.stack, name)
	err = r.all(set, via)
	r.stack = r.stack[:len(r.stack)-1]
	return err
}

// parseSet reads the text of a set or an item for a field.
func parseSet(f Field, text string) ([]Item, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("the text is longer than %d bytes", MaxText)
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := parser{text: text, tokens: tokens}
	set, err := p.set(&Compare{Field: f})
	if err != nil {
		return nil, err
	}
	if p.peek().kind != tokEnd {
		return nil, p.failAt(p.peek().at, "expected the end, found %s; several values stand in [ ]", p.peek().found())
	}
	return set, nil
}

// suggestName adds the names of a map that are closest to name, after sign.
func suggestName(e *Error, sign, name string, names map[string]string) *Error {
	near := nearest.Words(name, slices.Sorted(maps.Keys(names)))
	for i := range near {
		near[i] = sign + near[i]
	}
	if len(near) > 0 {
		e.Nearest, e.Others = near[0], near[1:]
	}
	return e
}
