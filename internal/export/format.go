package export

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Format is a form of output.
type Format uint8

// The formats.
const (
	CSV     Format = iota // RFC 4180 with a header; lines end in LF
	JSONL                 // one JSON object a line
	Table                 // aligned text with a header, for a terminal or a pipe
	SafeCSV               // CSV for a spreadsheet: texts of peers that begin like a formula get a leading '
)

var formatNames = [...]string{CSV: "csv", JSONL: "jsonl", Table: "table", SafeCSV: "safe-csv"}

// String returns the format's name as --output spells it.
func (f Format) String() string {
	if int(f) < len(formatNames) {
		return formatNames[f]
	}
	return "?"
}

// ParseFormat reads csv, jsonl, table or safe-csv, in any case.
func ParseFormat(name string) (Format, error) {
	for i, n := range formatNames {
		if strings.EqualFold(n, name) {
			return Format(i), nil
		}
	}
	return 0, fmt.Errorf("no output format %.64q; there are csv, jsonl, table and safe-csv", name)
}

// FormatOf tells the format from a file's extension: .csv, .jsonl or .ndjson, .txt.
func FormatOf(path string) (Format, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".csv":
		return CSV, nil
	case ".jsonl", ".ndjson":
		return JSONL, nil
	case ".txt":
		return Table, nil
	default:
		return 0, fmt.Errorf("no export format for the file extension %.64q; use .csv, .jsonl or .txt", ext)
	}
}
