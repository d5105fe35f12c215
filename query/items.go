package query

// Items returns the values of one of the query's terms as it runs under env: every $name and
// ?name is replaced by what it stands for. An error is a *Error, as those of Filter.
func (q *Query) Items(n *Compare, env Env) ([]Item, error) {
	set, err := resolve(n, env, q.text)
	if err != nil {
		return nil, err
	}
	return set, checkOrdering(q.text, &Compare{Rel: n.Rel, Set: set}, n.Place)
}
