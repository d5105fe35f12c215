package sums

import (
	"math"
	"strings"
	"testing"
)

func TestSumsStayAtTheLargest(t *testing.T) {
	s := Sums{1, math.MaxUint64 - 1, 3}
	s.Add(Sums{2, 5, 4})
	if s != (Sums{3, math.MaxUint64, 7}) {
		t.Errorf("%v", s)
	}
}

func TestMetrics(t *testing.T) {
	for m := range NumMetrics {
		if got, ok := ParseMetric(m.String()); !ok || got != m {
			t.Errorf("%s is read as %s, %v", m, got, ok)
		}
	}
	if m, ok := ParseMetric(""); !ok || m != Flows {
		t.Error("no metric is not flows")
	}
	if _, ok := ParseMetric("size"); ok {
		t.Error("size is a metric")
	}
	if Packets.Next() != Flows || Flows.Next() != Bytes {
		t.Error("the metrics are not walked through")
	}
	for want, got := range map[string]string{"1 flow": Flows.Text(1), "1.20M flows": Flows.Text(1_200_000), "45.1 kB": Bytes.Text(45_100), "0 packets": Packets.Text(0)} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAnswer(t *testing.T) {
	a := Columns([]string{"proto", "flows", "bytes", "packets"})
	s, err := a.Sums([]string{"tcp", "1", "2", "18446744073709551615"})
	if err != nil || s != (Sums{1, 2, math.MaxUint64}) || a.Cell([]string{"tcp"}, "proto") != "tcp" {
		t.Errorf("%v, %v", s, err)
	}
	for _, row := range [][]string{nil, {"tcp", "1", "2"}, {"tcp", "x", "2", "3"}, {"tcp", "1", "-2", "3"}} {
		if _, err := a.Sums(row); err == nil || !strings.Contains(err.Error(), "has no number of") {
			t.Errorf("%q: %v", row, err)
		}
	}
}
