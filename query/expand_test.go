package query

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestExpandKeepsMeaning: writing the names out and filtering is filtering with the names, and
// the text that is sent reads back as the same query.
func TestExpandKeepsMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := genTree(t, 3, true)
		env, _, ok := genEnv(t, tree)
		if !ok {
			t.Skip("a name is used for two kinds of values")
		}
		table := flow.NewTable()
		for _, n := range testNodes {
			table.SetNode(n)
		}
		for range 40 {
			r := genRecord(t)
			table.Append(&r)
		}
		q := FromTree(tree)
		out, err := Expand(q, env)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if names := append(out.Refs(), paramNames(out)...); len(names) > 0 {
			t.Fatalf("%s still has %v", out, names)
		}
		again, err := Parse(out.String())
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if again.String() != out.String() {
			t.Fatalf("%s reads back as %s", out, again)
		}
		view := table.View()
		want := selected(t, q, env, view)
		if got := selected(t, again, Env{Now: env.Now}, view); !slices.Equal(got, want) {
			t.Fatalf("%s with %v, %v\nexpanded: %s\nselects %v, want %v", q, env.Names, env.Params, out, got, want)
		}
	})
}

func paramNames(q *Query) []string {
	var names []string
	for _, p := range q.Params() {
		names = append(names, p.Name)
	}
	return names
}

func selected(t *rapid.T, q *Query, env Env, view *flow.View) []uint32 {
	f, err := q.Filter(env)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	rows, err := f.Select(context.Background(), view, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestExpand(t *testing.T) {
	env := Env{
		Names:  map[string]string{"internal": "[10.0.0.0/8 fc00::/7]", "all": "[$internal 192.0.2.1]", "web": "[80 https]"},
		Params: map[string]string{"p": "8443", "host": "$internal"},
	}
	for text, want := range map[string]string{
		"src ip $internal":                "src net in [10.0.0.0/8 fc00::/7]",
		"not ip [$all 198.51.100.7]":      "not ip in [10.0.0.0/8 fc00::/7 192.0.2.1 198.51.100.7]",
		"port != $web or dst port ?p":     "port != in [80 https] or dst port 8443",
		"ip ?host and port ?q:53":         "net in [10.0.0.0/8 fc00::/7] and port 53",
		"DST  port 443 and start last 1h": "dst port 443 and start last 1h",
	} {
		out, err := Expand(mustParse(t, text), env)
		if err != nil || out.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, out, err, want)
		}
	}
}

// TestExpandWithoutNames: places of a server's errors stay true when nothing is written out.
func TestExpandWithoutNames(t *testing.T) {
	q := mustParse(t, "TCP   and port 443")
	if out, err := Expand(q, Env{}); err != nil || out != q {
		t.Errorf("%v, %v", out, err)
	}
}

func TestExpandErrors(t *testing.T) {
	long := "[" + strings.Repeat("192.168.100.100 ", MaxText/16-1) + "]"
	env := Env{Names: map[string]string{"internal": "10.0.0.0/8", "long": long, "ports": "[1 2]"}}
	for _, tt := range []struct {
		text           string
		offset, length int
		message        string
		nearest        string
	}{
		{"tcp and src ip $internel", 15, 9, "$internel is not defined", "$internal"},
		{"port ?x", 5, 2, "the parameter ?x has no value", ""},
		{"tcp and port > $ports", 8, 13, "takes one value, not a list", ""},
		{"tcp and ip [$long $long]", 8, 16, "longer than 65536 bytes when its names are written out", ""},
	} {
		_, err := Expand(mustParse(t, tt.text), env)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if e.Offset != tt.offset || e.Length != tt.length || !strings.Contains(e.Message, tt.message) || e.Nearest != tt.nearest {
			t.Errorf("%s: %d+%d %s, nearest %q", tt.text, e.Offset, e.Length, e.Message, e.Nearest)
		}
	}
}

func TestParamsAndRefs(t *testing.T) {
	q := mustParse(t, "src ip [?host:$internal $dmz] and not bytes > ?min:1M and port ?a:?b:53")
	var got []string
	for _, p := range q.Params() {
		got = append(got, p.Field.String()+" "+p.Name+"="+p.Default)
	}
	want := []string{"ip host=$internal", "bytes min=1M", "port a=?b:53", "port b=53"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if refs := q.Refs(); !slices.Equal(refs, []string{"internal", "dmz"}) {
		t.Errorf("%q", refs)
	}
}
