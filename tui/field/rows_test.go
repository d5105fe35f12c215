package field

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// shown is what the rows of a field show, without the blanks at their ends.
func shown(f *Model, first, rest, most int) ([]string, Rows) {
	rows := f.Rows(plain, first, rest, most, true)
	var out []string
	for _, text := range rows.Text {
		out = append(out, strings.TrimRight(ansi.Strip(text), " "))
	}
	return out, rows
}

func TestRows(t *testing.T) {
	for _, tt := range []struct {
		text        string
		first, rest int
		want        string
	}{
		{"", 10, 10, ""},
		{"dst port 53", 20, 20, "dst port 53"},
		{"dst port 53", 8, 20, "dst|port 53"},
		{"dst port 53", 9, 4, "dst port|53"},
		{"abcdefghij", 5, 5, "abcd|efgh|ij"},
		{"tcp\nudp\n\nicmp", 10, 10, "tcp|udp||icmp"},
		{"tcp\n", 10, 10, "tcp|"},
		{"abc ", 4, 4, "abc|"},
		{"日本語", 5, 5, "日本|語"},
	} {
		f := Model{Lines: true}
		f.Set(tt.text)
		got, _ := shown(&f, tt.first, tt.rest, 100)
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%q in %d and %d columns is %q, want %q", tt.text, tt.first, tt.rest, strings.Join(got, "|"), tt.want)
		}
	}
}

func TestRowsSayWhatTheyDoNotShow(t *testing.T) {
	f := Model{Lines: true}
	f.Set("1\n2\n3\n4\n5\n6")
	got, rows := shown(&f, 10, 10, 3)
	if strings.Join(got, "") != "456" || rows.Above != 3 || rows.Below != 0 || rows.Y != 2 || rows.X != 1 {
		t.Errorf("at the end: %q %+v", got, rows)
	}
	for range 5 {
		f.Vertical(-1)
	}
	got, rows = shown(&f, 10, 10, 3)
	if strings.Join(got, "") != "123" || rows.Above != 0 || rows.Below != 3 || rows.Y != 0 {
		t.Errorf("at the beginning: %q %+v", got, rows)
	}
	if f.Vertical(-1) {
		t.Error("there is a row above the first one")
	}
	f.SetCursor(len(f.Value()))
	if rows := f.Rows(plain, 10, 10, 3, false); rows.Above != 0 || !strings.HasPrefix(ansi.Strip(rows.Text[0]), "1") {
		t.Errorf("without following the cursor: %+v", rows)
	}
}

func TestVerticalKeepsItsColumn(t *testing.T) {
	f := Model{Lines: true}
	f.Set("abcdef\nxy\nuvwxyz")
	f.Rows(plain, 20, 20, 5, true)
	f.SetCursor(4)
	for _, want := range []int{9, 14} {
		if !f.Vertical(1) || f.Cursor() != want {
			t.Errorf("down leads to %d, want %d", f.Cursor(), want)
		}
	}
}

// TestRowsHoldTheText: the rows are the text, nothing is wider than its room, and the cursor has a place.
func TestRowsHoldTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab  \n日é́️☁🇩")), 0, 60, -1).Draw(t, "text")
		first, rest := rapid.IntRange(2, 12).Draw(t, "first"), rapid.IntRange(2, 12).Draw(t, "rest")
		f := Model{Lines: true}
		f.Set(text)
		f.SetCursor(rapid.IntRange(0, len(text)).Draw(t, "cursor"))
		most := rapid.IntRange(1, 5).Draw(t, "most")
		rows := f.Rows(plain, first, rest, most, true)
		if len(rows.Text) > most || rows.Above+len(rows.Text)+rows.Below != len(f.layout.rows) {
			t.Fatalf("%d rows, %d above, %d below, of %d", len(rows.Text), rows.Above, rows.Below, len(f.layout.rows))
		}
		var all strings.Builder
		at := 0
		for i, r := range f.layout.rows {
			if r.from != at {
				all.WriteString("\n")
			}
			all.WriteString(string(f.text[r.from:r.to]))
			at = r.to
			if w := f.columns(i); i >= rows.Above && i < rows.Above+len(rows.Text) && ansi.StringWidth(rows.Text[i-rows.Above]) != w {
				t.Fatalf("row %d is %q, want %d columns", i, rows.Text[i-rows.Above], w)
			}
		}
		if all.String() != text {
			t.Fatalf("the rows hold %q, want %q", all.String(), text)
		}
		if rows.Y < 0 || rows.Y >= len(rows.Text) || rows.X < 0 || rows.X >= f.columns(rows.Above+rows.Y) {
			t.Fatalf("the cursor is at %d, %d of %q", rows.X, rows.Y, rows.Text)
		}
	})
}

func TestMarkInRows(t *testing.T) {
	f := Model{Lines: true}
	f.Set("日本 dts port 53")
	f.Mark(7, 3)
	if _, rows := shown(&f, 30, 30, 5); rows.MarkX != 5 || rows.MarkY != 0 || rows.MarkW != 3 {
		t.Errorf("the mark behind wide characters is %+v", rows)
	}
	f.Set("tcp and\n dts port 53")
	f.Mark(9, 3)
	_, rows := shown(&f, 30, 30, 5)
	if rows.MarkX != 1 || rows.MarkY != 1 || rows.MarkW != 3 {
		t.Errorf("the mark is %+v", rows)
	}
	f.Mark(len(f.Value()), 0)
	if _, rows = shown(&f, 30, 30, 5); rows.MarkX != 12 || rows.MarkY != 1 || rows.MarkW != 1 {
		t.Errorf("the mark at the end is %+v", rows)
	}
	if _, rows = shown(&f, 30, 30, 1); rows.MarkW != 1 || rows.MarkY != 0 {
		t.Errorf("the mark in the only row is %+v", rows)
	}
	f.SetCursor(0)
	if _, rows = shown(&f, 30, 30, 1); rows.MarkW != 0 {
		t.Errorf("the mark in a hidden row is %+v", rows)
	}
}

func TestLines(t *testing.T) {
	f := Model{Lines: true}
	f.Update(tea.PasteMsg{Content: "tcp\r\nand\tudp\r\x1b\n\r\n"})
	if f.Value() != "tcp\nand udp\n\ufffd" {
		t.Errorf("pasted %q", f.Value())
	}
	f.Set("tcp")
	if !f.Do("query.newline") || !f.Update(press("a")) || f.Value() != "tcp\na" {
		t.Errorf("after a new line: %q", f.Value())
	}
	f.Update(press("home"))
	if f.Cursor() != 4 {
		t.Errorf("home leads to %d", f.Cursor())
	}
	f.SetCursor(1)
	if f.Update(press("end")); f.Cursor() != 3 {
		t.Errorf("end leads to %d", f.Cursor())
	}
	var one Model
	if one.Do("newline") || one.Value() != "" {
		t.Errorf("a field of one line holds %q", one.Value())
	}
}
