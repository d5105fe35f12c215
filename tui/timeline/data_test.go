package timeline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cxlens/tui/sums"
)

var stackedColumns = []string{"start", "series", "proto", "flows", "bytes", "packets"}

func TestRead(t *testing.T) {
	rows := [][]string{
		{"1970-01-01T00:00:00.000000Z", "0", "", "1", "10", "2"},
		{"1970-01-01T00:00:00.000000Z", "1", "tcp", "3", "30", "4"},
		{"1970-01-01T00:00:02.000000Z", "2", "", "5", "50", "6"},
		{"1970-01-01T00:00:03.000000Z", "0", "", "0", "0", "0"},
	}
	d, err := Read(stackedColumns, rows, 0, 1_000_000, 4, "proto")
	if err != nil {
		t.Fatal(err)
	}
	want := &Data{Width: 1_000_000, Total: []sums.Sums{{4, 40, 6}, {}, {5, 50, 6}, {}}, Series: []Series{
		{Name: "tcp", Sums: []sums.Sums{{3, 30, 4}, {}, {}, {}}, All: sums.Sums{3, 30, 4}},
		{Name: "none", Sums: []sums.Sums{{}, {}, {5, 50, 6}, {}}, All: sums.Sums{5, 50, 6}},
		{Name: "other", Sums: []sums.Sums{{1, 10, 2}, {}, {}, {}}, All: sums.Sums{1, 10, 2}},
	}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	old, err := Read([]string{"start", "flows", "bytes", "packets"}, [][]string{{"1970-01-01T00:00:01.000000Z", "7", "8", "9"}}, 0, 1_000_000, 2, "proto")
	if err != nil || old.Series != nil || old.Total[1] != (sums.Sums{7, 8, 9}) {
		t.Errorf("an old server's answer: %+v, %v", old, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for want, row := range map[string][]string{
		"has no time":               {"noon", "0", "", "1", "2", "3"},
		"has no number of bytes":    {"1970-01-01T00:00:00Z", "0", "", "1", "", "3"},
		"was not asked for":         {"1970-01-01T00:01:00Z", "0", "", "1", "2", "3"},
		`has a series "100000"`:     {"1970-01-01T00:00:00Z", "100000", "", "1", "2", "3"},
		"has a series \"x\"":        {"1970-01-01T00:00:00Z", "x", "", "1", "2", "3"},
		"has no number of packets:": {"1970-01-01T00:00:00Z", "1", "tcp", "1", "2"},
	} {
		if _, err := Read(stackedColumns, [][]string{row}, 0, 1_000_000, 4, "proto"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", row, err, want)
		}
	}
	if _, err := Read(stackedColumns, nil, 0, 0, 4, "proto"); err == nil {
		t.Error("buckets without a width are fine")
	}
}

// FuzzRead: whatever a server answers is data that can be drawn, or an error of one line.
func FuzzRead(f *testing.F) {
	f.Add("start|series|proto|flows|bytes|packets", "1970-01-01T00:00:00.000000Z|1|tcp|3|30|4\n1970-01-01T00:00:01Z|0||1|1|1", int64(0), int64(500_000), 4)
	f.Add("start|flows|bytes|packets", "1970-01-01T00:00:00Z|18446744073709551615|1|1", int64(-5), int64(1), 9)
	f.Fuzz(func(t *testing.T, columns, text string, start, width int64, buckets int) {
		if buckets < 1 || buckets > 300 || width > 1<<40 || start < -1<<50 || start > 1<<50 {
			return
		}
		var rows [][]string
		for line := range strings.SplitSeq(text, "\n") {
			rows = append(rows, strings.Split(line, "|"))
		}
		d, err := Read(strings.Split(columns, "|"), rows, start, width, buckets, "proto")
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%q", err)
			}
			return
		}
		drawable(t, d)
	})
}
