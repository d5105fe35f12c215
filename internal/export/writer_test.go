package export

import (
	"bytes"
	"context"
	stdcsv "encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// twoFlows is a usual flow and one in which everything is odd.
func twoFlows() *flow.View {
	table := flow.NewTable()
	table.Append(&flow.Record{
		ID: 1764000000000000001, Start: 1795355793_257697, End: 1795355805_657697, Proto: flow.TCP, IPVersion: 4,
		Src: flow.AddrFrom4(0x0a000007), SrcPort: 51234, Dst: flow.AddrFrom4(0xc0000209), DstPort: 443,
		SrcPackets: 10, SrcBytes: 1800, DstPackets: 8, DstBytes: 4500, SrcFlags: 0x1b, DstFlags: 0x13,
		Node: 1, File: "em1.1", Offset: 24, EndFile: "em1.1", EndOffset: 9000,
	})
	table.Append(&flow.Record{
		ID: math.MaxUint64, Start: 0, End: -1_500000, Proto: 99, IPVersion: 6,
		Src: flow.AddrFromNumbers(0x20010db8<<32, 7), Dst: flow.Addr{15: 1},
		SrcBytes: math.MaxUint64, DstBytes: 1,
		Node: 9, File: "a,\"b\"\\\x1b\n", Offset: -1, EndFile: " x", EndOffset: -17,
	})
	table.SetNode(flow.NodeInfo{ID: 1, Name: "eth1", Agent: "sensor \"a\"", Netgroup: "dmz, \x07outer"})
	return table.View()
}

func allColumns() []flow.Column {
	cols := make([]flow.Column, flow.NumColumns)
	for c := range cols {
		cols[c] = flow.Column(c)
	}
	return cols
}

func write(t *testing.T, format Format, cols []flow.Column, v *flow.View, rows []uint32) string {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, format, cols)
	if err := errors.Join(w.Write(t.Context(), v, rows), w.Flush()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	want := `id,start,end,duration,proto,src_ip,src_port,dst_ip,dst_port,src_packets,src_bytes,dst_packets,dst_bytes,src_flags,dst_flags,state,ip_version,pcap_file,pcap_offset,pcap_end_file,pcap_end_offset,node,agent,netgroup
1764000000000000001,2026-11-22T13:56:33.257697Z,2026-11-22T13:56:45.657697Z,12.400000,tcp,10.0.0.7,51234,192.0.2.9,443,10,1800,8,4500,FSPA,FSA,SF,4,em1.1,24,em1.1,9000,eth1,"sensor ""a""","dmz, �outer"
18446744073709551615,1970-01-01T00:00:00.000000Z,1969-12-31T23:59:58.500000Z,-1.500000,99,2001:db8::7,0,::1,0,0,18446744073709551615,0,1,,,OTH,6,"a,""b""\��",-1," x",-17,9,,
`
	if got := write(t, CSV, flow.OutputColumns(), twoFlows(), nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestJSONL(t *testing.T) {
	cols := []flow.Column{flow.ColID, flow.ColStart, flow.ColDuration, flow.ColProto, flow.ColSrcFlags, flow.ColPcapFile, flow.ColPcapEndOffset, flow.ColService, flow.ColBytes, flow.ColPPS, flow.ColBPS, flow.ColBPP}
	want := `{"id":1764000000000000001,"start":"2026-11-22T13:56:33.257697Z","duration":12.400000,"proto":"tcp","src_flags":"FSPA","pcap_file":"em1.1","pcap_end_offset":9000,"service":"https","bytes":6300,"pps":1.452,"bps":4064.516,"bpp":350}
{"id":18446744073709551615,"start":"1970-01-01T00:00:00.000000Z","duration":-1.500000,"proto":"99","src_flags":"","pcap_file":"a,\"b\"\\��","pcap_end_offset":-17,"service":"","bytes":18446744073709551615,"pps":null,"bps":null,"bpp":null}
`
	if got := write(t, JSONL, cols, twoFlows(), nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTable(t *testing.T) {
	cols := []flow.Column{flow.ColSrcPort, flow.ColProto, flow.ColSrcIP, flow.ColBytes, flow.ColNode, flow.ColState}
	want := "" +
		"SRC_PORT  PROTO  SRC_IP                      BYTES  NODE  STATE\n" +
		"       0  99     2001:db8::7  18446744073709551615  9     OTH\n" +
		"   51234  tcp    10.0.0.7                     6300  eth1  SF\n"
	if got := write(t, Table, cols, twoFlows(), []uint32{1, 0}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEmpty(t *testing.T) {
	cols := []flow.Column{flow.ColID, flow.ColNode}
	for format, want := range map[Format]string{CSV: "id,node\n", SafeCSV: "id,node\n", JSONL: "", Table: "ID  NODE\n"} {
		if got := write(t, format, cols, twoFlows(), []uint32{}); got != want {
			t.Errorf("%v: %q, want %q", format, got, want)
		}
		var out bytes.Buffer
		if err := NewWriter(&out, format, cols).Flush(); err != nil || out.String() != want {
			t.Errorf("%v: Flush alone writes %q, %v", format, out.String(), err)
		}
	}
}

// TestReadersAgree: the standard library's readers find in CSV and JSONL the cells that were written.
func TestReadersAgree(t *testing.T) {
	text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("\",\\\n\r \x00'="))))
	rapid.Check(t, func(t *rapid.T) {
		table := flow.NewTable()
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			table.Append(&flow.Record{
				ID: rapid.Uint64().Draw(t, "id"), End: rapid.Int64Range(-5, 1<<50).Draw(t, "end"), IPVersion: 4, Node: 1,
				SrcBytes: rapid.Uint64().Draw(t, "bytes"), SrcPackets: rapid.Uint64().Draw(t, "packets"),
				File: text.Draw(t, "file"), Offset: rapid.Int64().Draw(t, "offset"),
			})
		}
		table.SetNode(flow.NodeInfo{ID: 1, Name: text.Draw(t, "node"), Netgroup: text.Draw(t, "netgroup")})
		v, cols := table.View(), allColumns()
		var asCSV, asJSON bytes.Buffer
		for out, format := range map[*bytes.Buffer]Format{&asCSV: CSV, &asJSON: JSONL} {
			w := NewWriter(out, format, cols)
			if err := errors.Join(w.Write(context.Background(), v, nil), w.Flush()); err != nil {
				t.Fatal(err)
			}
		}
		records, err := stdcsv.NewReader(&asCSV).ReadAll()
		if err != nil || len(records) != 1+v.Len() {
			t.Fatalf("%d records, %v", len(records), err)
		}
		objects := json.NewDecoder(&asJSON)
		objects.UseNumber()
		for row := range v.Len() {
			var object map[string]any
			if err := objects.Decode(&object); err != nil || len(object) != len(cols) {
				t.Fatalf("object %v, %v", object, err)
			}
			for i, col := range cols {
				want := string(v.AppendCell(nil, col, row))
				if got := records[row+1][i]; got != want {
					t.Fatalf("CSV %v is %q, want %q", col, got, want)
				}
				if got := jsonText(object[col.String()]); got != want {
					t.Fatalf("JSON %v is %q, want %q", col, got, want)
				}
			}
		}
	})
}

func jsonText(x any) string {
	switch x := x.(type) {
	case json.Number:
		return x.String()
	case string:
		return x
	}
	return ""
}

type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.room {
		return d.room, errors.New("disk full")
	}
	d.room -= len(p)
	return len(p), nil
}

func manyFlows(n int) *flow.View {
	table := flow.NewTable()
	for i := range n {
		table.Append(&flow.Record{ID: uint64(i), IPVersion: 4, File: "em1." + strconv.Itoa(i/1000)})
	}
	return table.View()
}

func TestWriteStops(t *testing.T) {
	v := manyFlows(20_000)
	w := NewWriter(&fullDisk{room: 200_000}, CSV, flow.OutputColumns())
	if err := w.Write(t.Context(), v, nil); err == nil || err.Error() != "disk full" || w.Rows() == v.Len() {
		t.Errorf("%d rows, %v", w.Rows(), err)
	}
	if err := w.Flush(); err == nil {
		t.Error("a writer that failed is well again")
	}
	ctx, cancel := context.WithCancel(t.Context())
	w = NewWriter(new(bytes.Buffer), JSONL, flow.OutputColumns())
	w.Progress = func(rows int) {
		if rows > 3000 {
			cancel()
		}
	}
	if err := w.Write(ctx, v, nil); !errors.Is(err, context.Canceled) || w.Rows() > 6000 {
		t.Errorf("%d rows, %v", w.Rows(), err)
	}
}

func TestColumns(t *testing.T) {
	for _, test := range []struct{ names, want, err string }{
		{"", "id start end duration proto src_ip src_port dst_ip dst_port src_packets src_bytes dst_packets dst_bytes src_flags dst_flags state ip_version pcap_file pcap_offset pcap_end_file pcap_end_offset node agent netgroup", ""},
		{" Start, src_IP ,bps", "start src_ip bps", ""},
		{"start,src_byte", "", `no column "src_byte", the nearest is "src_bytes"`},
		{"proto,id,proto", "", `column "proto" stands twice`},
		{"id,,proto", "", "a column's name is missing between two commas"},
		{"id,wavelength", "", `no column "wavelength"; there are: id start end`},
		{strings.Repeat("x", 100_000), "", `no column "` + strings.Repeat("x", 64) + `"; there are: id`},
		{"\x1b[2J", "", `no column "\x1b[2J"`},
	} {
		cols, err := Columns(test.names)
		if test.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), test.err) {
				t.Errorf("%.40q: error %v, want %s", test.names, err, test.err)
			}
			continue
		}
		var names []string
		for _, c := range cols {
			names = append(names, c.String())
		}
		if got := strings.Join(names, " "); err != nil || got != test.want {
			t.Errorf("%q: %s, %v", test.names, got, err)
		}
	}
}

func TestFormats(t *testing.T) {
	for f := CSV; f <= SafeCSV; f++ {
		if got, err := ParseFormat(strings.ToUpper(f.String())); got != f || err != nil {
			t.Errorf("%v is read as %v, %v", f, got, err)
		}
	}
	if _, err := ParseFormat("xml"); err == nil || !strings.Contains(err.Error(), `"xml"`) {
		t.Error(err)
	}
	for path, want := range map[string]Format{"a/b.CSV": CSV, "x.jsonl": JSONL, "x.ndjson": JSONL, "t.txt": Table} {
		if got, err := FormatOf(path); got != want || err != nil {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
	if _, err := FormatOf("flows.xlsx"); err == nil {
		t.Error("a spreadsheet is no format")
	}
}

func BenchmarkWriter(b *testing.B) {
	table := flow.NewTable()
	r := flow.Record{IPVersion: 4, Proto: flow.TCP, SrcFlags: 0x1b, Node: 1, File: "/nsm/pcap/em1.1764000000", EndFile: "/nsm/pcap/em1.1764000000"}
	for i := range 100_000 {
		r.ID, r.Start, r.End, r.Src = uint64(i)+1764e15, int64(i)+1764e12, int64(i*3)+1764e12, flow.AddrFrom4(uint32(i)*99991)
		table.Append(&r)
	}
	v := table.View()
	for _, format := range []Format{CSV, JSONL, Table} {
		b.Run(format.String(), func(b *testing.B) {
			for b.Loop() {
				w := NewWriter(discard{}, format, flow.OutputColumns())
				if err := errors.Join(w.Write(b.Context(), v, nil), w.Flush()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*float64(v.Len())/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
