package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"cxlens/internal/flow"
)

// WriteValues writes rows of cleaned text, as a server answers queries that group or count: the
// names of the columns are flow columns and flows, bytes, packets and share. Numbers are numbers in JSONL
// and stand to the right in a table. A row with more or fewer values than columns is an error, and
// nothing is written.
func WriteValues(w io.Writer, format Format, columns []string, rows [][]string) error {
	for i, row := range rows {
		if len(row) != len(columns) {
			return fmt.Errorf("row %d has %d values for %d columns", i+1, len(row), len(columns))
		}
	}
	out := bufio.NewWriter(w)
	switch format {
	case JSONL:
		for _, row := range rows {
			if err := valuesJSON(out, columns, row); err != nil {
				return err
			}
		}
	case Table:
		valuesTable(out, columns, rows)
	default:
		if format == SafeCSV {
			rows = NeutralValues(columns, rows)
		}
		valuesCSV(out, columns)
		for _, row := range rows {
			valuesCSV(out, row)
		}
	}
	return out.Flush()
}

func valuesCSV(out *bufio.Writer, row []string) {
	for i, v := range row {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(quoteFrom([]byte(v), 0))
	}
	out.WriteByte('\n')
}

func valuesJSON(out *bufio.Writer, columns, row []string) error {
	out.WriteByte('{')
	for i, v := range row {
		if i > 0 {
			out.WriteByte(',')
		}
		value, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if isNumberName(columns[i]) {
			switch {
			case v == "": // a rate that the flows have not
				value = []byte("null")
			case json.Valid([]byte(v)):
				value = []byte(v)
			}
		}
		name, err := json.Marshal(columns[i])
		if err != nil {
			return err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteString("}\n")
	return nil
}

// isNumberName tells whether the values of a column are numbers.
func isNumberName(name string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "_before"), "_after")
	c, ok := flow.ParseColumn(name)
	return name == "flows" || name == "share" || ok && isNumber(c)
}

func valuesTable(out *bufio.Writer, columns []string, rows [][]string) {
	head := make([]string, len(columns))
	widths := make([]int, len(columns))
	for i, c := range columns {
		head[i] = strings.ToUpper(c)
		widths[i] = len(c)
		for _, row := range rows {
			widths[i] = max(widths[i], width([]byte(row[i])))
		}
	}
	for _, row := range slices.Concat([][]string{head}, rows) {
		var line []byte
		for i, v := range row {
			pad := widths[i] - width([]byte(v))
			if i > 0 {
				line = append(line, "  "...)
			}
			if isNumberName(columns[i]) {
				line = append(appendBlanks(line, pad), v...)
			} else {
				line = appendBlanks(append(line, v...), pad)
			}
		}
		out.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
}
