// Package pivot makes queries of the flow that a person points at: this value and no other, the
// query and this value, both hosts, the connection, the time around it.
//
// It may import query and internal/flow; it does no I/O. The surprising thing: terms are trees and
// never text, and a term is only handed out when its text reads back, so that what a peer put into
// a name can neither break nor widen the query.
package pivot
