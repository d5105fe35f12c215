package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// readConn is a net.Conn that reads from a reader.
type readConn struct {
	net.Conn
	r io.Reader
}

func (c readConn) Read(p []byte) (int, error)      { return c.r.Read(p) }
func (c readConn) SetReadDeadline(time.Time) error { return nil }

// dues is an expecter whose blocks are due after the lines "due" and due again after "ack".
type dues struct {
	due bool
	ack bool // an ack is owed
}

func (d *dues) blockDue() bool { return d.due }

func (d *dues) beforeBlock(line []byte) bool { return d.ack && isAck(line) }

// cut reads items to the end of the stream, as short texts.
func cut(r io.Reader, cfg Config) (items []string, err error) {
	cfg = cfg.withDefaults()
	rd := newReader(&source{nc: readConn{r: r}, cfg: &cfg, heard: func() {}}, &cfg)
	d := &dues{}
	for {
		it, err := rd.next(d)
		if err == io.EOF {
			return items, nil
		}
		if err != nil {
			return items, err
		}
		items = append(items, fmt.Sprintf("%s %s", []string{"object", "batch", "line", "block"}[it.kind], it.data))
		switch {
		case it.kind == itemBlock:
			d.due = false
		case strings.HasPrefix(string(it.data), "due"):
			d.due, d.ack = true, strings.Contains(string(it.data), "+ack")
		case isAck(it.data):
			d.ack = false
		}
	}
}

var demuxCases = []struct {
	name  string
	in    string
	items []string
	err   string // a part of the error; empty: the stream ends between two items
}{
	{"empty", "", nil, ""},
	{"blanks", " \t\r\n\x00\x00\n", nil, ""},
	{"text", "PING 5\nBYE\n", []string{"line PING 5\n", "line BYE\n"}, ""},
	{"blanks before text", "\x00\r\n  BYE\r\n", []string{"line BYE\r\n"}, ""},
	{"object", `{"a":1}`, []string{`object {"a":1}`}, ""},
	{"printed over lines", "{\n  \"a\": {\n \"b\": [1]\n}\n}\nBYE\n", []string{"object {\n  \"a\": {\n \"b\": [1]\n}\n}", "line BYE\n"}, ""},
	{"object then text at once", `{"a":1}BYE` + "\n", []string{`object {"a":1}`, "line BYE\n"}, ""},
	{"object then object at once", `{"a":1}{"b":2}`, []string{`object {"a":1}`, `object {"b":2}`}, ""},
	{"braces and escapes in strings", `{"a":"}\"}\\"}BYE` + "\n", []string{`object {"a":"}\"}\\"}`, "line BYE\n"}, ""},
	{"brackets in an object", `{"a":[}BYE` + "\n", []string{`object {"a":[}`, "line BYE\n"}, ""},
	{"batch", `[{"a":1},{"b":"]"}]BYE` + "\n", []string{`batch [{"a":1},{"b":"]"}]`, "line BYE\n"}, ""},
	{"object without an end", `{"a":1`, nil, "unexpected EOF"},
	{"string without an end", "{\"a\":\"x\nBYE\n", nil, "not closed at the end of its line"},
	{"line without an end", "BYE", nil, "unexpected EOF"},
	{"object too large", `{"a":"` + strings.Repeat("x", 200) + `"}`, nil, "larger than 100 bytes"},
	{"object too large before its broken string", `{"a":"` + strings.Repeat("x", 200) + "\n", nil, "larger than 100 bytes"},
	{"line too long", strings.Repeat("x", 70) + "\n", nil, "longer than 50 bytes"},
	{"line too long without an end", strings.Repeat("x", 70_000), nil, "longer than 50 bytes"},
	{"blanks without an end", strings.Repeat("\n", 70), nil, "blanks between two items"},

	{"block", "due\na\nb\n.\r\nBYE\n", []string{"line due\n", "block a\nb\n", "line BYE\n"}, ""},
	{"empty block", "due\n.\r\nBYE\n", []string{"line due\n", "block ", "line BYE\n"}, ""},
	{"empty block with LF", "due\n\n.\r\nBYE\n", []string{"line due\n", "block ", "line BYE\n"}, ""},
	{"block of blanks", "due\n\n \n\t\n.\r\n", []string{"line due\n", "block \n \n\t\n"}, ""},
	{"dot LF is data", "due\n.\n..\r\n . \r\nx.\r\n.\r\r\n.\r\n", []string{"line due\n", "block .\n..\r\n . \r\nx.\r\n.\r\r\n"}, ""},
	{"data like items", "due\nx\nBYE\n{\"jsonrpc\"}\n200 OK ACCEPTED\n.\r\n", []string{"line due\n", "block x\nBYE\n{\"jsonrpc\"}\n200 OK ACCEPTED\n"}, ""},
	{"verb as data", "due\nPOST X\n.\r\n", []string{"line due\n", "block POST X\n"}, ""},
	{"NUL after the verb's LF", "due\n\x00a\n.\r\n", []string{"line due\n", "block a\n"}, ""},
	{"object before the block", "due\n" + `{"jsonrpc":"2.0"}` + "\n.\r\n", []string{"line due\n", `object {"jsonrpc":"2.0"}`, "block "}, ""},
	{"objects and data", "due\n" + `{"jsonrpc":1}{"jsonrpc":2} ` + "\r\n\na\n.\r\n", []string{"line due\n", `object {"jsonrpc":1}`, `object {"jsonrpc":2}`, "block \na\n"}, ""},
	{"object as the block", "due\n" + `{"id":1}` + "\n.\r\n", []string{"line due\n", "block {\"id\":1}\n"}, ""},
	{"beginning of an object as the block", "due\n{\"json\n.\r\n", []string{"line due\n", "block {\"json\n"}, ""},
	{"ack before the block", "due+ack\nNSMF/1.0 200 OK ACCEPTED\x00\r\na\n.\r\n", []string{"line due+ack\n", "line NSMF/1.0 200 OK ACCEPTED\x00\r\n", "block a\n"}, ""},
	{"ack as the block", "due\n200 OK ACCEPTED\n.\r\n", []string{"line due\n", "block 200 OK ACCEPTED\n"}, ""},
	{"second ack is data", "due+ack\n200 OK ACCEPTED\n200 OK ACCEPTED\n.\r\n", []string{"line due+ack\n", "line 200 OK ACCEPTED\n", "block 200 OK ACCEPTED\n"}, ""},
	{"block without an end", "due\na\n.\r", []string{"line due\n"}, "unexpected EOF"},
	{"block at the limit", "due\n" + strings.Repeat("x", 299) + "\n.\r\n", []string{"line due\n", "block " + strings.Repeat("x", 299) + "\n"}, ""},
	{"block too large", "due\n" + strings.Repeat("x", 300) + "\n.\r\n", []string{"line due\n"}, "larger than 300 bytes"},
	{"block too large without an end", "due\n" + strings.Repeat("x", 1<<20), []string{"line due\n"}, "larger than 300 bytes"},
}

func TestDemultiplexer(t *testing.T) {
	cfg := Config{MaxObject: 100, MaxLine: 50, MaxBlock: 300}
	for _, c := range demuxCases {
		for name, r := range map[string]io.Reader{
			"whole":       strings.NewReader(c.in),
			"byte a read": iotest.OneByteReader(strings.NewReader(c.in)),
			"halves":      iotest.HalfReader(strings.NewReader(c.in)),
		} {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				items, err := cut(r, cfg)
				if diff := cmp.Diff(c.items, items); diff != "" {
					t.Error(diff)
				}
				switch {
				case c.err == "" && err != nil:
					t.Error(err)
				case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
					t.Errorf("error %v, want %q in it", err, c.err)
				}
			})
		}
	}
}

// TestObjectScan compares the scanner with encoding/json on valid objects followed by
// anything, cut anywhere.
func TestObjectScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := map[string]any{
			rapid.String().Draw(t, "key"): rapid.SliceOf(rapid.String()).Draw(t, "strings"),
			rapid.String().Draw(t, "obj"): rapid.MapOf(rapid.StringMatching(`[{}"\\\[\]a]*`), rapid.Int()).Draw(t, "map"),
		}
		object, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "indent") {
			var b bytes.Buffer
			if err := json.Indent(&b, object, "", "  "); err != nil {
				t.Fatal(err)
			}
			object = b.Bytes()
		}
		stream := append(bytes.Clone(object), rapid.SliceOf(rapid.Byte()).Draw(t, "after")...)
		var s objectScan
		at := 0
		for at < len(stream) {
			step := rapid.IntRange(1, len(stream)-at).Draw(t, "step")
			n, done, err := s.feed(stream[at : at+step])
			at += n
			if err != nil {
				t.Fatal(err)
			}
			if done {
				break
			}
		}
		if at != len(object) || s.tooDeep {
			t.Fatalf("the object ends at %d, want %d (too deep: %v)", at, len(object), s.tooDeep)
		}
	})
}

func TestScanDepth(t *testing.T) {
	for depth, deep := range map[int]bool{maxDepth - 1: false, maxDepth: true, 5 * maxDepth: true} {
		in := `{"a":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "}"
		var s objectScan
		n, done, err := s.feed([]byte(in))
		if n != len(in) || !done || err != nil || s.tooDeep != deep {
			t.Errorf("depth %d: %d of %d, %v, %v, too deep %v", depth, n, len(in), done, err, s.tooDeep)
		}
	}
}

// FuzzReader holds the demultiplexer against itself with other cuts: what it finds must
// not depend on them, items must be within their bounds, and it must end.
func FuzzReader(f *testing.F) {
	for _, c := range demuxCases {
		f.Add([]byte(c.in))
	}
	cfg := Config{MaxObject: 100, MaxLine: 50, MaxBlock: 300}
	f.Fuzz(func(t *testing.T, in []byte) {
		whole, errWhole := cut(bytes.NewReader(in), cfg)
		bytewise, errBytewise := cut(iotest.OneByteReader(bytes.NewReader(in)), cfg)
		if diff := cmp.Diff(whole, bytewise); diff != "" {
			t.Fatal(diff)
		}
		if fmt.Sprint(errWhole) != fmt.Sprint(errBytewise) {
			t.Fatalf("%v, but bytewise %v", errWhole, errBytewise)
		}
		for _, it := range whole {
			if len(it) > 300+len("block ") {
				t.Fatalf("an item of %d bytes", len(it))
			}
		}
		if errWhole != nil && !errors.Is(errWhole, io.ErrUnexpectedEOF) {
			if _, ok := errors.AsType[*fault](errWhole); !ok {
				t.Fatalf("an error of another kind: %v", errWhole)
			}
		}
	})
}
