package sources

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// cut returns all blocks of content, read in pieces of any size.
func cut(t interface{ Fatalf(string, ...any) }, content string, buffer int) (out []string, b *blocks, err error) {
	b = newBlocks("x", bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(content)), buffer))
	if buffer > 4096 {
		b = newBlocks("x", bufio.NewReaderSize(strings.NewReader(content), buffer))
	}
	for {
		block, lines, err := b.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return out, b, err
		}
		if n := strings.Count(string(block), "\n"); n != lines || lines > MaxLines || len(block) > MaxBytes || block[len(block)-1] != '\n' {
			t.Fatalf("a block of %d bytes with %d lines, said %d", len(block), n, lines)
		}
		out = append(out, string(block))
	}
}

// TestBlocks holds the cutter against the simple model: keep what has a field, join it.
func TestBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"", " ", ".", ".\r", "200 OK ACCEPTED", "a|b", "a|b\r", "1|2|3", "{\"jsonrpc\"|", "\x00|", strings.Repeat("x|", 700)})
		lines := rapid.SliceOfN(line, 0, 200).Draw(t, "lines")
		content := strings.Join(lines, "\n")
		want := ""
		for _, l := range lines {
			if strings.Contains(l, "|") && l[0] != '{' && l[0] != 0 {
				want += l + "\n"
			}
		}
		got, _, err := cut(t, content, rapid.SampledFrom([]int{16, 100, 64 << 10}).Draw(t, "buffer"))
		if err != nil || strings.Join(got, "") != want {
			t.Fatalf("%d blocks, %v", len(got), err)
		}
	})
}

func TestBlockBounds(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x|", 500)+"\n", 2500)
	for name, tc := range map[string]struct {
		content string
		blocks  int
	}{
		"by lines": {sessionLines(25_000), 3}, "exactly": {strings.Repeat("a|b\n", 2*MaxLines), 2}, "by bytes": {long, 3}, "nothing": {"", 0}, "blank": {"\n\n\n", 0},
	} {
		got, _, err := cut(t, tc.content, 64<<10)
		if err != nil || len(got) != tc.blocks || strings.Join(got, "") != strings.ReplaceAll(tc.content, "\n\n\n", "") {
			t.Errorf("%s: %d blocks, want %d (%v)", name, len(got), tc.blocks, err)
		}
	}
}

// TestBlockErrors: lines before the error are there, and dropped lines are counted.
func TestBlockErrors(t *testing.T) {
	got, _, err := cut(t, "a|b\n"+strings.Repeat("x", maxLine+1), 64<<10)
	if len(got) != 1 || err == nil || err.Error() != "x: line 2 is longer than 16384 bytes; it is no session file" {
		t.Errorf("%q, %v", got, err)
	}
	got, b, err := cut(t, "a|b\n.\r\n204 DATA RECIEVE ERROR\nc|d", 64<<10)
	if err != nil || b.dropped != 2 || strings.Join(got, "") != "a|b\nc|d\n" {
		t.Errorf("%q, %d dropped, %v", got, b.dropped, err)
	}
	broken := newBlocks("x", bufio.NewReader(io.MultiReader(strings.NewReader("a|b\n"), iotest.ErrReader(errors.New("disk on fire")))))
	if block, _, err := broken.next(); string(block) != "a|b\n" || err != nil {
		t.Errorf("%q, %v", block, err)
	}
	if _, _, err := broken.next(); err == nil || err.Error() != "x: line 2: cannot be read: disk on fire" {
		t.Error(err)
	}
}
