// Package export writes flows as CSV, JSONL or an aligned table, to any writer or
// atomically to a file, with the columns and the texts of design.md, "What a person
// types". It may import internal/flow and nearest, and nothing else of cxlens.
//
// The surprising thing: a Table's columns are as wide as its first rows need.
// Later cells that are wider push their line to the right; no text is ever cut.
package export
