package profile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// MaxFile is the largest file of a profile in bytes.
const MaxFile = 1 << 20

// fileForm is a profile as its file has it, in the order in which it is written.
type fileForm struct {
	Description string   `toml:"description,omitempty"`
	Query       string   `toml:"query"`
	Span        string   `toml:"span,omitempty"`
	Order       []string `toml:"order,omitempty"`
	Limit       int64    `toml:"limit,omitzero"`
	Columns     []string `toml:"columns,omitempty"`
	Frozen      int      `toml:"frozen,omitzero"`
	Group       []string `toml:"group,omitempty"`
	Metric      string   `toml:"metric,omitempty"`
	Timeline    string   `toml:"timeline,omitempty"`
	Theme       string   `toml:"theme,omitempty"`
}

type tablesForm struct {
	Widths     map[string]int       `toml:"widths,omitempty"`
	Parameters map[string]paramForm `toml:"parameters,omitempty"`
}

type paramForm struct {
	Type    string `toml:"type,omitempty"`
	Prompt  string `toml:"prompt,omitempty"`
	Default string `toml:"default,omitempty"`
}

var (
	knownKeys  = []string{"description", "query", "span", "order", "limit", "columns", "frozen", "group", "metric", "timeline", "theme", "widths", "parameters"}
	paramsKeys = []string{"type", "prompt", "default"}
)

// Keys are the keys of a profile's file.
func Keys() []string { return slices.Concat(knownKeys, paramsKeys) }

// Parse reads a profile from TOML and checks it. Errors name the line or the key.
func Parse(data []byte) (*Profile, error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("the profile is larger than %d bytes", MaxFile)
	}
	var f fileForm
	var t tablesForm
	raw := make(map[string]any)
	for _, into := range []any{&raw, &f, &t} {
		if err := toml.Unmarshal(data, into); err != nil {
			return nil, fmt.Errorf("%s", strings.Join(strings.Fields(err.Error()), " "))
		}
	}
	p := &Profile{
		Description: f.Description, Query: f.Query, Span: f.Span, Order: f.Order, Limit: f.Limit,
		Columns: f.Columns, Frozen: f.Frozen, Widths: t.Widths, Group: f.Group, Metric: f.Metric, Timeline: f.Timeline, Theme: f.Theme,
	}
	for name, form := range t.Parameters {
		param := Parameter{Prompt: form.Prompt, Default: form.Default}
		if form.Type != "" {
			var err error
			if param.Type, err = ParseType(form.Type); err != nil {
				return nil, fmt.Errorf("parameters.%s.type: %w", name, err)
			}
		}
		if tables, ok := raw["parameters"].(map[string]any); ok {
			if keys, ok := tables[name].(map[string]any); ok {
				param.extra = without(keys, paramsKeys)
			}
		}
		if p.Parameters == nil {
			p.Parameters = make(map[string]Parameter)
		}
		p.Parameters[name] = param
	}
	p.extra = without(raw, knownKeys)
	return p, p.Check()
}

// without returns m without keys, nil when nothing is left.
func without(m map[string]any, keys []string) map[string]any {
	m = maps.Clone(m)
	for _, k := range keys {
		delete(m, k)
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// Marshal writes the profile as TOML: what Parse reads back as the same profile, unknown keys
// included. An error is a key of others that cannot be written.
func (p *Profile) Marshal() ([]byte, error) {
	var b bytes.Buffer
	enc := toml.NewEncoder(&b)
	enc.Indent = ""
	values, tables := split(p.extra)
	if len(p.Widths) > 0 {
		tables["widths"] = p.Widths
	}
	if len(p.Parameters) > 0 {
		params := make(map[string]any)
		for name, param := range p.Parameters {
			params[name] = param.keys()
		}
		tables["parameters"] = params
	}
	// Values have to stand before the first table: what follows a table's head is in the table.
	f := fileForm{p.Description, p.Query, p.Span, p.Order, p.Limit, p.Columns, p.Frozen, p.Group, p.Metric, p.Timeline, p.Theme}
	for _, part := range []any{f, values, tables} {
		if m, ok := part.(map[string]any); ok && len(m) == 0 {
			continue
		}
		if err := enc.Encode(part); err != nil {
			return nil, fmt.Errorf("write the profile: %w", err)
		}
	}
	return b.Bytes(), nil
}

func (p Parameter) keys() map[string]any {
	keys := maps.Clone(p.extra)
	if keys == nil {
		keys = make(map[string]any)
	}
	for k, v := range map[string]string{"type": p.Type.String(), "prompt": p.Prompt, "default": p.Default} {
		if v != "" {
			keys[k] = v
		}
	}
	return keys
}

// split parts keys that are tables, or arrays of tables, from the others.
func split(m map[string]any) (values, tables map[string]any) {
	values, tables = make(map[string]any), make(map[string]any)
	for k, v := range m {
		switch v.(type) {
		case map[string]any, []map[string]any:
			tables[k] = v
		default:
			values[k] = v
		}
	}
	return values, tables
}
