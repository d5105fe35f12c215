package export

import (
	"slices"

	"cxlens/internal/flow"
)

// startsFormula tells whether a spreadsheet takes a cell for a formula: the characters of OWASP's
// page "CSV Injection".
func startsFormula(cell []byte) bool {
	if len(cell) == 0 {
		return false
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}

// neutralFrom puts a ' before dst[at:] when it would be a formula. It is for cells that are a peer's
// text: a number such as -1 is no formula, and has to stay a number.
func neutralFrom(dst []byte, at int) []byte {
	if !startsFormula(dst[at:]) {
		return dst
	}
	return slices.Insert(dst, at, '\'')
}

// NeutralValues returns rows as SafeCSV has them: texts of peers that a spreadsheet would take for formulas get a
// leading '. The columns are named as for WriteValues; rows stays as it is.
func NeutralValues(columns []string, rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for j := range min(len(row), len(columns)) {
			if c, ok := flow.ParseColumn(columns[j]); ok && isText(c) {
				out[i][j] = string(neutralFrom([]byte(row[j]), 0))
			}
		}
	}
	return out
}
