package steps

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

var columns = []flow.Column{
	flow.ColStart, flow.ColEnd, flow.ColDuration, flow.ColSrcPackets, flow.ColSrcBytes, flow.ColDstPackets, flow.ColDstBytes,
	flow.ColBytes, flow.ColPackets, flow.ColPPS, flow.ColBPS, flow.ColBPP,
}

func TestColumnsWithSteps(t *testing.T) {
	for c := range flow.NumColumns {
		want := false
		for _, with := range columns {
			want = want || c == with
		}
		if Has(c) != want || IsTime(c) != (c == flow.ColStart || c == flow.ColEnd) {
			t.Errorf("%s: steps %v, a time %v", c, Has(c), IsTime(c))
		}
	}
}

// anyKey draws the key of a value: near the edges of steps, and anywhere.
func anyKey(t *rapid.T, c flow.Column, first, last int64) uint64 {
	switch kindOf(c) {
	case times:
		return biased(rapid.Int64Range(first, last).Draw(t, "time"))
	case lengths:
		return biased(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-5, 5), rapid.Int64Range(0, 3_000*day), rapid.Int64Range(0, 2*hour)).Draw(t, "length"))
	case rates:
		if rapid.Bool().Draw(t, "none") {
			return NoRate
		}
		return FloatKey(rapid.OneOf(rapid.Float64Range(0, 1e27), rapid.Float64Range(0, 0.01), rapid.Float64Range(0, 5000),
			rapid.SampledFrom([]float64{0, 0.001, 0.002, 0.005, 1, 2, 5, 1e3, 5e26})).Draw(t, "rate"))
	}
	return rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 30), rapid.Uint64Range(0, 3_000_000), rapid.Just[uint64](math.MaxUint64)).Draw(t, "count")
}

// anySpan draws the first and the last time of an answer, of all lengths.
func anySpan(t *rapid.T) (first, last int64) {
	first = rapid.OneOf(rapid.Int64Range(flow.MinTime, flow.MaxTime), rapid.Int64Range(1_700_000_000_000_000, 1_700_000_900_000_000)).Draw(t, "first")
	long := rapid.Int64Range(0, 1<<rapid.IntRange(0, 58).Draw(t, "bits")).Draw(t, "long")
	return first, min(first+long, flow.MaxTime)
}

var zones = []int64{0, 0, 3_600_000_000, 19_800_000_000, -34_200_000_000, 20_700_000_000}

// TestEachValueIsInOneStep: steps follow each other without a gap, and a value is in the one that is found.
func TestEachValueIsInOneStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(columns).Draw(t, "column")
		first, last := anySpan(t)
		s := For(c, first, last, rapid.SampledFrom(zones).Draw(t, "zone"))
		key := anyKey(t, c, first, last)
		in := s.Find(key)
		if in.None {
			if key != NoRate || in.Text() != "" {
				t.Fatalf("%d has no rate, as %q", key, in.Text())
			}
			return
		}
		if key < in.Lo || key > in.Hi {
			t.Fatalf("%d is not in %d to %d", key, in.Lo, in.Hi)
		}
		if s.Find(in.Lo) != in || s.Find(in.Hi) != in && in.Hi != NoRate {
			t.Fatalf("the ends of %v are in %v and %v", in, s.Find(in.Lo), s.Find(in.Hi))
		}
		if !in.Open() && !IsTime(c) {
			if next := s.Find(in.Hi + 1); next.Lo != in.Hi+1 {
				t.Fatalf("%v is followed by %v", in, next)
			}
		}
		back, err := Parse(c, in.Text())
		from, to := in.Micros()
		clipped := IsTime(c) && (from < flow.MinTime || to >= flow.MaxTime)
		if err != nil || back != in && !clipped {
			t.Fatalf("%q is read as %v, %v; want %v", in.Text(), back, err, in)
		}
	})
}

// TestStepsOfTimeAreFew: a span has at most 60 steps, and not one where a shorter one would do.
func TestStepsOfTimeAreFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, last := anySpan(t)
		s := For(flow.ColStart, first, last, rapid.SampledFrom(zones).Draw(t, "zone"))
		base, width := s.Times()
		n := uint64(last-base)/width + 1
		if base > first || uint64(first-base) >= width || n > most {
			t.Fatalf("%d to %d: %d steps of %d from %d", first, last, n, width, base)
		}
		if n < 5 && width > 1 { // the next shorter one is at least a tenth, and would be too many
			t.Fatalf("%d to %d: only %d steps of %d", first, last, n, width)
		}
	})
}

func TestWidths(t *testing.T) {
	const at = 1_700_000_000_000_000 // 2023-11-14 22:13:20
	for _, c := range []struct {
		span, shift int64
		want        string
	}{
		{0, 0, "2023-11-14T22:13:20.000000Z..2023-11-14T22:13:20.000001Z"},
		{30, 0, "2023-11-14T22:13:20.000000Z..2023-11-14T22:13:20.000001Z"},
		{30 * second, 0, "2023-11-14T22:13:20.000000Z..2023-11-14T22:13:21.000000Z"},
		{500 * second, 0, "2023-11-14T22:13:20.000000Z..2023-11-14T22:13:30.000000Z"},
		{45 * minute, 0, "2023-11-14T22:13:00.000000Z..2023-11-14T22:14:00.000000Z"},
		{9 * hour, 0, "2023-11-14T22:10:00.000000Z..2023-11-14T22:20:00.000000Z"},
		{2 * day, 0, "2023-11-14T22:00:00.000000Z..2023-11-14T23:00:00.000000Z"},
		{31 * day, 0, "2023-11-14T00:00:00.000000Z..2023-11-15T00:00:00.000000Z"},
		{31 * day, 5*hour + 30*minute, "2023-11-14T18:30:00.000000Z..2023-11-15T18:30:00.000000Z"},
		{31 * day, -5 * hour, "2023-11-14T05:00:00.000000Z..2023-11-15T05:00:00.000000Z"},
	} {
		s := For(flow.ColEnd, at, at+c.span, c.shift)
		if got := s.Find(biased(at)).Text(); got != c.want {
			t.Errorf("%d: %s, want %s", c.span, got, c.want)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		col  flow.Column
		key  uint64
		want string
	}{
		{flow.ColBytes, 0, "0"},
		{flow.ColBytes, 1, "1"},
		{flow.ColBytes, 3, "2..4"},
		{flow.ColPackets, 1999, "1000..1999"},
		{flow.ColSrcBytes, math.MaxUint64, "10000000000000000000.."},
		{flow.ColDuration, biased(-1), "..-0.000001"},
		{flow.ColDuration, biased(0), "0.000000"},
		{flow.ColDuration, biased(1), "0.000001"},
		{flow.ColDuration, biased(1_500_000), "1.000000..1.999999"},
		{flow.ColDuration, biased(45 * second), "30.000000..59.999999"},
		{flow.ColDuration, biased(2000 * day), "86400000.000000.."},
		{flow.ColPPS, FloatKey(0), "0..0.001"},
		{flow.ColBPS, FloatKey(1999.9999), "1000..2000"},
		{flow.ColBPP, NoRate, ""},
	} {
		if got := For(c.col, 0, 0, 0).Find(c.key).Text(); got != c.want {
			t.Errorf("%s of %d: %q, want %q", c.col, c.key, got, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		col  flow.Column
		text string
	}{
		{flow.ColBytes, ""},
		{flow.ColBytes, ".."},
		{flow.ColBytes, "5..2"},
		{flow.ColBytes, "-1"},
		{flow.ColBytes, "1k"},
		{flow.ColDuration, ".."},
		{flow.ColDuration, "1"},
		{flow.ColDuration, "2.000000..1.000000"},
		{flow.ColPPS, "7"},
		{flow.ColPPS, "0..0"},
		{flow.ColPPS, "-1..2"},
		{flow.ColPPS, "NaN..Inf"},
		{flow.ColStart, "2023-11-14T22:13:20Z"},
		{flow.ColStart, "2023-11-14T22:13:20Z.."},
		{flow.ColStart, "2023-11-14T22:13:20Z..2023-11-14T22:13:20Z"},
		{flow.ColStart, "yesterday..today"},
		{flow.ColProto, "tcp"},
	} {
		if s, err := Parse(c.col, c.text); err == nil || !strings.Contains(err.Error(), "no step of the column "+c.col.String()) {
			t.Errorf("%s %q is %v, %v", c.col, c.text, s, err)
		}
	}
}

// FuzzParse: what can be read is written, and read again as the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "0", "2..4", "10..", "..-0.000001", "0..0.001", "2023-11-14T22:13:20Z..2023-11-14T22:13:21Z"} {
		for c := range flow.NumColumns {
			f.Add(uint8(c), text)
		}
	}
	f.Fuzz(func(t *testing.T, c uint8, text string) {
		col := flow.Column(c % uint8(flow.NumColumns))
		s, err := Parse(col, text)
		if err != nil {
			return
		}
		again, err := Parse(col, s.Text())
		if lo, hi := s.Micros(); IsTime(col) && (lo < flow.MinTime || hi >= flow.MaxTime) {
			return // beyond what has a text
		}
		if err != nil || again != s {
			t.Fatalf("%q is %v, written %q, and read as %v: %v", text, s, s.Text(), again, err)
		}
	})
}
