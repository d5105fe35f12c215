package steps

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cxlens/internal/flow"
)

// Step is a range of a column's values.
type Step struct {
	Column flow.Column
	None   bool   // the flows without a rate
	Lo, Hi uint64 // the keys of its values, both included; Hi of the last one is the largest number
}

// Name is what a column of steps is called in outputs.
func Name(c flow.Column) string { return c.String() + "_step" }

// dots stand between the ends of a step.
const dots = ".."

// Text is the step as outputs have it, in the words of the language: times and rates as from..to, to not included;
// counts and lengths of time as first..last; one value as itself, a step without an end without what it ends with, and
// no rate as nothing. Times are RFC 3339 in UTC, lengths are seconds.
func (s Step) Text() string {
	switch kindOf(s.Column) {
	case times:
		from, last := s.Micros()
		return string(flow.AppendTime(nil, from)) + dots + string(flow.AppendTime(nil, min(last, flow.MaxTime)+1))
	case lengths:
		from, to := s.Micros()
		switch {
		case s.Lo == s.Hi:
			return string(flow.AppendDuration(nil, from))
		case s.Lo == 0:
			return dots + string(flow.AppendDuration(nil, to))
		case s.Open():
			return string(flow.AppendDuration(nil, from)) + dots
		}
		return string(flow.AppendDuration(nil, from)) + dots + string(flow.AppendDuration(nil, to))
	case rates:
		from, to := s.Rates()
		switch {
		case s.None:
			return ""
		case s.Open():
			return rateText(from) + dots
		}
		return rateText(from) + dots + rateText(to)
	}
	switch {
	case s.Lo == s.Hi:
		return strconv.FormatUint(s.Lo, 10)
	case s.Open():
		return strconv.FormatUint(s.Lo, 10) + dots
	}
	return strconv.FormatUint(s.Lo, 10) + dots + strconv.FormatUint(s.Hi, 10)
}

func rateText(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// Open tells whether the step goes on without an end.
func (s Step) Open() bool { return s.Hi == math.MaxUint64 }

// Micros are the first and the last microsecond of a step of times or of lengths of time.
func (s Step) Micros() (first, last int64) { return unbiased(s.Lo), unbiased(s.Hi) }

// Rates are where a step of rates begins and ends; the end is not in it, and infinite where there is none.
func (s Step) Rates() (from, to float64) {
	if s.Open() {
		return math.Float64frombits(s.Lo), math.Inf(1)
	}
	return math.Float64frombits(s.Lo), math.Float64frombits(s.Hi + 1)
}

// Parse reads what Text writes. An error says that the text is no step of the column.
func Parse(c flow.Column, text string) (Step, error) {
	k := kindOf(c)
	if k == rates && text == "" {
		return Step{Column: c, None: true}, nil
	}
	lo, hi, ranged := strings.Cut(text, dots)
	s := Step{Column: c, Hi: math.MaxUint64}
	var err error
	if lo != "" || k != lengths || hi == "" {
		s.Lo, err = key(k, lo)
	}
	switch {
	case err != nil:
	case !ranged:
		s.Hi = s.Lo
	case hi != "":
		s.Hi, err = key(k, hi)
		s.Hi -= excluded(k, s.Hi)
	}
	if err != nil || s.Hi < s.Lo || k == times && hi == "" || k == rates && (!ranged || hi != "" && s.Hi == 0) {
		return Step{}, fmt.Errorf("%.70q is no step of the column %s", flow.Clean(text), c)
	}
	return s, nil
}

// excluded is 1 where the end of a step is not in it. The last time that has a text is: the true end has none.
func excluded(k kind, end uint64) uint64 {
	if k == times && end != biased(flow.MaxTime) || k == rates && end > 0 {
		return 1
	}
	return 0
}

// key reads one end of a step.
func key(k kind, text string) (uint64, error) {
	switch k {
	case times:
		t, err := time.Parse(time.RFC3339Nano, text)
		return biased(t.UnixMicro()), err
	case lengths:
		n, err := micros(text)
		return biased(n), err
	case rates:
		f, err := strconv.ParseFloat(text, 64)
		if err == nil && (f < 0 || math.IsNaN(f) || math.IsInf(f, 0)) {
			err = strconv.ErrRange
		}
		return math.Float64bits(f + 0), err // the sum makes -0 to 0
	case counts:
		return strconv.ParseUint(text, 10, 64)
	}
	return 0, strconv.ErrSyntax
}

// micros reads seconds with six decimals.
func micros(text string) (int64, error) {
	whole, part, _ := strings.Cut(text, ".")
	if len(part) != 6 {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseInt(whole+part, 10, 64)
}
