package export

import (
	stdcsv "encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

func TestSafeCSV(t *testing.T) {
	table := flow.NewTable()
	for _, name := range []string{"=1+1", "+a", "-a", "@SUM(A1)", "\tb", "\rc", "plain", "", `=HYPERLINK("http://x","y")`} {
		table.Append(&flow.Record{Start: 5_000_000, End: 4_000_000, IPVersion: 4, File: name, Offset: -1})
	}
	cols := []flow.Column{flow.ColPcapFile, flow.ColPcapOffset, flow.ColDuration}
	want := "pcap_file,pcap_offset,duration\n'=1+1,-1,-1.000000\n'+a,-1,-1.000000\n'-a,-1,-1.000000\n'@SUM(A1),-1,-1.000000\n" +
		"�b,-1,-1.000000\n�c,-1,-1.000000\nplain,-1,-1.000000\n,-1,-1.000000\n\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",-1,-1.000000\n"
	if got := write(t, SafeCSV, cols, table.View(), nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := write(t, CSV, cols, table.View(), nil); strings.Contains(got, "'") {
		t.Errorf("formulas were neutralised though nobody asked for it:\n%s", got)
	}
}

func TestNeutralValues(t *testing.T) {
	columns := []string{"node", "pcap_offset", "agent", "flows"}
	rows := [][]string{{"=a", "-1", "\tx", "12"}, {"b", "7", "", "-"}}
	got := NeutralValues(columns, rows)
	if strings.Join(got[0], "|") != "'=a|-1|'\tx|12" || strings.Join(got[1], "|") != "b|7||-" || rows[0][0] != "=a" {
		t.Errorf("%q of %q", got, rows)
	}
	var b strings.Builder
	if err := WriteValues(&b, SafeCSV, columns, rows[:1]); err != nil || b.String() != "node,pcap_offset,agent,flows\n'=a,-1,'\tx,12\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

// TestNoCellIsAFormula: whatever a peer sends, no text of it begins like a formula, and what was changed is one quote.
func TestNoCellIsAFormula(t *testing.T) {
	text := rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("=+-@\t\r'\", \n")), rapid.Rune()))
	rapid.Check(t, func(t *rapid.T) {
		table := flow.NewTable()
		table.Append(&flow.Record{IPVersion: 4, Node: 1, File: text.Draw(t, "file"), Offset: -1})
		table.SetNode(flow.NodeInfo{ID: 1, Name: text.Draw(t, "node")})
		v, cols := table.View(), []flow.Column{flow.ColPcapFile, flow.ColNode, flow.ColPcapOffset}
		var b strings.Builder
		w := NewWriter(&b, SafeCSV, cols)
		if err := w.Write(t.Context(), v, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		records, err := stdcsv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(records) != 2 || records[1][2] != "-1" {
			t.Fatalf("%q, %v", records, err)
		}
		for i, col := range cols[:2] {
			cell, got := string(v.AppendCell(nil, col, 0)), records[1][i]
			if startsFormula([]byte(got)) || got != cell && got != "'"+cell {
				t.Fatalf("%q became %q", cell, got)
			}
		}
	})
}
