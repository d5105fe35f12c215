package peers

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cxlens/internal/flow"
)

// peerRows is how many flows the peers get; peerHosts how many addresses talk on each side.
const (
	peerRows  = 1_000_000
	peerHosts = 50_000
	// fewRows is what VisiData gets, which is made for less: it reads a million rows for minutes.
	fewRows = 100_000
)

// csvColumns are the columns of the peers' CSV: what a standard session line says.
var csvColumns = []flow.Column{
	flow.ColID, flow.ColStart, flow.ColEnd, flow.ColDuration, flow.ColProto, flow.ColSrcIP, flow.ColSrcPort,
	flow.ColDstIP, flow.ColDstPort, flow.ColSrcPackets, flow.ColSrcBytes, flow.ColDstPackets, flow.ColDstBytes,
}

// inputs are the same flows in every program's own form.
type inputs struct {
	dir      string
	sessions string // cxtracker's lines, for cxlens
	csv      string // with a header, for Miller
	few      string // the first fewRows of csv, for VisiData
	bare     string // CSV without a header, for sort
	table    *flow.Table
}

// writeInputs writes the files into a folder of the benchmark.
func writeInputs(tb testing.TB) *inputs {
	tb.Helper()
	dir := tb.TempDir()
	in := &inputs{
		dir: dir, sessions: filepath.Join(dir, "stats.bench.1764000000"), csv: filepath.Join(dir, "flows.csv"),
		few: filepath.Join(dir, "few.csv"), bare: filepath.Join(dir, "bare.csv"), table: flow.NewTable(),
	}
	eachFlow(func(r *flow.Record) { in.table.Append(r) })
	v := in.table.View()
	writeFile(tb, in.sessions, func(w *bufio.Writer) {
		var line []byte
		eachFlow(func(r *flow.Record) {
			line = flow.AppendLine(line[:0], r, flow.Form15)
			_, _ = w.Write(line) // an error stays in w
		})
	})
	writeFile(tb, in.bare, func(w *bufio.Writer) { writeRows(w, v, peerRows) })
	for path, rows := range map[string]int{in.csv: peerRows, in.few: fewRows} {
		writeFile(tb, path, func(w *bufio.Writer) {
			_, _ = w.WriteString(strings.Join(columnNames(), ",") + "\n")
			writeRows(w, v, rows)
		})
	}
	return in
}

// eachFlow makes the flows that every program gets.
func eachFlow(do func(r *flow.Record)) {
	g := newFlows(peerHosts)
	g.captures = false
	var r flow.Record
	for range peerRows {
		g.next(&r)
		r.Node = 0
		do(&r)
	}
}

func columnNames() (names []string) {
	for _, c := range csvColumns {
		names = append(names, c.String())
	}
	return names
}

func writeRows(w *bufio.Writer, v *flow.View, rows int) {
	var line []byte
	for row := range rows {
		line = line[:0]
		for _, c := range csvColumns {
			line = append(v.AppendCell(line, c, row), ',')
		}
		line[len(line)-1] = '\n'
		_, _ = w.Write(line)
	}
}

func writeFile(tb testing.TB, path string, write func(w *bufio.Writer)) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	write(w)
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
}

// script writes VisiData's commands: sheet, column, row, command, input, keystrokes, comment.
func script(tb testing.TB, in *inputs, name string, commands ...[3]string) string {
	tb.Helper()
	path := filepath.Join(in.dir, name+".vd")
	writeFile(tb, path, func(w *bufio.Writer) {
		fmt.Fprintf(w, "sheet\tcol\trow\tlongname\tinput\tkeystrokes\tcomment\n\t\t\topen-file\t%s\t\t\n", in.few)
		for _, c := range commands {
			fmt.Fprintf(w, "\t%s\t\t%s\t%s\t\t\n", c[0], c[1], c[2])
		}
	})
	return path
}

// seconds prints a duration for a log line.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s" }
