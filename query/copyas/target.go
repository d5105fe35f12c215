package copyas

import (
	"time"

	"cxlens/query"
)

// Target is a language that a query can be copied in.
type Target uint8

// The targets.
const (
	BPF Target = iota
	Wireshark
	Nfdump
	SQL
)

// Targets lists all targets in the order in which they are offered.
func Targets() []Target { return []Target{BPF, Wireshark, Nfdump, SQL} }

var targets = [...]struct{ name, title, about string }{
	BPF:       {"bpf", "BPF", "for tcpdump: packets of both directions, whoever began"},
	Wireshark: {"wireshark", "Wireshark", "display filter: packets of both directions, whoever began"},
	Nfdump:    {"nfdump", "nfdump", "records of one direction: those that the source sent"},
	SQL:       {"sql", "SQL", "on the store's view flows and table nodes: the same flows"},
}

// String returns the target's name in lower case: bpf, wireshark, nfdump or sql.
func (t Target) String() string { return targets[t].name }

// Title returns the target's name as a person writes it.
func (t Target) Title() string { return targets[t].title }

// About says in one line what the text is for and what it looks at.
func (t Target) About() string { return targets[t].about }

// Missing is a part of the query that the text does not say, or not exactly.
type Missing struct {
	// Part is the part in the query's canonical text.
	Part string
	// Why is one line: what the target lacks.
	Why string
	// Kept is what stands in the text for the part; it selects more, or counts otherwise, as Why
	// says. "" when the part is left out.
	Kept string
}

// maxParts is how many addresses or ranges one term may come to in a filter: more than that is
// not for a command line, and libpcap refuses programs beyond some thousands.
const maxParts = 1000

// Convert says q in the language of t, on one line. The package comment tells what the text
// selects; missing lists what it does not say. A query of which nothing can be said becomes the text
// that selects all flows. Errors are those of query.Filter: an undefined $name, a ?name
// without a value.
func Convert(q *query.Query, env query.Env, t Target) (text string, missing []Missing, err error) {
	if env.Now.IsZero() {
		env.Now = time.Now()
	}
	if t == SQL {
		return toSQL(q, env)
	}
	if _, err := runnable(q).Filter(env); err != nil {
		return "", nil, err
	}
	w := &walker{q: q, env: env}
	switch t {
	case BPF:
		w.lang, w.words = bpf{}, bpfWords
	case Wireshark:
		w.lang, w.words = wireshark{now: env.Now.UnixMicro()}, wiresharkWords
	default:
		w.lang, w.words = nfdump{sided: sided(q.Root())}, nfdumpWords
	}
	return w.convert()
}
