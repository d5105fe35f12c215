package flow

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestTableKeepsRecords fills tables over several chunks from few different
// records and compares every way of reading with the records.
func TestTableKeepsRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOfN(anyRecord(), 1, 12).Draw(t, "records")
		n := rapid.SampledFrom([]int{1, 2, 100, 255, 257, 300, 500, 1000, 1300, 2*chunkRows + 300}).Draw(t, "rows")
		table := NewTable()
		want := make([]*Record, n)
		for i := range want {
			want[i] = &kinds[(i*7+i/chunkRows)%len(kinds)]
			table.Append(want[i])
		}
		v := table.View()
		if v.Len() != n || table.Len() != n {
			t.Fatalf("%d and %d rows, want %d", v.Len(), table.Len(), n)
		}
		from := min(n-1, rapid.OneOf(rapid.IntRange(0, n-1), rapid.IntRange(chunkRows-9, chunkRows+9)).Draw(t, "from"))
		to := min(n, from+rapid.SampledFrom([]int{1, 20, 700, n}).Draw(t, "count"))
		for _, row := range []int{0, from, n - 1} {
			var got Record
			v.Record(row, &got)
			if diff := cmp.Diff(*want[row], got); diff != "" {
				t.Fatalf("row %d: %s", row, diff)
			}
		}
		for col := range NumColumns {
			checkColumn(t, v, col, from, want[from:to])
		}
	})
}

// checkColumn compares a column's ranges and single values with the records.
func checkColumn(t *rapid.T, v *View, col Column, from int, want []*Record) {
	dst, floats := make([]uint64, len(want)), make([]float64, len(want))
	v.Uint64s(col, from, dst)
	v.Floats(col, from, floats)
	type reading struct {
		number uint64
		float  float64
		text   string
	}
	known := make(map[*Record]reading) // a few records fill many rows
	texts := make(map[uint64]string)   // of codes
	for i, r := range want {
		plain, ok := known[r]
		if !ok {
			plain.number, plain.float, plain.text = value(v, col, r)
			known[r] = plain
		}
		number, float, text := plain.number, plain.float, plain.text
		if dst[i] != number && text == "" || v.Uint64(col, from+i) != dst[i] {
			t.Fatalf("%v of row %d: %d in a range, %d alone, want %d", col, from+i, dst[i], v.Uint64(col, from+i), number)
		}
		if text == "" && floats[i] != float || floats[i] != v.Float(col, from+i) {
			t.Fatalf("%v of row %d: %v in a range, %v alone, want %v", col, from+i, floats[i], v.Float(col, from+i), float)
		}
		if text == "" {
			continue
		}
		got, ok := texts[dst[i]]
		if !ok {
			got = textOfCode(v, col, dst[i])
			texts[dst[i]] = got
		}
		if got != text {
			t.Fatalf("%v of row %d is %q, want %q", col, from+i, got, text)
		}
	}
}

func textOfCode(v *View, col Column, code uint64) string {
	switch col {
	case ColSrcIP, ColDstIP:
		a, version := v.Addr(uint32(code))
		return a.Text(version)
	case ColPcapFile, ColPcapEndFile:
		return "file " + v.File(uint32(code))
	case ColService:
		return "service " + ServiceOf(code)
	}
	return ""
}

// value is the plain reading of a column: a number, and a text where the number is a code.
func value(v *View, col Column, r *Record) (number uint64, float float64, text string) {
	signed := func(n int64) (uint64, float64, string) { return uint64(n), float64(n), "" }
	unsigned := func(n uint64) (uint64, float64, string) { return n, float64(n), "" }
	rate := func(f float64) (uint64, float64, string) { return uint64(f), f, "" }
	switch col {
	case ColID:
		return unsigned(r.ID)
	case ColStart:
		return signed(r.Start)
	case ColEnd:
		return signed(r.End)
	case ColDuration:
		return signed(r.End - r.Start)
	case ColProto:
		return unsigned(uint64(r.Proto))
	case ColSrcIP:
		return 0, 0, r.Src.Text(r.IPVersion)
	case ColDstIP:
		return 0, 0, r.Dst.Text(r.IPVersion)
	case ColSrcPort:
		return unsigned(uint64(r.SrcPort))
	case ColDstPort:
		return unsigned(uint64(r.DstPort))
	case ColSrcPackets:
		return unsigned(r.SrcPackets)
	case ColSrcBytes:
		return unsigned(r.SrcBytes)
	case ColDstPackets:
		return unsigned(r.DstPackets)
	case ColDstBytes:
		return unsigned(r.DstBytes)
	case ColSrcFlags:
		return unsigned(uint64(r.SrcFlags))
	case ColDstFlags:
		return unsigned(uint64(r.DstFlags))
	case ColState:
		return unsigned(uint64(r.State()))
	case ColIPVersion:
		return unsigned(uint64(r.IPVersion))
	case ColPcapFile:
		return 0, 0, "file " + r.File
	case ColPcapOffset:
		return signed(r.Offset)
	case ColPcapEndFile:
		return 0, 0, "file " + r.EndFile
	case ColPcapEndOffset:
		return signed(r.EndOffset)
	case ColNode, ColAgent, ColNetgroup:
		return unsigned(uint64(r.Node))
	case ColService:
		return 0, 0, "service " + Service(r.Proto, r.SrcPort, r.DstPort)
	case ColBytes:
		return unsigned(r.Bytes())
	case ColPackets:
		return unsigned(r.Packets())
	case ColPPS:
		return rate(r.PPS())
	case ColBPS:
		return rate(r.BPS())
	}
	return rate(r.BPP())
}

func TestAppendResultIsAllOrNothing(t *testing.T) {
	const most = 6
	g := newFlows(50)
	all, lines := make([]Record, most*chunkRows), make([][]byte, most*chunkRows)
	for i := range all {
		g.next(&all[i])
		lines[i] = AppendLine(nil, &all[i], FormResult)
	}
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable()
		var want []Record // the first ones of all
		blocks := rapid.IntRange(1, most).Draw(t, "blocks")
		for range blocks {
			rows := rapid.SampledFrom([]int{0, 1, 31, 32, 33, 300, 1_000, chunkRows - 300}).Draw(t, "rows")
			bad := rapid.IntRange(-rows, rows).Draw(t, "bad line") // none when not positive
			var block []byte
			for i, line := range lines[len(want):][:rows] {
				if i+1 == bad {
					line = []byte("no flow\n")
				}
				block = append(block, line...)
			}
			if rapid.Bool().Draw(t, "cut the last LF") {
				block = bytes.TrimSuffix(block, []byte("\n"))
			}
			if rapid.Bool().Draw(t, "look between") {
				table.View() // so that the tail is lent out
			}
			n, err := table.AppendResult(block)
			switch {
			case bad > 0 && (n != 0 || err == nil || !strings.Contains(err.Error(), "result line "+strconv.Itoa(bad)+":")):
				t.Fatalf("bad line %d: %d rows, %v", bad, n, err)
			case bad <= 0 && (n != rows || err != nil):
				t.Fatalf("%d of %d rows, %v", n, rows, err)
			case bad <= 0:
				want = all[:len(want)+rows]
			}
			if table.Len() != len(want) {
				t.Fatalf("%d rows, want %d", table.Len(), len(want))
			}
		}
		v := table.View()
		for i := range want {
			var got Record
			v.Record(i, &got)
			if got != want[i] {
				t.Fatalf("row %d is\n%+v, want\n%+v", i, got, want[i])
			}
		}
	})
}

func TestViewNeverChanges(t *testing.T) {
	table := NewTable()
	g := newFlows(1000)
	var r Record
	for range 3*chunkRows + 77 {
		g.next(&r)
		table.Append(&r)
	}
	table.SetNode(NodeInfo{ID: 1, Name: "eth1"})
	v := table.View()
	if table.View() != v {
		t.Error("two views of the same rows differ")
	}
	before := dump(v)
	table.SetNode(NodeInfo{ID: 1, Name: "renamed"})
	table.SetNode(NodeInfo{ID: 2, Name: "new"})
	for range 2 * chunkRows {
		g.next(&r)
		table.Append(&r)
	}
	if !bytes.Equal(before, dump(v)) {
		t.Error("the view changed with its table")
	}
	if got := len(v.Nodes()); got != 1 {
		t.Errorf("the old view knows %d nodes, want 1", got)
	}
	if got := table.View().Node(1).Name; got != "renamed" {
		t.Errorf("node 1 is %q in the new view", got)
	}
}

func dump(v *View) (text []byte) {
	for row := range v.Len() {
		for _, col := range []Column{ColID, ColEnd, ColSrcIP, ColBytes, ColNode, ColPcapFile} {
			text = append(v.AppendCell(text, col, row), ',')
		}
	}
	return text
}

// TestReadersAndWriter lets readers decode and sort older views while the writer
// appends: it is for the race detector.
func TestReadersAndWriter(t *testing.T) {
	table := NewTable()
	g := newFlows(5000)
	var r Record
	var block []byte
	for range 2000 {
		g.next(&r)
		block = AppendLine(block, &r, FormResult)
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				readAll(t, table)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 20 {
		if _, err := table.AppendResult(block); err != nil {
			t.Error(err)
		}
		g.next(&r)
		table.Append(&r)
		table.SetNode(NodeInfo{ID: uint32(i % 5), Name: r.File})
	}
	close(done)
	readers.Wait()
	if table.Len() != 20*2001 {
		t.Errorf("%d rows", table.Len())
	}
}

func readAll(t *testing.T, table *Table) {
	v := table.View()
	order, err := v.Sort(t.Context(), nil, []SortKey{{Column: ColSrcIP}, {Column: ColNode}, {Column: ColStart, Desc: true}})
	if err != nil || len(order) != v.Len() {
		t.Errorf("%d of %d rows sorted, %v", len(order), v.Len(), err)
	}
	dst := make([]uint64, v.Len())
	for col := range NumColumns {
		v.Uint64s(col, 0, dst)
	}
	var r Record
	for row := 0; row < v.Len(); row += 997 {
		v.Record(row, &r)
		v.AppendCell(nil, ColDstIP, row)
	}
	if table.Len() < v.Len() || table.MemoryBytes() == 0 {
		t.Error("the table is smaller than its view")
	}
}
