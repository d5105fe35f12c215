// Package history keeps the queries that were run on the screen: with the time, span, matches and
// duration of the newest run of each, in memory (List) and across runs of the program (Store).
//
// It imports nothing of cxlens. The surprising thing: the file is only ever appended to, one JSON
// object a line, so that several programs can keep their history in it at once; what is old or was run
// again is dropped when it is read, and the file is written anew when it has grown by Slack lines. An
// entry has no place for a secret: it holds what was asked and where, not by whom.
package history
