package query

import (
	"errors"
	"fmt"
	"strings"

	"cxlens/internal/flow"
)

// maxDefaults is how many defaults of parameters may follow each other (?a:?b:80).
const maxDefaults = 8

// errExpected says that a value is of another kind; the error then says what was expected.
var errExpected = errors.New("is not what was expected")

// item reads one item of a field's set.
func (p *parser) item(f Field) (Item, error) {
	p.want(valueWant(f), wantNamed)
	t := p.peek()
	switch {
	case t.kind == tokString:
		return p.plain(f, t.at.Start, t.text, true)
	case t.kind != tokWord || isReserved(t.text):
		return nil, p.fail()
	case t.text[0] == '$':
		return p.ref(t)
	case t.text[0] == '?':
		return p.param(f, t)
	}
	return p.plain(f, t.at.Start, p.spacedRange(f, t.text), false)
}

// spacedRange joins "A - B" to the text "A-B"; the tokens but the last one are taken.
func (p *parser) spacedRange(f Field, text string) string {
	if f.kind() == kindName || p.pos+2 >= len(p.tokens) {
		return text
	}
	dash, last := p.tokens[p.pos+1], p.tokens[p.pos+2]
	if dash.kind != tokWord || dash.text != "-" || last.kind != tokWord {
		return text
	}
	p.take()
	p.take()
	p.want(valueWant(f))
	return text + "-" + last.text
}

// plain reads text, which goes from start to the end of the next token, as a value of the field.
func (p *parser) plain(f Field, start int, text string, isString bool) (Item, error) {
	t := p.peek()
	i, err := parseValue(f, text, isString)
	if err != nil {
		return nil, p.valueError(f, t, text, err)
	}
	p.take()
	return placed(i, Place{start, t.at.End}), nil
}

// valueError words why the next token is no value of f.
func (p *parser) valueError(f Field, t token, text string, err error) *Error {
	if errors.Is(err, errExpected) {
		e := p.fail()
		if e.Nearest == "" {
			e.suggest(text, valueWant(f).words())
		}
		return e
	}
	return p.failAt(t.at, "%s: %s %s", f, quoted(text), err)
}

// ref reads $name.
func (p *parser) ref(t token) (Item, error) {
	name := t.text[1:]
	if !isName(name) {
		return nil, p.failAt(t.at, "expected a name of letters, digits, _, - and . after \"$\"")
	}
	p.take()
	return &Ref{t.at, name}, nil
}

// param reads ?name or ?name:default.
func (p *parser) param(f Field, t token) (Item, error) {
	p.take()
	rest, hasString := t.text, false
	if next := p.peek(); strings.HasSuffix(rest, ":") && next.kind == tokString && next.at.Start == t.at.End {
		hasString = true
	}
	first := &Param{}
	for at, last := 0, first; ; at++ {
		name, deflt, more := strings.Cut(rest[1:], ":")
		last.Place, last.Name = t.at, name
		switch {
		case at == maxDefaults:
			return nil, p.failAt(t.at, "more than %d defaults follow each other", maxDefaults)
		case !isName(name):
			return nil, p.failAt(t.at, "expected a name of letters, digits, _, - and . after \"?\"")
		case !more:
			return first, nil
		case strings.HasPrefix(deflt, "?"):
			next := &Param{}
			last.Default, last, rest = next, next, deflt
			continue
		}
		var err error
		last.Default, err = p.defaultItem(f, t, deflt, hasString)
		return first, err
	}
}

// defaultItem reads what stands after the last ":" of a parameter, in its word or as the string that follows it.
func (p *parser) defaultItem(f Field, t token, text string, hasString bool) (Item, error) {
	if text == "" && hasString {
		p.want(valueWant(f))
		return p.plain(f, t.at.Start, p.peek().text, true)
	}
	if name, ok := strings.CutPrefix(text, "$"); ok {
		if !isName(name) {
			return nil, p.failAt(t.at, "expected a name of letters, digits, _, - and . after \"$\"")
		}
		return &Ref{t.at, name}, nil
	}
	if text == "" {
		return nil, p.failAt(t.at, "expected %s after \":\"", wantTexts[valueWant(f)])
	}
	i, err := parseValue(f, text, false)
	if errors.Is(err, errExpected) {
		return nil, p.failAt(t.at, "expected %s as the default, found %s", wantTexts[valueWant(f)], quoted(text)).
			suggest(text, valueWant(f).words())
	}
	if err != nil {
		return nil, p.failAt(t.at, "%s: %s %s", f, quoted(text), err)
	}
	return placed(i, t.at), nil
}

// isName tells whether s is a NAME of a network, list or parameter.
func isName(s string) bool {
	for _, r := range s {
		if !isWordRune(r) || strings.ContainsRune(":/*@$?+~%#", r) {
			return false
		}
	}
	return s != "" && s != "." && len(s) <= 128
}

// parseValue reads a value of the field. errExpected: it is of another kind.
func parseValue(f Field, text string, isString bool) (Item, error) {
	switch f.kind() {
	case kindName:
		return &Word{Text: text}, nil
	case kindState:
		if _, ok := flow.ParseState(text); ok {
			return &Word{Text: strings.ToUpper(text)}, nil
		}
		return nil, errExpected
	case kindService:
		if s, ok := flow.ServiceCalled(text); ok || text == "" {
			return &Word{Text: s}, nil
		}
		return nil, errExpected
	}
	if isString {
		return nil, errExpected
	}
	return parseBare(f.kind(), text)
}

// parseBare reads the values that are never strings.
func parseBare(kind valueKind, text string) (Item, error) {
	switch kind {
	case kindProto:
		if n, ok := protoNumber(text); ok {
			return &Number{Lo: uint64(n), Hi: uint64(n)}, nil
		}
		return parseNumber(text, 255, false)
	case kindPort:
		if s, ok := flow.ServiceCalled(text); ok {
			return &Word{Text: s}, nil
		}
		return parseNumber(text, 65535, false)
	case kindShort:
		return parseNumber(text, 65535, false)
	case kindByte:
		return parseNumber(text, 255, false)
	case kindCount:
		return parseNumber(text, 1<<64-1, true)
	case kindID:
		return parseNumber(text, 1<<64-1, false)
	case kindRate:
		lo, hi, err := parseRange(text, 0, parseDecimal)
		return &Decimal{Lo: lo, Hi: hi}, err
	case kindDuration:
		lo, hi, err := parseRange(text, 1, parseDuration)
		return &Duration{Lo: lo, Hi: hi}, err
	}
	if !startsLikeAddr(text) {
		return nil, errExpected
	}
	return parseAddress(text)
}

func protoNumber(text string) (uint8, bool) {
	if strings.EqualFold(text, "icmpv6") || strings.EqualFold(text, "ipv6-icmp") {
		return flow.ICMP6, true
	}
	if digits(text) {
		return 0, false
	}
	return flow.ParseProto(text)
}

func startsLikeAddr(text string) bool {
	return strings.IndexByte("0123456789abcdefABCDEF:", text[0]) >= 0
}

func parseNumber(text string, most uint64, scaled bool) (Item, error) {
	lo, hi, err := parseRange(text, 0, func(s string) (uint64, error) { return parseUint(s, most, scaled) })
	return &Number{Lo: lo, Hi: hi}, err
}

// parseRange reads A or A-B; the "-" is looked for from the byte at skip on.
func parseRange[T uint64 | int64 | float64](text string, skip int, parse func(string) (T, error)) (lo, hi T, err error) {
	first, last, ranged := text, "", false
	if i := strings.IndexByte(text[min(skip, len(text)):], '-'); i >= 0 {
		first, last, ranged = text[:skip+i], text[skip+i+1:], true
	}
	if lo, err = parse(first); err != nil {
		return lo, lo, unexpected(first, err)
	}
	if !ranged {
		return lo, lo, nil
	}
	if hi, err = parse(last); err != nil {
		return lo, hi, unexpected(first, err)
	}
	if hi < lo {
		return lo, hi, fmt.Errorf("%w; write the smaller end first", errDescending)
	}
	return lo, hi, nil
}

// unexpected makes errExpected of an error when the text does not even begin like a number.
func unexpected(text string, err error) error {
	if text == "" || (text[0] < '0' || text[0] > '9') && text[0] != '-' {
		return errExpected
	}
	return err
}

// placed gives a fresh item its place.
func placed(i Item, at Place) Item {
	switch i := i.(type) {
	case *Number:
		i.Place = at
	case *Decimal:
		i.Place = at
	case *Duration:
		i.Place = at
	case *Address:
		i.Place = at
	case *Word:
		i.Place = at
	}
	return i
}
