package flow

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// lines returns n lines of a form.
func lines(n int, form Form) []byte {
	g := newFlows(n/10 + 1)
	var r Record
	var text []byte
	for range n {
		g.next(&r)
		text = AppendLine(text, &r, form)
	}
	return text
}

// perSecond reports n things in each of b's rounds.
func perSecond(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds(), unit)
}

func BenchmarkParseLine(b *testing.B) {
	const n = 10_000
	text := lines(n, Form20)
	var r Record
	b.ReportAllocs()
	for b.Loop() {
		for rest := text; len(rest) > 0; {
			line, after, _ := bytes.Cut(rest, []byte("\n"))
			if _, err := ParseLine(line, &r); err != nil {
				b.Fatal(err)
			}
			rest = after
		}
	}
	perSecond(b, n, "lines/s")
}

func BenchmarkAppendLine(b *testing.B) {
	const n = 10_000
	g := newFlows(n)
	records := make([]Record, n)
	for i := range records {
		g.next(&records[i])
	}
	var text []byte
	for b.Loop() {
		text = text[:0]
		for i := range records {
			text = AppendLine(text, &records[i], FormResult)
		}
	}
	perSecond(b, n, "lines/s")
}

// BenchmarkAppendResult appends parts of 10,000 rows to a table that grows to a million rows and
// begins anew, and compares with a plain parser (split, strconv, time.Parse) into a slice of records.
func BenchmarkAppendResult(b *testing.B) {
	const n, part = 1_000_000, 10_000
	parts := bytes.SplitAfter(lines(n, FormResult), []byte("\n"))
	blocks := make([][]byte, 0, n/part)
	for i := 0; i < n; i += part {
		blocks = append(blocks, bytes.Join(parts[i:i+part], nil))
	}
	plain := plainRate(b, blocks[:10])
	var table *Table
	b.ReportAllocs()
	b.ResetTimer()
	busy := cpuTime()
	for i := 0; b.Loop(); i++ {
		if i%len(blocks) == 0 {
			table = NewTable()
		}
		if _, err := table.AppendResult(blocks[i%len(blocks)]); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, part, "rows/s")
	rate := float64(b.N) * part / (cpuTime() - busy).Seconds()
	b.ReportMetric(rate, "rows/cpu-s")
	b.ReportMetric(rate/plain, "x-plain")
}

// cpuTime is the processor time of the process: what counts where others use the machine, too.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// plainRate is how many rows the plain parser reads in a second of processor time.
func plainRate(b *testing.B, blocks [][]byte) float64 {
	began, n := cpuTime(), 0
	for _, block := range blocks {
		var records []Record
		for _, line := range bytes.Split(bytes.TrimSuffix(block, []byte("\n")), []byte("\n")) {
			r, err := plainParse(strings.Split(string(line), "|"))
			if err != nil {
				b.Fatal(err)
			}
			records = append(records, r)
		}
		n += len(records)
	}
	return float64(n) / (cpuTime() - began).Seconds()
}

func plainParse(fields []string) (r Record, err error) {
	number := func(i int) uint64 {
		n, e := strconv.ParseUint(fields[i], 10, 64)
		err = errors.Join(err, e)
		return n
	}
	offset := func(i int) int64 {
		n, e := strconv.ParseInt(fields[i], 10, 64)
		err = errors.Join(err, e)
		return n
	}
	at := func(i int) int64 {
		t, e := time.Parse("2006-01-02 15:04:05", fields[i])
		err = errors.Join(err, e)
		return t.UnixMicro()
	}
	addr := func(i int) Addr {
		if n, e := strconv.ParseUint(fields[i], 10, 32); e == nil {
			return AddrFrom4(uint32(n))
		}
		ip, e := netip.ParseAddr(fields[i])
		err = errors.Join(err, e)
		a, _ := AddrFromNetip(ip)
		return a
	}
	r = Record{
		ID: number(0), Start: at(1), End: at(2), Proto: uint8(number(4)), Src: addr(5), SrcPort: uint16(number(6)),
		Dst: addr(7), DstPort: uint16(number(8)), SrcPackets: number(9), SrcBytes: number(10), DstPackets: number(11),
		DstBytes: number(12), SrcFlags: Flags(number(13)), DstFlags: Flags(number(14)), File: fields[16], Offset: offset(17),
		EndFile: fields[18], EndOffset: offset(19), Node: uint32(number(20)),
	}
	return r, err
}

var bigViews sync.Map

// bigView is a view of a bigTable, made once.
func bigView(n int) View {
	if v, ok := bigViews.Load(n); ok {
		return *v.(*View)
	}
	v := bigTable(n).View()
	bigViews.Store(n, v)
	return *v
}

// bigTable returns a table of n flows between n/10 hosts.
func bigTable(n int) *Table {
	table := NewTable()
	g := newFlows(n / 10)
	var r Record
	for range n {
		g.next(&r)
		table.Append(&r)
	}
	return table
}

func sizes(b *testing.B) []int {
	if testing.Short() {
		return []int{1_000_000}
	}
	return []int{1_000_000, 10_000_000}
}

// BenchmarkSort sorts by every column, and by three.
func BenchmarkSort(b *testing.B) {
	orders := []string{"src_ip,dst_port,-bytes", "-bps,id,src_ip", "proto,service,start", "-bytes,-packets,-duration"}
	for c := range NumColumns {
		orders = append(orders, c.String())
	}
	for _, n := range sizes(b) {
		for _, names := range orders {
			var keys []SortKey
			for name := range strings.SplitSeq(names, ",") {
				k, _ := ParseSortKey(name)
				keys = append(keys, k)
			}
			b.Run(fmt.Sprintf("%dM/%s", n/1_000_000, names), func(b *testing.B) {
				v := bigView(n)
				b.ResetTimer()
				busy := cpuTime()
				for b.Loop() {
					v.ranks = &ranks{} // the first sort of a view is what a person waits for
					if _, err := v.Sort(b.Context(), nil, keys); err != nil {
						b.Fatal(err)
					}
				}
				perSecond(b, n, "rows/s")
				b.ReportMetric(float64((cpuTime()-busy).Milliseconds())/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

// BenchmarkSortAgain sorts rows that are in another order already.
func BenchmarkSortAgain(b *testing.B) {
	v := bigTable(1_000_000).View()
	rows, err := v.Sort(b.Context(), nil, []SortKey{{Column: ColSrcPort}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := v.Sort(b.Context(), rows, []SortKey{{Column: ColStart, Desc: true}}); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, len(rows), "rows/s")
}

func BenchmarkDecode(b *testing.B) {
	v := bigTable(1_000_000).View()
	dst := make([]uint64, 2048)
	for _, col := range []Column{ColDstPort, ColStart, ColEnd, ColBytes, ColSrcIP, ColState, ColService} {
		b.Run(col.String(), func(b *testing.B) {
			for b.Loop() {
				for from := 0; from < v.Len(); from += len(dst) {
					v.Uint64s(col, from, dst[:min(len(dst), v.Len()-from)])
				}
			}
			perSecond(b, v.Len(), "rows/s")
		})
	}
}

func BenchmarkAppendCell(b *testing.B) {
	v := bigTable(100_000).View()
	var cell []byte
	for b.Loop() {
		for row := range v.Len() {
			for _, col := range resultColumns {
				cell = v.AppendCell(cell[:0], col, row)
			}
		}
	}
	perSecond(b, v.Len(), "rows/s")
}

// BenchmarkTableMemory reports what a flow costs: by the table's own count and by
// the runtime's, with the index vector of an order, a tenth as many hosts as flows.
func BenchmarkTableMemory(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("%dM", n/1_000_000), func(b *testing.B) {
			for b.Loop() {
				before := heap()
				table := bigTable(n)
				order, err := table.View().Sort(b.Context(), nil, []SortKey{{Column: ColBytes}})
				if err != nil {
					b.Fatal(err)
				}
				after := heap()
				b.ReportMetric(float64(table.MemoryBytes()+4*len(order))/float64(n), "bytes/flow")
				b.ReportMetric(float64(after-before)/float64(n), "heap-bytes/flow")
				b.ReportMetric(float64(table.View().NumAddrs()), "addresses")
				runtime.KeepAlive(order)
				runtime.KeepAlive(table)
			}
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
