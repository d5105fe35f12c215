package wire

import (
	"errors"
	"fmt"
	"time"
)

// ownState is where our outgoing transaction stands.
type ownState uint8

const (
	ownIdle  ownState = iota // none
	ownVerb                  // its verb is committed, the peer has not acked it
	ownFinal                 // its block is committed, the final ack is owed
)

// peerState is where the peer's transaction stands.
type peerState uint8

const (
	peerIdle  peerState = iota
	peerDue             // granted: its block is due
	peerTaken           // its block was read; the handler has yet to answer
)

// endState is how far the connection is in ending.
type endState uint8

const (
	endNone  endState = iota
	endAsked          // Bye was called: nothing new is taken, open work goes on
	endSaid           // our BYE is committed: only its ack is awaited
	endLast           // the last item is committed: nothing more is read
	endOver           // it is over
)

// machine is the protocol without goroutines, clocks and bytes on a network: it is told
// what was read and asked, and says what to write next. The table of doc.go is what it does.
type machine struct {
	cfg *Config

	own     ownState
	txn     *transaction // of own, nil in ownIdle
	waiting queue[*transaction]
	news    queue[*outItem] // requests and PINGs that wait for the end of ownVerb

	peer     peerState
	peerText text     // the verb of peer
	slot     *outItem // the final ack in peerTaken
	busy     int      // requests of the peer that are being answered

	owed ledger
	out  outbox

	end   endState
	cause error // of the end; nil is a polite one

	lastWritten bool // the peer should have time to read our last words
}

// ask queues an outgoing transaction.
func (m *machine) ask(t *transaction) error {
	if m.end != endNone {
		return m.closedErr()
	}
	m.waiting.push(t)
	m.pump()
	return nil
}

// say queues a JSON request or a PING.
func (m *machine) say(it *outItem) error {
	if m.end != endNone {
		return m.closedErr()
	}
	m.news.push(it)
	m.pump()
	return nil
}

// mayRequest takes note of a request of the peer that will be answered; false means that
// it is passed over, because the peer reads nothing behind our BYE.
func (m *machine) mayRequest() bool {
	if m.end >= endSaid {
		return false
	}
	m.busy++
	return true
}

// respond commits the answer of a request of the peer, nil for a notification.
func (m *machine) respond(it *outItem) error {
	m.busy--
	if m.end == endOver {
		return m.closedErr()
	}
	if it != nil && m.end != endSaid {
		m.owe(it)
	}
	m.pump()
	return nil
}

// sayBye ends the connection politely when all that is open has ended.
func (m *machine) sayBye() {
	if m.end == endNone {
		m.end = endAsked
	}
	m.pump()
}

// pump commits what may be started now: requests and PINGs unless a verb of ours has no
// ack yet; the next transaction when there is none. A verb is not started while a final
// ack waits for its handler: its block would stand behind that ack anyway, and requests
// would wait with it.
func (m *machine) pump() {
	if m.end > endAsked {
		return
	}
	for m.own != ownVerb && m.news.len() > 0 {
		it := m.news.pop()
		m.out.commit(it)
		if it.debt != nil {
			m.owed.add(it.debt)
		}
	}
	if m.own != ownIdle || m.out.waiting > 0 {
		return
	}
	if m.waiting.len() > 0 {
		m.begin(m.waiting.pop())
		return
	}
	if m.end == endAsked && m.peer == peerIdle && m.busy == 0 {
		m.end = endSaid
		m.commit([]byte("BYE\n"), &debt{kind: debtByeAck, name: "ack of BYE"})
	}
}

// begin commits a transaction's verb.
func (m *machine) begin(t *transaction) {
	m.own, m.txn, t.begun = ownVerb, t, true
	m.commit([]byte(t.String()+"\n"), &debt{kind: debtVerbAck, name: "ack of " + t.String()})
}

// commit appends a text of ours and enters what the peer owes for it.
func (m *machine) commit(line []byte, d *debt) {
	m.out.commit(&outItem{kind: outText, parts: [2][]byte{line}, debt: d})
	m.owed.add(d)
}

// owe appends an item that the peer caused, and ends the connection when too many of
// them wait: the peer asks and does not read.
func (m *machine) owe(it *outItem) {
	it.owed = true
	m.out.commit(it)
	m.overrun()
}

func (m *machine) overrun() {
	if m.out.owed > m.cfg.MaxOutbox {
		m.abort(fmt.Errorf("the peer does not read: more than %d bytes of answers wait for it", m.cfg.MaxOutbox))
	}
}

// next is the next item to write, nil when there is none now.
func (m *machine) next(now time.Time) *outItem {
	if m.end == endOver {
		return nil
	}
	it := m.out.next()
	if it != nil && it.debt != nil && it.debt.ping != nil {
		// Before the write, since the pong can be read before the writer returns.
		it.debt.ping.asked = now
	}
	return it
}

// written takes note that an item is with the peer.
func (m *machine) written(it *outItem) {
	if it.debt != nil {
		it.debt.sent = true
	}
	if it.last && m.end == endLast {
		m.lastWritten = true
		m.abort(m.cause)
	}
}

// stop commits the last item; nothing is read any more.
func (m *machine) stop(last *outItem, cause error) {
	if m.end >= endLast {
		return
	}
	last.last = true
	m.end, m.cause = endLast, cause
	m.out.commit(last)
	m.owed = nil
	m.release()
}

// abort ends everything now: who waits is told the cause.
func (m *machine) abort(cause error) {
	if m.end == endOver {
		return
	}
	m.end, m.cause = endOver, cause
	m.release()
	m.news, m.owed, m.out = queue[*outItem]{}, nil, outbox{}
}

// release tells those who wait for a transaction that it will not end any more.
func (m *machine) release() {
	if m.txn != nil {
		m.finish(m.closedErr())
	}
	for m.waiting.len() > 0 {
		m.waiting.pop().finish(m.closedErr())
	}
}

// closedErr is what calls on an ended connection return.
func (m *machine) closedErr() error {
	if m.end == endNone || m.cause == nil || errors.Is(m.cause, ErrClosed) {
		return ErrClosed
	}
	return fmt.Errorf("%w: %w", ErrClosed, m.cause)
}
