package terminal

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// FuzzEmulator gives the emulator any bytes, in any pieces, with a resize in
// between. It must not panic, the pieces must not matter, every wide
// character must have its second half, and the picture must be XML.
func FuzzEmulator(f *testing.F) {
	for _, s := range []string{
		"plain\r\ntext", "\x1b[1;31mred\x1b[m", "漢字\x1b[2Gx", "e\u0301\x1b[3b", "\x1b[?1049h\x1b[2J\x1b[?2026hx\x1b[?2026l",
		"\x1b]0;t\x07\x1b]52;c;eA==\x07", "\x1b[2;3r\x1b[5S\x1b[3T\x1b[2L\x1b[9M\x1b[4@\x1b[2P", "\x1b7\x1b[99;99H\x1b8\x1bc\x1b(0lqk",
		"\xe6\xbc\x1b[1J\x1b[?6h\x1b[H", "\x1bP+q41\x1b\\\x1b[!p\x1b[4:3;58;2;1;2;3mx", "\x1b[?7l漢漢漢漢漢漢\u0301",
	} {
		f.Add([]byte(s), uint8(3), uint8(9), uint8(4))
	}
	f.Fuzz(func(t *testing.T, in []byte, chunk, cols, rows uint8) {
		if len(in) > 4096 {
			return
		}
		whole, _ := newTest(11, 5)
		pieces, _ := newTest(11, 5)
		half := len(in) / 2
		for i, part := range [][]byte{in[:half], in[half:]} {
			whole.write(part)
			for step := int(chunk)%7 + 1; len(part) > 0; {
				n := min(step, len(part))
				pieces.write(part[:n])
				part = part[n:]
			}
			if i == 0 {
				whole.resize(int(cols)%30+1, int(rows)%10+1)
				pieces.resize(int(cols)%30+1, int(rows)%10+1)
			}
		}
		a, b := whole.current(), pieces.current()
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("whole and in pieces differ:\n%s\n%s", a.Frame(), b.Frame())
		}
		checkCells(t, a)
		checkXML(t, a.SVG(SVGOptions{}))
	})
}

func checkCells(t *testing.T, s Screen) {
	t.Helper()
	for y := range s.Rows {
		for x := range s.Cols {
			c, next := s.Cell(x, y), s.Cell(x+1, y)
			switch {
			case c.Width == 2 && (next.Width != 0 || next.Text != "" || x+1 == s.Cols):
				t.Fatalf("column %d of row %d is half of a wide character", x, y)
			case c.Width == 0 && (x == 0 || s.Cell(x-1, y).Width != 2):
				t.Fatalf("column %d of row %d is a right half without its left", x, y)
			case c.Width > 0 && c.Text == "":
				t.Fatalf("column %d of row %d has no text", x, y)
			}
		}
	}
}

func checkXML(t *testing.T, doc string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}

// model is a screen as simple as can be: text at places, no sequences.
type model struct {
	cols, rows, x, y int
	cells            []string
}

func (m *model) print(s string, width int) {
	if m.x+width > m.cols {
		m.x, m.y = 0, m.y+1
		if m.y == m.rows {
			m.y--
			m.cells = append(m.cells[m.cols:], blanks(m.cols)...)
		}
	}
	at := m.y*m.cols + m.x
	m.blankHalves(at)
	m.cells[at] = s
	if width == 2 {
		m.blankHalves(at + 1)
		m.cells[at], m.cells[at+1] = s, ""
	}
	m.x += width
}

// blankHalves blanks the wide character that a cell is half of.
func (m *model) blankHalves(at int) {
	if m.cells[at] == "" {
		m.cells[at-1] = " "
	}
	if at%m.cols+1 < m.cols && m.cells[at+1] == "" {
		m.cells[at+1] = " "
	}
}

func blanks(n int) []string {
	s := make([]string, n)
	for i := range s {
		s[i] = " "
	}
	return s
}

// TestTextAgainstModel writes narrow and wide characters at random places.
func TestTextAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{cols: rapid.IntRange(2, 9).Draw(t, "cols"), rows: rapid.IntRange(1, 4).Draw(t, "rows")}
		m.cells = blanks(m.cols * m.rows)
		e, _ := newTest(m.cols, m.rows)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				m.x, m.y = rapid.IntRange(0, m.cols-1).Draw(t, "x"), rapid.IntRange(0, m.rows-1).Draw(t, "y")
				e.moveTo(m.x, m.y)
			case 1:
				m.print("漢", 2)
				e.write([]byte("漢"))
			default:
				s := rapid.SampledFrom([]string{"a", "b", "é", "█"}).Draw(t, "text")
				m.print(s, 1)
				e.write([]byte(s))
			}
		}
		e.flush()
		for y, line := range e.screen().Lines() {
			want := strings.TrimRight(strings.Join(m.cells[y*m.cols:(y+1)*m.cols], ""), " ")
			if line != want {
				t.Fatalf("row %d is %q, want %q", y, line, want)
			}
		}
	})
}
