package query

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// timeTerm reads ( rel TIME | "in" TIME ".." TIME | "last" DUR ).
func timeTerm(f TimeField) termReader {
	return func(p *parser, start int) (Node, error) {
		n := &Time{Field: f}
		var err error
		switch word := p.peekWord(); {
		case word == "in":
			p.take()
			err = p.timeSpan(n)
		case word == "last":
			p.take()
			err = p.timeLast(n)
		default:
			err = p.timeRel(n)
		}
		n.Place = Place{start, p.end}
		return n, err
	}
}

func (p *parser) timeRel(n *Time) error {
	t := p.peek()
	word := t.text
	if t.kind == tokWord {
		word = p.peekWord()
	}
	rel, ok := relWords[word]
	if !ok || t.kind != tokRel && t.kind != tokWord {
		p.want(wantTimeOp)
		return p.fail()
	}
	p.take()
	n.Op, n.Rel = TimeRel, rel
	var err error
	n.From, err = p.moment()
	return err
}

func (p *parser) timeSpan(n *Time) (err error) {
	n.Op = TimeIn
	p.splitDots()
	from := p.peek().at
	if n.From, err = p.moment(); err != nil {
		return err
	}
	if p.peek().text != ".." {
		p.want(wantDots)
		return p.fail()
	}
	p.take()
	if n.To, err = p.moment(); err != nil {
		return err
	}
	if n.From.Now == n.To.Now && n.To.Micros < n.From.Micros {
		return p.failAt(Place{from.Start, p.end}, "the span ends before it begins")
	}
	return nil
}

func (p *parser) timeLast(n *Time) error {
	n.Op = TimeLast
	t := p.peek()
	p.want(wantDuration)
	if t.kind != tokWord || t.text[0] < '0' || t.text[0] > '9' {
		return p.fail()
	}
	d, err := parseDuration(t.text)
	switch {
	case err != nil:
		return p.failAt(t.at, "last: %s %s", quoted(t.text), err)
	case d == 0:
		return p.failAt(t.at, "last: the duration is 0")
	}
	p.take()
	n.Last = d
	return nil
}

// splitDots cuts the first word with ".." in it, so that "now-2h..now" is three tokens. It
// looks no further than a TIME of three words goes.
func (p *parser) splitDots() {
	for i := p.pos; i < min(p.pos+4, len(p.tokens)) && p.tokens[i].kind == tokWord; i++ {
		t := p.tokens[i]
		cut := strings.Index(t.text, "..")
		if cut < 0 {
			continue
		}
		var parts []token
		for _, span := range [][2]int{{0, cut}, {cut, cut + 2}, {cut + 2, len(t.text)}} {
			if span[0] < span[1] {
				at := Place{t.at.Start + span[0], t.at.Start + span[1]}
				parts = append(parts, token{tokWord, at, t.text[span[0]:span[1]]})
			}
		}
		if len(parts) > 1 {
			p.tokens = slices.Replace(p.tokens, i, i+1, parts...)
		}
		return
	}
}

// moment reads a TIME, which may be two words ("2026-11-22 13:56") or three ("now - 2h").
func (p *parser) moment() (Moment, error) {
	p.want(wantMoment)
	t := p.peek()
	if t.kind != tokWord && t.kind != tokString {
		return Moment{}, p.fail()
	}
	text, words := t.text, 1
	if t.kind == tokWord {
		text, words = p.momentWords(t)
	}
	at := Place{t.at.Start, p.tokens[p.pos+words-1].at.End}
	m, err := parseMoment(text, time.UTC)
	if errors.Is(err, errNotTime) && words == 1 {
		return Moment{}, p.fail()
	}
	if err != nil {
		return Moment{}, p.failAt(at, "%s %s", quoted(text), err)
	}
	for range words {
		p.take()
	}
	m.Place = at
	return m, nil
}

// momentWords returns the text of a TIME that begins with the word t, and of how many words it is.
func (p *parser) momentWords(t token) (text string, words int) {
	next := func(i int) string {
		if i = p.pos + i; i < len(p.tokens) && p.tokens[i].kind == tokWord {
			return p.tokens[i].text
		}
		return ""
	}
	second := next(1)
	switch {
	case strings.EqualFold(t.text, "now") && (second == "-" || second == "+") && next(2) != "":
		return t.text + second + next(2), 3
	case strings.EqualFold(t.text, "now") && second != "" && (second[0] == '-' || second[0] == '+'):
		return t.text + second, 2
	case isDate(t.text) && len(second) >= 4 && second[0] >= '0' && second[0] <= '9' && strings.Contains(second, ":"):
		return t.text + "T" + second, 2
	}
	return t.text, 1
}

// isDate tells whether s has the shape of 2026-11-22.
func isDate(s string) bool {
	return len(s) == 10 && s[4] == '-' && s[7] == '-' && digits(strings.ReplaceAll(s, "-", "0"))
}
