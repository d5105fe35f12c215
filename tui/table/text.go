package table

import "cxlens/internal/flow"

// Text returns n of a view's rows, nil for the first, as lines of exact cells that tabs separate, and how
// many of them have room in limit bytes.
func Text(v *flow.View, rows []uint32, n int, columns []flow.Column, limit int) (text string, took int) {
	var out []byte
	for ; took < n; took++ {
		row, before := took, len(out)
		if rows != nil {
			row = int(rows[took])
		}
		if took > 0 {
			out = append(out, '\n')
		}
		for i, c := range columns {
			if i > 0 {
				out = append(out, '\t')
			}
			out = v.AppendCell(out, c, row)
		}
		if len(out) > limit {
			out = out[:before]
			break
		}
	}
	return string(out), took
}
