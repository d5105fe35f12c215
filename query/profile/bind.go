package profile

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"cxlens/query"
)

// Ask is a parameter as a person is asked for it when the profile runs.
type Ask struct {
	Name    string
	Type    Type
	Prompt  string
	Default string // the text of the value that is taken when none is given, "" for none

	fields  []query.Field // what its value is compared with
	inSpan  bool
	inQuery string // the default that stands in the query
}

// Asks lists the parameters in the order in which the query and the span have them.
func (p *Profile) Asks() ([]Ask, error) {
	q, err := query.Parse(p.Query)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return p.asks(q), nil
}

// spanParam is a parameter in a span. Its name has no ".", so that "?a..?b" can be cut.
var spanParam = regexp.MustCompile(`\?[\pL\d_-]+`)

// lastParam is a span that is nothing but the length of one.
var lastParam = regexp.MustCompile(`^\s*last\s`)

func (p *Profile) asks(q *query.Query) []Ask {
	var asks []Ask
	of := func(name string) *Ask {
		for i := range asks {
			if asks[i].Name == name {
				return &asks[i]
			}
		}
		asks = append(asks, Ask{Name: name})
		return &asks[len(asks)-1]
	}
	for _, use := range q.Params() {
		a := of(use.Name)
		if a.Type == 0 {
			a.Type = typeOf(use.Field)
		}
		if a.inQuery == "" {
			a.inQuery = use.Default
		}
		if !slices.Contains(a.fields, use.Field) {
			a.fields = append(a.fields, use.Field)
		}
	}
	for _, word := range spanParam.FindAllString(p.Span, -1) {
		a := of(word[1:])
		a.inSpan = true
		if a.Type == 0 {
			a.Type = Time
			if lastParam.MatchString(p.Span) {
				a.Type = Duration
			}
		}
	}
	for i := range asks {
		a, said := &asks[i], p.Parameters[asks[i].Name]
		if said.Type != 0 {
			a.Type = said.Type
		}
		a.Prompt, a.Default = said.Prompt, said.Default
		if a.Prompt == "" {
			a.Prompt = a.Name
		}
		if a.Default == "" {
			a.Default = a.inQuery
		}
	}
	return asks
}

// checkParameters holds the types against the places, and reads the defaults.
func (p *Profile) checkParameters(asks []Ask) error {
	for _, name := range slices.Sorted(maps.Keys(p.Parameters)) {
		if !slices.ContainsFunc(asks, func(a Ask) bool { return a.Name == name }) {
			return fmt.Errorf("parameters.%s: neither the query nor the span has ?%s", name, name)
		}
		if strings.ContainsAny(p.Parameters[name].Prompt, "\r\n") {
			return fmt.Errorf("parameters.%s.prompt: it has more than one line", name)
		}
	}
	for _, a := range asks {
		for _, f := range a.fields {
			if !a.Type.takes(f) {
				return fmt.Errorf("parameters.%s: the type %s does not fit %q, where the query has ?%s", a.Name, a.Type, f, a.Name)
			}
		}
		if a.inSpan && a.Type != Time && a.Type != Duration {
			return fmt.Errorf("parameters.%s: the type %s does not fit the span; there it is time or duration", a.Name, a.Type)
		}
		if given := p.Parameters[a.Name].Default; given != "" {
			if err := a.Check(given, time.Now()); err != nil {
				return fmt.Errorf("parameters.%s.default: %w", a.Name, err)
			}
		}
	}
	return nil
}

// Check reads a value that a person gave. The error says what was expected.
func (a Ask) Check(value string, now time.Time) error {
	if len(value) > query.MaxText {
		return fmt.Errorf("the value is longer than %d bytes", query.MaxText)
	}
	if a.inSpan {
		if _, err := a.Type.spanText(value, now); err != nil {
			return err
		}
	}
	if len(a.fields) > 0 {
		_, err := a.Type.setText(value, a.fields)
		return err
	}
	return nil
}

// Several tells whether the value may be several, with blanks or commas between them.
func (a Ask) Several() bool { return !a.inSpan && a.Type != Time && a.Type != Text }

// Bound is a profile that is ready to run.
type Bound struct {
	// Query has no parameters and no names left.
	Query *query.Query
	// From and To are the span's ends, zero for open ones; From <= start < To.
	From, To time.Time
}

// Bind makes a query of the profile with the values of its parameters, the named networks and
// lists, as query.Env has them, and the time that the span counts from. A parameter without a value
// takes its default; one that has none is an error, as are a value for what is no parameter and a value
// of another type.
func (p *Profile) Bind(values, names map[string]string, now time.Time) (Bound, error) {
	q, err := query.Parse(p.Query)
	if err != nil {
		return Bound{}, fmt.Errorf("query: %w", err)
	}
	asks := p.asks(q)
	if err := onlyKnown(asks, values); err != nil {
		return Bound{}, err
	}
	params, err := p.params(asks, values, now)
	if err != nil {
		return Bound{}, err
	}
	env := query.Env{Now: now, Names: names, Params: params}
	var b Bound
	if b.Query, err = query.Expand(q, env); err != nil {
		return Bound{}, fmt.Errorf("query: %w", err)
	}
	if b.From, b.To, err = p.bindSpan(asks, values, now); err != nil {
		return Bound{}, fmt.Errorf("span: %w", err)
	}
	return b, nil
}

// params reads the values that the query's parameters have, as query.Env takes them: those that are given, and
// the defaults that do not stand in the query.
func (p *Profile) params(asks []Ask, values map[string]string, now time.Time) (map[string]string, error) {
	params := make(map[string]string)
	for _, a := range asks {
		value, given := values[a.Name]
		switch {
		case given:
		case a.Default == "":
			return nil, fmt.Errorf("the parameter %s (%s) has no value; expected %s such as %s", a.Name, a.Prompt, a.Type.article(), a.Type.Example())
		case a.Default == a.inQuery:
			continue // the query was read with it, and it may be another parameter
		default:
			value = a.Default
		}
		if err := a.Check(value, now); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", a.Name, err)
		}
		if len(a.fields) > 0 {
			text, err := a.Type.setText(value, a.fields)
			if err != nil {
				return nil, fmt.Errorf("parameter %s: %w", a.Name, err)
			}
			params[a.Name] = text
		}
	}
	return params, nil
}

func onlyKnown(asks []Ask, values map[string]string) error {
	known := make([]string, len(asks))
	for i, a := range asks {
		known[i] = a.Name
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case slices.Contains(known, name):
		case len(known) == 0:
			return fmt.Errorf("no parameter %q: the profile has none", name)
		default:
			return fmt.Errorf("no parameter %q; the profile has %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// bindSpan reads the span with the values of its parameters in place.
func (p *Profile) bindSpan(asks []Ask, values map[string]string, now time.Time) (from, to time.Time, err error) {
	text, err := p.spanText(asks, values, now)
	if err != nil {
		return from, to, err
	}
	return query.ParseSpan(text, now, time.UTC)
}

// spanText is the span with the values of its parameters in place.
func (p *Profile) spanText(asks []Ask, values map[string]string, now time.Time) (string, error) {
	var failed error
	text := spanParam.ReplaceAllStringFunc(p.Span, func(word string) string {
		i := slices.IndexFunc(asks, func(a Ask) bool { return a.Name == word[1:] })
		value, ok := values[word[1:]]
		if !ok {
			value = asks[i].Default
		}
		out, err := asks[i].Type.spanText(value, now)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("parameter %s: %w", word[1:], err))
		}
		return out
	})
	return text, failed
}
