package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sharedData finds the folder of real captures beside the repository; tests that need it skip without it.
func sharedData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("CXLENS_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real captures are not here (set CXLENS_SHARED to their folder)")
	}
	return dir
}

// pair is an unordered pair of endpoints under one protocol; a has the lower text.
type pair struct {
	proto uint8
	a, b  string
}

// sums are packets and frame bytes that a and b sent.
type sums struct{ aPackets, aBytes, bPackets, bBytes uint64 }

type sumTable map[pair]sums

// add sums up a flow. ICMP is compared per address pair: the reference knows no ICMP id.
func (s sumTable) add(proto uint8, src, srcPort, dst, dstPort string, n [4]uint64) {
	if proto == 1 || proto == 58 {
		srcPort, dstPort = "0", "0"
	}
	a, b := src+" "+srcPort, dst+" "+dstPort
	if a > b {
		a, b = b, a
		n = [4]uint64{n[2], n[3], n[0], n[1]}
	}
	k := pair{proto, a, b}
	v := s[k]
	s[k] = sums{v.aPackets + n[0], v.aBytes + n[1], v.bPackets + n[2], v.bBytes + n[3]}
}

func numbers(t *testing.T, fields []string) (n [4]uint64) {
	t.Helper()
	for i, f := range fields {
		v, err := strconv.ParseUint(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		n[i] = v
	}
	return n
}

func readReference(t *testing.T, path string) sumTable {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	table := sumTable{}
	lines := bufio.NewScanner(gz)
	for lines.Scan() {
		c := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(c[0], "#") {
			continue
		}
		proto, err := strconv.ParseUint(c[0], 10, 8)
		if err != nil {
			t.Fatal(err)
		}
		table.add(uint8(proto), c[1], c[2], c[3], c[4], numbers(t, c[5:9]))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return table
}

var protoNumbers = map[string]uint8{
	"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51, "icmp6": 58, "eigrp": 88,
	"ospf": 89, "pim": 103, "vrrp": 112, "pgm": 113, "l2tp": 115, "sctp": 132, "egp": 8, "rsvp": 46, "ipcomp": 108,
}

// readFlows runs the program on a capture and sums up what it prints.
func readFlows(t *testing.T, capture string) sumTable {
	t.Helper()
	cmd := exec.Command(binary, "query", "--open", capture, "--output", "csv",
		"--columns", "proto,src_ip,src_port,dst_ip,dst_port,src_packets,src_bytes,dst_packets,dst_bytes", "any")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	table := sumTable{}
	rows := csv.NewReader(out)
	if _, err := rows.Read(); err != nil {
		t.Fatal(err)
	}
	for {
		c, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		proto, ok := protoNumbers[c[0]]
		if !ok {
			n, err := strconv.ParseUint(c[0], 10, 8)
			if err != nil {
				t.Fatalf("protocol %q", c[0])
			}
			proto = uint8(n)
		}
		table.add(proto, c[1], c[2], c[3], c[4], numbers(t, c[5:9]))
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return table
}

// exceptions are the endpoints whose sums differ from the reference's, and why.
// The reference leaves out non-first fragments, which we count with their first one.
var exceptions = map[string]map[string]string{}

// TestReference holds the printed flows of each capture against an independent table:
// packets and frame bytes per 5-tuple and direction.
func TestReference(t *testing.T) {
	data := sharedData(t)
	refs, err := filepath.Glob(filepath.Join(data, "ref", "*.tsv.gz"))
	if err != nil || len(refs) != 11 {
		t.Fatalf("%d reference tables, want 11 (%v)", len(refs), err)
	}
	for _, ref := range refs {
		name := strings.TrimSuffix(filepath.Base(ref), ".refflows.tsv.gz")
		t.Run(name, func(t *testing.T) {
			captures, err := filepath.Glob(filepath.Join(data, "pcap", name+".pcap*"))
			if err != nil || len(captures) != 1 {
				t.Fatalf("captures of %s: %v, %v", name, captures, err)
			}
			compareSums(t, readReference(t, ref), readFlows(t, captures[0]), exceptions[name])
		})
	}
}

func compareSums(t *testing.T, want, got sumTable, except map[string]string) {
	t.Helper()
	used := map[string]bool{}
	differ := 0
	report := func(k pair, w, g sums) {
		name := fmt.Sprintf("%d %s %s", k.proto, k.a, k.b)
		if _, ok := except[name]; ok {
			used[name] = true
			return
		}
		if differ++; differ <= 5 {
			t.Errorf("%s: got %+v, want %+v", name, g, w)
		}
	}
	for k, w := range want {
		if g := got[k]; g != w {
			report(k, w, g)
		}
	}
	for k, g := range got {
		if _, ok := want[k]; !ok {
			report(k, sums{}, g)
		}
	}
	if differ > 5 {
		t.Errorf("and %d more differ", differ-5)
	}
	for name, why := range except {
		if !used[name] {
			t.Errorf("%s agrees, but is listed as an exception (%s)", name, why)
		}
	}
	t.Logf("%d endpoint pairs compared, %d exceptions", len(want), len(used))
}

// TestMalformed: every damaged capture gives rows or one clear line, soon, and never a panic.
func TestMalformed(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t), "malformed", "*"))
	if err != nil || len(files) < 17 {
		t.Fatalf("%d malformed captures, want at least 17 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, binary, "query", "--open", file, "--output", "csv", "any")
			var out, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &stderr
			err := cmd.Run()
			if ctx.Err() != nil {
				t.Fatal("it does not end within a minute")
			}
			checkMalformed(t, filepath.Base(file), cmd.ProcessState.ExitCode(), out.String(), stderr.String(), err)
		})
	}
}

func checkMalformed(t *testing.T, name string, code int, out, stderr string, err error) {
	t.Helper()
	rows := max(0, strings.Count(out, "\n")-1)
	t.Logf("exit %d, %d rows, %q", code, rows, stderr)
	if code != 0 && code != 1 {
		t.Errorf("exit code %d (%v)", code, err)
	}
	if strings.Contains(stderr, "panic") || strings.Contains(stderr, "goroutine") {
		t.Errorf("a panic: %s", stderr)
	}
	if rows == 0 && stderr == "" {
		t.Error("neither rows nor a word why")
	}
	if stderr == "" {
		return
	}
	if code != 1 {
		t.Errorf("something was wrong, but the exit code is %d", code)
	}
	if strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, name) {
		t.Errorf("not one line that names the file: %q", stderr)
	}
	if !strings.Contains(stderr, "packet ") && !strings.Contains(stderr, "offset ") {
		t.Errorf("neither the packet nor the offset is named: %q", stderr)
	}
}
