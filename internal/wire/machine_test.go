package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// side is one machine of a pair, with the wire to the other side as a queue of items, and
// the model that judges what it writes: the plain rules of protocol.md section 3, "Order".
type side struct {
	name string
	m    machine
	wire queue[*outItem] // written, not read by the other side

	writing *outItem // handed to the writer, not yet written
	taken   int      // blocks that wait for the owner, 0 or 1
	asked   int      // requests that wait for the owner

	txns  []*transaction
	want  map[*transaction]string // what it must come to: "", "202 verb", "204 final"
	pings []*ping

	owes     []string // the model: the texts that this side owes, oldest first
	between  bool     // the model: from its verb to its block, or to a refusal
	got      []string // blocks, in order
	requests int      // of the other side, read here
}

var clock = time.Unix(1_764_000_000, 0)

func newSide(name string) *side {
	cfg := Config{}.withDefaults()
	s := &side{name: name, want: map[*transaction]string{}}
	s.m.cfg = &cfg
	return s
}

// ask starts a transaction whose module says how the peer will answer.
func (s *side) ask(n int) error {
	how := []string{"TAKE", "REFUSE", "DAMAGE"}[n%3]
	t := &transaction{verb: []Verb{Post, Get}[n%2], module: fmt.Sprintf("%s-%d", how, len(s.txns)), tail: endLine, done: make(chan struct{})}
	t.data = []byte(fmt.Sprintf("%s %s\n", s.name, t))
	s.want[t] = map[string]string{"TAKE": "", "REFUSE": "202 verb", "DAMAGE": "204 final"}[how]
	s.txns = append(s.txns, t)
	return s.m.ask(t)
}

func (s *side) ping() error {
	p := &ping{pong: make(chan pong, 1)}
	s.pings = append(s.pings, p)
	return s.m.say(&outItem{kind: outText, parts: [2][]byte{[]byte("PING 1\n")}, debt: &debt{kind: debtPong, ping: p}})
}

func (s *side) request() error { return s.m.say(&outItem{kind: outRequest}) }

// take hands the next item to the writer and lets the model judge it.
func (s *side) take() error {
	it := s.m.next(clock)
	if it == nil {
		return nil
	}
	s.writing = it
	return s.judge(it)
}

// judge says whether a side may write this now.
func (s *side) judge(it *outItem) error {
	what := describe(it)
	switch what {
	case "response":
		return nil
	case "request", "PING", "verb":
		if s.between {
			return fmt.Errorf("%s writes a %s between its verb and its block", s.name, what)
		}
		s.between = what == "verb"
		return nil
	}
	if len(s.owes) == 0 || !strings.HasPrefix(what, s.owes[0]) {
		return fmt.Errorf("%s writes %s, but owes %v", s.name, what, s.owes)
	}
	s.owes = s.owes[1:]
	if what == "block" {
		s.between = false
	}
	return nil
}

// describe names an item as the model does.
func describe(it *outItem) string {
	line := string(it.parts[0])
	switch {
	case it.kind == outBlock:
		return "block"
	case it.kind == outResponse:
		return "response"
	case it.kind == outRequest:
		return "request"
	case parseText(it.parts[0]).kind == textVerb:
		return "verb"
	case strings.HasPrefix(line, "PING"):
		return "PING"
	case strings.HasPrefix(line, "PONG"):
		return "pong"
	}
	return "ack"
}

// written lets the writer end.
func (s *side) written() {
	s.wire.push(s.writing)
	s.m.written(s.writing)
	s.writing = nil
}

// read takes one item that the other side has written, as the demultiplexer would: while
// a block is due, it knows only lines and objects.
func (s *side) read(from *side) error {
	it := from.wire.pop()
	what := describe(it)
	due := s.m.blockDue()
	switch {
	case what == "block" && !due:
		return fmt.Errorf("%s reads a block that is not due", s.name)
	case what == "block":
		if s.m.beforeBlock(it.parts[0]) {
			return fmt.Errorf("%s takes a block for a line", s.name)
		}
		s.got = append(s.got, string(it.parts[0]))
		s.m.readBlock()
		s.taken++
		s.owes = append(s.owes, "ack")
		return nil
	case what == "request":
		s.requests++
		if !s.m.mayRequest() {
			return errors.New("a request is passed over")
		}
		s.asked++
		return nil
	case what == "response":
		return nil
	case due && !s.m.beforeBlock(it.parts[0]):
		return fmt.Errorf("%s takes %q for a block", s.name, it.parts[0])
	}
	return s.readLine(it.parts[0])
}

// readLine is read for texts.
func (s *side) readLine(line []byte) error {
	t := parseText(line)
	switch t.kind {
	case textVerb:
		if may, err := s.m.mayVerb(t); err != nil || !may {
			return fmt.Errorf("%s passes over %q: %v", s.name, line, err)
		}
		s.owes = append(s.owes, "ack")
		a := Accept
		if strings.HasPrefix(t.module, "REFUSE") {
			a = NotSupported
		}
		s.m.readVerb(t, a)
		return nil
	case textPing:
		s.owes = append(s.owes, "pong")
	case textAck:
		if s.m.own == ownVerb && t.code == 200 {
			s.owes = append(s.owes, "block")
		}
		if s.m.own == ownVerb && t.code != 200 {
			s.between = false
		}
	}
	return s.m.readText(t, line, clock)
}

// answer lets the owner answer its block.
func (s *side) answer() {
	s.taken--
	a := Accept
	if strings.HasPrefix(s.m.peerText.module, "DAMAGE") {
		a = DataError
	}
	s.m.answerBlock(a)
}

// respond lets the owner answer a request.
func (s *side) respond() error {
	s.asked--
	return s.m.respond(&outItem{kind: outResponse})
}

// empty says whether everything committed was handed to the writer.
func (o *outbox) empty() bool {
	return o.texts.len()+o.responses.len()+o.requests.len() == 0
}

// moves are what can happen at s now, its peer being o.
func (s *side) moves(o *side, start bool) []func() error {
	var can []func() error
	add := func(ok bool, f func() error) {
		if ok {
			can = append(can, f)
		}
	}
	add(s.writing != nil, func() error { s.written(); return nil })
	add(s.writing == nil, s.take)
	add(o.wire.len() > 0, func() error { return s.read(o) })
	add(s.taken > 0, func() error { s.answer(); return nil })
	add(s.asked > 0, s.respond)
	if start {
		can = append(can, s.ping, s.request, func() error { return s.ask(len(s.txns)) }, func() error { return s.ask(len(s.txns) + 1) })
	}
	return can
}

// settled checks that everything that a started has come to its end.
func settled(a, b *side) error {
	var sent []string
	for _, t := range a.txns {
		select {
		case <-t.done:
		default:
			return fmt.Errorf("%s: %s is stuck; %s owes %v", a.name, t, b.name, b.owes)
		}
		got := ""
		if e, ok := errors.AsType[*AckError](t.err); ok {
			got = fmt.Sprintf("%d %s", e.Code, e.Phase)
		}
		if got != a.want[t] {
			return fmt.Errorf("%s: %s came to %q, want %q", a.name, t, got, a.want[t])
		}
		if a.want[t] != "202 verb" {
			sent = append(sent, string(t.data))
		}
	}
	for _, p := range a.pings {
		if len(p.pong) != 1 {
			return fmt.Errorf("%s: a PING has %d pongs", a.name, len(p.pong))
		}
	}
	if strings.Join(sent, "") != strings.Join(b.got, "") {
		return fmt.Errorf("%s sent %q, %s got %q", a.name, sent, b.name, b.got)
	}
	if len(a.m.owed) > 0 || len(a.owes) > 0 || !a.m.out.empty() || a.m.out.owed != 0 || a.m.out.waiting != 0 {
		return fmt.Errorf("%s is left with %d debts of its peer, own debts %v, outbox %+v", a.name, len(a.m.owed), a.owes, a.m.out)
	}
	return nil
}

// cross plays two machines against each other: choose(n) decides each move among n, and
// -1 ends the start of new things.
func cross(choose func(n int) int) error {
	a, b := newSide("A"), newSide("B")
	for {
		moves := append(a.moves(b, true), b.moves(a, true)...)
		i := choose(len(moves))
		if i < 0 {
			break
		}
		if err := moves[i](); err != nil {
			return err
		}
	}
	if err := drain(a, b); err != nil {
		return err
	}
	if err := settled(a, b); err != nil {
		return err
	}
	return settled(b, a)
}

// drain lets all that is open come to its end: it plays every move that there is until
// none changes anything.
func drain(a, b *side) error {
	for quiet := 0; quiet < 2; quiet++ {
		for _, s := range [][2]*side{{a, b}, {b, a}} {
			own, peer := s[0], s[1]
			if own.writing == nil {
				if err := own.take(); err != nil {
					return err
				}
			}
			if own.writing != nil {
				own.written()
				quiet = -1
			}
			for peer.wire.len() > 0 {
				quiet = -1
				if err := own.read(peer); err != nil {
					return err
				}
			}
			for own.taken > 0 {
				quiet = -1
				own.answer()
			}
			for own.asked > 0 {
				quiet = -1
				if err := own.respond(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func TestMachineModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.IntRange(0, 400).Draw(t, "moves")
		if err := cross(func(n int) int {
			if left--; left < 0 {
				return -1
			}
			return rapid.IntRange(0, n-1).Draw(t, "move")
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzMachine is TestMachineModel with bytes for choices.
func FuzzMachine(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{4, 0, 0, 8, 1, 1, 1, 0, 1, 0, 1, 2, 3})
	f.Add([]byte(strings.Repeat("\x04\x03\x02\x01\x00\x09\x08\x07\x06\x05", 30)))
	f.Fuzz(func(t *testing.T, moves []byte) {
		if len(moves) > 500 {
			return
		}
		i := 0
		if err := cross(func(n int) int {
			if i == len(moves) {
				return -1
			}
			i++
			return int(moves[i-1]) % n
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestOutboxAccount checks that what is owed is counted once and given back.
func TestOutboxAccount(t *testing.T) {
	var o outbox
	slot := &outItem{kind: outText, waiting: true, owed: true}
	o.commit(slot)
	o.commit(&outItem{kind: outText, parts: [2][]byte{[]byte("PONG 1\n")}, owed: true})
	o.commit(&outItem{kind: outBlock, parts: [2][]byte{[]byte("x\n"), endLine}})
	o.commit(&outItem{kind: outRequest})
	o.commit(&outItem{kind: outResponse, owed: true})
	if o.owed != 3*itemCost+7 || o.next().kind != outResponse || o.next() != nil {
		t.Fatalf("%+v", o)
	}
	o.fill(slot, []byte("200\n"))
	var kinds []outKind
	for it := o.next(); it != nil; it = o.next() {
		kinds = append(kinds, it.kind)
	}
	if fmt.Sprint(kinds) != fmt.Sprint([]outKind{outText, outText, outBlock, outRequest}) || o.owed != 0 || !o.empty() {
		t.Fatalf("%v, %d bytes left", kinds, o.owed)
	}
}
