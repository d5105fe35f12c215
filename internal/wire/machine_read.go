package wire

import (
	"fmt"
	"time"
)

// blockDue implements expecter.
func (m *machine) blockDue() bool { return m.peer == peerDue }

// beforeBlock implements expecter: the rules for a first line while a block is due.
func (m *machine) beforeBlock(line []byte) bool {
	block := m.owed.find(isBlockDebt)
	ack := m.owed.find(debtKind.isAck)
	pong := m.owed.find(isPongDebt)
	switch {
	case ack >= 0 && ack < block:
		if _, ok := ackCode(line); ok {
			return true
		}
	case ack >= 0 && isAck(line):
		return true
	}
	return pong >= 0 && pong < block && parseText(line).kind == textPong
}

// mayVerb is asked before the owner is: false means that a verb is passed over.
func (m *machine) mayVerb(t text) (bool, error) {
	if m.end != endNone && m.end != endAsked {
		return false, nil // it crossed our BYE, behind which the peer reads nothing
	}
	if m.peer != peerIdle {
		return false, &fault{CodeInvalidRequest, fmt.Sprintf("%s %s came before the final ack of %s %s: wait for it",
			t.verb, t.module, m.peerText.verb, m.peerText.module)}
	}
	return true, nil
}

// readVerb answers a verb of the peer as the owner decided.
func (m *machine) readVerb(t text, a Answer) {
	it := &outItem{kind: outText, parts: [2][]byte{ackLine(a)}}
	switch a {
	case Accept:
		m.peer, m.peerText = peerDue, t
		it.debt = &debt{kind: debtBlock, name: fmt.Sprintf("block of %s %s", t.verb, t.module)}
		m.owed.add(it.debt)
	case Unauthorized:
		m.stop(it, fmt.Errorf("%s %s before its time: answered 401", t.verb, t.module))
		return
	}
	m.owe(it)
}

// readBlock takes note of a whole block and reserves the place of its final ack; false
// when the connection has ended meanwhile.
func (m *machine) readBlock() bool {
	if m.end >= endLast {
		return false
	}
	m.owed.pay(m.owed.find(isBlockDebt))
	m.peer = peerTaken
	m.slot = &outItem{kind: outText, waiting: true}
	m.owe(m.slot)
	return m.end != endOver
}

// answerBlock fills in the final ack.
func (m *machine) answerBlock(a Answer) {
	if m.end == endOver {
		return
	}
	m.out.fill(m.slot, ackLine(a))
	if a == Unauthorized && m.end < endLast {
		m.slot.last, m.end, m.owed = true, endLast, nil
		m.cause = fmt.Errorf("the block of %s %s was answered 401", m.peerText.verb, m.peerText.module)
		m.release()
	}
	m.peer, m.slot = peerIdle, nil
	m.overrun()
	m.pump()
}

// readText takes a line other than a verb.
func (m *machine) readText(t text, line []byte, now time.Time) error {
	switch t.kind {
	case textAck:
		return m.readAck(t.code)
	case textPong:
		m.readPong(t.rest, now)
	case textPing:
		if m.end < endSaid {
			m.owe(&outItem{kind: outText, parts: [2][]byte{[]byte("PONG " + date(now) + "\n")}})
		}
	case textBye:
		m.stop(&outItem{kind: outText, parts: [2][]byte{ackLine(Accept)}}, nil)
	default:
		if m.end < endSaid {
			return &fault{CodeInvalidRequest, fmt.Sprintf("%q is not POST, GET, PING, BYE or an object",
				clean(string(trimLine(line)), 40))}
		}
	}
	return nil
}

// readAck pays the oldest ack that the peer owes.
func (m *machine) readAck(code int) error {
	i := m.owed.find(debtKind.isAck)
	if i < 0 {
		return &fault{CodeInvalidRequest, fmt.Sprintf("%s came, but no ack was due", ackName(code))}
	}
	kind, t := m.owed.pay(i).kind, m.txn
	switch {
	case kind == debtByeAck:
		m.abort(nil)
		return nil
	case kind == debtVerbAck && code == 200:
		m.own = ownFinal
		d := &debt{kind: debtFinalAck, name: "final ack of " + t.String()}
		m.out.commit(&outItem{kind: outBlock, parts: [2][]byte{t.data, t.tail}, debt: d})
		m.owed.add(d)
	case code == 200:
		m.finish(nil)
	default:
		m.refused(&AckError{Verb: t.verb, Module: t.module, Code: code, Phase: phaseOf(kind)})
	}
	m.pump()
	return nil
}

// refused ends our transaction, and with 401 the connection, as the peer does.
func (m *machine) refused(err *AckError) {
	m.finish(err)
	if err.Code == 401 {
		m.abort(err)
	}
}

// phaseOf is the part of a transaction that an ack debt stands for.
func phaseOf(k debtKind) Phase {
	if k == debtVerbAck {
		return PhaseVerb
	}
	return PhaseFinal
}

// finish ends our transaction.
func (m *machine) finish(err error) {
	m.txn.finish(err)
	m.own, m.txn = ownIdle, nil
}

// readPong pays the oldest pong; one that nobody asked for is passed over.
func (m *machine) readPong(date string, now time.Time) {
	i := m.owed.find(isPongDebt)
	if i < 0 {
		return
	}
	p := m.owed.pay(i).ping
	p.pong <- pong{date: clean(date, maxDate), rtt: now.Sub(p.asked)}
}
