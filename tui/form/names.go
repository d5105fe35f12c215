package form

import (
	"errors"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
	model "cxlens/query/form"
)

// checkNames notes the fields with a $name that is not defined. A ?name needs no value before the query runs.
func (m *Model) checkNames() {
	for r := range m.all() {
		if len(r.errs) > 0 {
			continue
		}
		f := model.Form{Internal: m.internal}
		r.collect(&f)
		q, _ := f.Query()
		for _, name := range q.Refs() {
			if _, ok := m.opts.Names()[name]; !ok {
				m.noteName(r, name, q)
				break
			}
		}
	}
}

// noteName puts the error of an undefined name below its row.
func (m *Model) noteName(r *row, name string, q *query.Query) {
	m.wrong++
	text := "$" + name + " is not defined"
	var qe *query.Error
	if _, err := query.Expand(q, query.Env{Names: m.opts.Names()}); errors.As(err, &qe) && qe.Hint() != "" {
		text += "; " + qe.Hint()
	}
	r.errs = append(r.errs, flow.Clean(text))
	for _, t := range r.texts() {
		if at := strings.Index(t.value(), "$"+name); at >= 0 && !t.fixed() {
			t.field.Mark(at, len(name)+1)
			return
		}
	}
}
