// Package flow is the flow record and what is done with many of them: the line
// forms of cxtracker (protocol.md section 6), the derived values (state, service,
// rates), and Table, the typed columns that the client browses, sorts and filters.
//
// It imports nothing of cxlens: every other package stands above it.
//
// The surprising thing: a Table never moves a row. One goroutine appends, any
// number of others read through a View, a snapshot without locks, and every order
// and every selection is a vector of row numbers.
package flow
