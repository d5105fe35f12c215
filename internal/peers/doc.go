// Package peers holds the benchmarks that set cxlens beside other programs, and
// those that need whole processes: what a client's memory is, what a person waits for.
// `make bench` runs them.
//
// It has benchmarks only, and nothing may import it. They run the built cxlens,
// GNU sort, Miller, VisiData and nfdump on the same flows; a program that is not
// installed is named and left out.
//
// Its surprising thing: the peers' times hold the start of their processes and the
// reading of their files, because that is what a person at a shell waits for.
package peers
