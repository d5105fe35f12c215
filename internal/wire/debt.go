package wire

import "time"

// debtKind is what a peer can owe.
type debtKind uint8

const (
	debtVerbAck  debtKind = iota // the ack of our verb
	debtBlock                    // the block that we have granted
	debtFinalAck                 // the ack of our block
	debtPong                     // the answer of our PING
	debtByeAck                   // the ack of our BYE
)

// isAck says whether a code line pays the debt.
func (k debtKind) isAck() bool {
	return k == debtVerbAck || k == debtFinalAck || k == debtByeAck
}

// debt is one thing that the peer owes. It is entered when the item that causes it is
// committed to the outbox, so that debts stand in the order in which the peer pays them.
type debt struct {
	kind debtKind
	name string // of a timeout: "ack of POST DATA"
	sent bool   // its cause has been written: the peer can pay
	ping *ping  // of a pong
}

// limit is how long the peer may take once the debt is sent and first in line.
func (d *debt) limit(cfg *Config) time.Duration {
	if d.kind == debtFinalAck {
		return cfg.FinalAckTimeout
	}
	return cfg.AckTimeout
}

// ping is a text PING that waits for its pong.
type ping struct {
	asked time.Time // when it was handed to the writer
	pong  chan pong // holds one
}

// pong is what came back.
type pong struct {
	date string
	rtt  time.Duration
}

// ledger is the queue of what the peer owes, oldest first.
type ledger []*debt

func (l *ledger) add(d *debt) { *l = append(*l, d) }

// head is what the peer must pay next, nil when it owes nothing.
func (l ledger) head() *debt {
	if len(l) == 0 {
		return nil
	}
	return l[0]
}

// find returns the place of the first debt that match accepts, -1 when there is none.
func (l ledger) find(match func(debtKind) bool) int {
	for i, d := range l {
		if match(d.kind) {
			return i
		}
	}
	return -1
}

// pay strikes out the debt at place i.
func (l *ledger) pay(i int) *debt {
	d := (*l)[i]
	*l = append((*l)[:i], (*l)[i+1:]...)
	return d
}

func isBlockDebt(k debtKind) bool { return k == debtBlock }
func isPongDebt(k debtKind) bool  { return k == debtPong }
