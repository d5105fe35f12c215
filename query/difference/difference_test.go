package difference

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/query"
)

func TestCompare(t *testing.T) {
	before := Side{Rows: [][]string{{"a", "443", "5", "5000", "50"}, {"b", "53", "2", "200", "2"}, {"c", "22", "1", "100", "1"}}, Groups: 3}
	after := Side{Rows: [][]string{{"d", "80", "9", "9000", "90"}, {"a", "443", "5", "1000", "50"}, {"c", "22", "1", "100", "1"}}, Groups: 7}
	res, err := Compare(before, after, 2, query.MetricBytes)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range res.Rows {
		text := r.Kind.Sign() + " " + r.Kind.String() + " " + strings.Join(r.Key, " ")
		if r.Unsure {
			text += " ?"
		}
		got = append(got, text)
	}
	want := []string{"+ new d 80", "~ changed a 443", "− gone b 53 ?", "= same c 22"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if res.Count != [4]uint64{1, 1, 1, 1} || res.FloorBefore != 0 || res.FloorAfter != 100 || res.After.Bytes != 10_100 {
		t.Errorf("%+v", res)
	}
	if r := res.Rows[1].Ratio(query.MetricBytes); r != 0.2 {
		t.Errorf("ratio %g", r)
	}
	if r := res.Rows[0].Ratio(query.MetricFlows); !math.IsInf(r, 1) {
		t.Errorf("ratio of what is new: %g", r)
	}
}

func TestDamagedAnswers(t *testing.T) {
	for _, row := range [][]string{{"a", "1", "2"}, {"a", "1", "2", "x"}, {"a", "1", "2", "-3"}, {}, {"a", "b", "1", "2", "3"}} {
		if _, err := Compare(Side{Rows: [][]string{row}, Groups: 9}, Side{}, 1, query.MetricFlows); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", row, err)
		}
	}
}

// TestCompareAgainstMaps: the comparison is that of two maps.
func TestCompareAgainstMaps(t *testing.T) {
	side := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c|d", "", "1:", "11"}), rapid.Uint64Range(1, 4), 0, 6)
	metrics := rapid.SampledFrom([]string{query.MetricBytes, query.MetricFlows, query.MetricPackets})
	rapid.Check(t, func(t *rapid.T) {
		before, after := side.Draw(t, "before"), side.Draw(t, "after")
		metric := metrics.Draw(t, "metric")
		res, err := Compare(answer(before), answer(after), 1, metric)
		if err != nil {
			t.Fatal(err)
		}
		all := maps.Clone(before)
		maps.Copy(all, after)
		if len(res.Rows) != len(all) {
			t.Fatalf("%d rows for %d keys", len(res.Rows), len(all))
		}
		last := uint64(math.MaxUint64)
		for _, r := range res.Rows {
			b, a := before[r.Key[0]], after[r.Key[0]]
			want := Changed
			switch {
			case a == b:
				want = Same
			case b == 0:
				want = New
			case a == 0:
				want = Gone
			}
			if r.Kind != want || r.Before.Of(metric) != b || r.After.Of(metric) != a || r.Unsure || r.change(metric) > last {
				t.Fatalf("%+v of %v and %v", r, before, after)
			}
			last = r.change(metric)
		}
	})
}

func answer(m map[string]uint64) Side {
	s := Side{Groups: uint64(len(m))}
	for k, n := range m {
		text := strconv.FormatUint(n, 10)
		s.Rows = append(s.Rows, []string{k, text, text, text})
	}
	return s
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1d", "1d by src_ip,dst_ip,dst_port bytes"},
		{"168h flows", "1w by src_ip,dst_ip,dst_port flows"},
		{"tab 3 by service", "tab 3 by service bytes"},
		{"90m BY src_ip , dst_port Packets", "90m by src_ip,dst_port packets"},
		{"1h by bytes", "! by: expected"},
		{"36h by proto,bytes flows", "36h by proto,bytes flows"},
		{"30s by src_ip dst_ip", "30s by src_ip,dst_ip bytes"},
		{"", "! with what?"},
		{"yesterday", "! not a time earlier"},
		{"500ms", "! whole seconds"},
		{"tab", "! expected its number"},
		{"tab 0", "! not the number of a tab"},
		{"1d src_ip", "! expected by and columns"},
		{"1d by", "! by: expected"},
		{"1d by src_ip,src_ip", "! stands twice"},
		{"1d by dst_prot", "! did you mean"},
	} {
		s, err := Parse(c.text)
		if why, refused := strings.CutPrefix(c.want, "! "); refused {
			if err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%q: %v, %v", c.text, s, err)
			}
			continue
		}
		if err != nil || s.String() != c.want {
			t.Errorf("%q: %s, %v", c.text, s, err)
			continue
		}
		if again, err := Parse(s.String()); err != nil || again.String() != s.String() {
			t.Errorf("%s reads back as %s, %v", s, again, err)
		}
	}
	if d := Default(); d.Ago != 24*time.Hour || d.String() != "1d by src_ip,dst_ip,dst_port bytes" {
		t.Errorf("the default is %s", d)
	}
}
