package copyas

import (
	"fmt"
	"strconv"
	"strings"

	"cxlens/query"
)

const noICMPType = "flows carry no ICMP type and code"

// toSQL is the store's own condition with its arguments written out.
func toSQL(q *query.Query, env query.Env) (string, []Missing, error) {
	root, missing := without(q.Root())
	if len(missing) > 0 {
		q = query.FromTree(root)
	}
	where, args, err := q.SQL(env)
	if err != nil {
		return "", nil, err
	}
	// Every ? of the condition is an argument's place: values stand nowhere else in it.
	pieces := strings.Split(where, "?")
	if len(pieces) != len(args)+1 {
		return "", nil, fmt.Errorf("the query's SQL has %d places for %d values", len(pieces)-1, len(args))
	}
	var b strings.Builder
	b.WriteString("SELECT * FROM flows WHERE " + pieces[0])
	for i, arg := range args {
		b.WriteString(literal(arg) + pieces[i+1])
	}
	return b.String(), missing, nil
}

// runnable is q without the parts that flows carry nothing for, so that its names can be checked.
func runnable(q *query.Query) *query.Query {
	root, missing := without(q.Root())
	if len(missing) == 0 {
		return q
	}
	return query.FromTree(root)
}

// without leaves icmp type and icmp code out of a tree by the same rule as the walker: a part
// of an "and" goes alone, an "or" or a "not" goes whole.
func without(n query.Node) (query.Node, []Missing) {
	left, missing := cut(n)
	if left == nil {
		left = &query.AnyNode{}
	}
	return left, missing
}

// cut returns nil when nothing is left of n.
func cut(n query.Node) (query.Node, []Missing) {
	var kids []query.Node
	switch n := n.(type) {
	case *query.Compare:
		if n.Field == query.FieldICMPType || n.Field == query.FieldICMPCode {
			return nil, []Missing{{Part: query.Text(n), Why: noICMPType}}
		}
		return n, nil
	case *query.AndNode:
		var missing []Missing
		for _, kid := range n.Kids {
			left, m := cut(kid)
			if missing = append(missing, m...); left != nil {
				kids = append(kids, left)
			}
		}
		if len(kids) == 0 {
			return nil, missing
		}
		if len(kids) == 1 {
			return kids[0], missing
		}
		return &query.AndNode{Kids: kids}, missing
	case *query.OrNode:
		var missing []Missing
		for _, kid := range n.Kids {
			left, m := cut(kid)
			if left == nil {
				return nil, within(n, m)
			}
			kids, missing = append(kids, left), append(missing, m...)
		}
		return &query.OrNode{Kids: kids}, missing
	case *query.NotNode:
		if _, m := cut(n.Kid); len(m) > 0 {
			return nil, within(n, m)
		}
	}
	return n, nil
}

// literal writes a value of query.SQL.
func literal(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'e', -1, 64) + "::DOUBLE"
	}
	return quoted(fmt.Sprint(v))
}

// quoted writes text as SQL: quotes doubled, control characters as chr(n), so that the
// statement stays on one line and shows what is in it.
func quoted(s string) string {
	var parts []string
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			parts = append(parts, "'"+strings.ReplaceAll(run.String(), "'", "''")+"'")
			run.Reset()
		}
	}
	for _, r := range s {
		if !strconv.IsPrint(r) {
			flush()
			parts = append(parts, fmt.Sprintf("chr(%d)", r))
			continue
		}
		run.WriteRune(r)
	}
	flush()
	switch len(parts) {
	case 0:
		return "''"
	case 1:
		return parts[0]
	}
	return "(" + strings.Join(parts, " || ") + ")"
}
