package main

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// titles waits until the line of the titles has all texts in this order.
func (s *screen) titles(texts ...string) {
	s.t.Helper()
	err := s.WaitFor(s.t.Context(), func(sc terminal.Screen) bool {
		rest := titleLine(sc)
		for _, text := range texts {
			_, after, ok := strings.Cut(rest, text)
			if !ok {
				return false
			}
			rest = after
		}
		return true
	})
	if err != nil {
		s.t.Fatalf("the titles %q do not come: %v", texts, err)
	}
}

// titleLine is the line of the table's titles.
func titleLine(sc terminal.Screen) string {
	for _, l := range sc.Lines() {
		if strings.Contains(l, "PORT") || strings.Contains(l, "STATE") || strings.Contains(l, "BYTES") {
			return l
		}
	}
	return ""
}

// TestColumnsAreKept: what a person did to the columns is there at the next start, and a file that cannot be
// read is said and set aside, not lost.
func TestColumnsAreKept(t *testing.T) {
	t.Parallel()
	env := home(t)
	o := terminal.Options{Cols: 90, Rows: 30, Env: env}
	s := openSessions(t, o, 20)
	s.titles("START", "DUR", "PROTO")
	s.press("l", ">", "|") // DUR behind PROTO, and both frozen with START
	s.titles("START", "PROTO", "DUR│", "SOURCE")
	s.press("l", "H", "(", "(")
	s.titles("START", "PROTO", "DUR│SP… ", "DESTINATION")
	s.press("c")
	s.enter("bpp ") // shows it
	s.press("alt+l")
	s.titles("DUR│", "‹1 ")
	s.press("q")
	s.ends(exitFine)

	path := under(t, env, "XDG_STATE_HOME", "cxlens", "columns.toml")
	if text := read(t, path); !strings.Contains(text, "frozen = 3") || strings.Contains(text, "src_ip") || !strings.Contains(text, "bpp") {
		t.Fatalf("kept is:\n%s", text)
	}
	s = openSessions(t, o, 20)
	s.titles("START", "PROTO", "DUR│SP… ", "DESTINATION")
	s.press("0")
	s.titles("START", "DUR", "PROTO", "SOURCE")
	s.press("0")
	s.titles("START", "PROTO", "DUR│SP… ")
	s.press("q")
	s.ends(exitFine)

	if err := os.WriteFile(path, []byte("columns = [\"strat\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Cols = 250
	s = openSessions(t, o, 20)
	s.shows("the columns are as at first: ", "there is no column \"strat\"")
	s.titles("START", "DUR", "PROTO", "SOURCE")
	s.press("H")
	s.titles(" DUR", "PROTO")
	s.press("q")
	s.ends(exitFine)
	if text := read(t, path+".damaged"); !strings.Contains(text, "strat") {
		t.Errorf("set aside is %q", text)
	}
	if text := read(t, path); strings.Contains(text, "\"start\"") || !strings.Contains(text, "duration") {
		t.Errorf("kept is:\n%s", text)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestClickOnTitles: a click sorts, a click with ctrl adds to the sort.
func TestClickOnTitles(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 140, Rows: 30}, 20)
	s.shows("nodes ●", "following new flows") // nothing moves the columns any more
	x, y := s.place("PROTO")
	s.click(terminal.LeftButton, x+1, y)
	s.shows("PROTO ▲", "sort proto↑")
	x, y = s.place("↓BYTES")
	const ctrl = 16 // as xterm adds it to the button
	s.click(terminal.LeftButton|ctrl, x+1, y)
	s.shows("▲1", "▼2", "sort proto↑, dst_bytes↓")
	s.press("X")
	s.shows("PROTO ▲", "sort proto↑ ")
}

// TestAStepOfTheCursorIsCheap: at the terminal's end a step of the cursor, on the screen and beyond its last
// row, writes less than 500 bytes.
func TestAStepOfTheCursorIsCheap(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {200, 60}} {
		s := openSessions(t, terminal.Options{Cols: size[0], Rows: size[1]}, 300)
		s.shows("nodes ●")
		row := 101
		for range row - 1 {
			s.press("j")
		}
		s.shows("row " + strconv.Itoa(row))
		const steps = 20
		var all []int64
		for range steps {
			before := s.BytesWritten()
			row++
			s.press("j")
			s.shows("row " + strconv.Itoa(row))
			all = append(all, s.BytesWritten()-before)
		}
		slices.Sort(all)
		// The clock and the nodes are drawn besides: on a busy machine within nearly every step.
		each := all[0]
		t.Logf("%d by %d: scrolling by a row writes %d bytes, %d at most", size[0], size[1], each, all[steps-1])
		if each >= 500 {
			t.Errorf("%d by %d: scrolling by a row writes %d bytes", size[0], size[1], each)
		}
		s.press("q")
		s.ends(exitFine)
	}
}

// TestDragTitles: a border that is dragged sets the width, double clicked it fits the cells, a title that is dragged
// moves its column; both are kept. Without the mouse the program hears of none of it.
func TestDragTitles(t *testing.T) {
	t.Parallel()
	env := home(t)
	o := terminal.Options{Cols: 140, Rows: 30, Env: env}
	s := openSessions(t, o, 20)
	s.shows("nodes ●", "following new flows")
	x, y := s.place("PROTO")
	s.drag(x+5, y, x+11, y)
	s.shows("PROTO        SOURCE", "sort start↓")
	for range 2 {
		s.click(terminal.LeftButton, x+11, y)
	}
	s.shows("PROTO  SOURCE")
	from, _ := s.place("SOURCE")
	to, _ := s.place("START")
	s.drag(from, y, to, y)
	s.titles("SOURCE", "START", "PROTO")
	s.shows("sort start↓")
	s.press("q")
	s.ends(exitFine)
	if text := read(t, under(t, env, "XDG_STATE_HOME", "cxlens", "columns.toml")); !strings.Contains(text, `columns = ["src_ip", "start"`) || !strings.Contains(text, "proto = 5") {
		t.Errorf("kept is:\n%s", text)
	}

	s = openScreen(t, o, "open", "--no-mouse", sessionFile(t, 0, 20, indexed))
	s.titles("SOURCE", "START", "PROTO")
	if err := s.Drag(terminal.LeftButton, 10, 5, 30, 5); err == nil {
		t.Error("the program asks for the mouse")
	}
}

// TestYears: flows of several years say theirs where there is little room too.
func TestYears(t *testing.T) {
	t.Parallel()
	old := strings.ReplaceAll(session(1, standard), firstSession.Format("2006-01-02"), "2023-11-20")
	file := save(t, filepath.Join(t.TempDir(), "sessions"), session(0, standard)+old, 0o600)
	s := openScreen(t, terminal.Options{Cols: 80, Rows: 24}, "open", file)
	s.shows("2 matched", "2026-11-20 08:00:00", "2023-11-20 08:00:01")
	s.ask("src bytes > 100")
	s.shows("1 matched")
	s.until(func(sc terminal.Screen) bool {
		rows := flowRows(sc)
		return len(rows) == 1 && strings.Contains(rows[0], "08:00:01") && !strings.Contains(rows[0], "2023-11-20")
	})
}

// TestColumnsOfTheScreen: names and directions by the configuration's networks are chosen, sorted by, searched, copied,
// exported, and there again at the next start.
func TestColumnsOfTheScreen(t *testing.T) {
	t.Parallel()
	env, dir := home(t), t.TempDir()
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "[networks]\ninternal = [\"10.0.0.1\", \"192.0.2.53\"]\n", 0o600)
	o := terminal.Options{Cols: 250, Rows: 30, Env: env, Dir: dir}
	s := openSessions(t, o, 20)
	s.press("c")
	s.enter("direction ")
	s.press("c")
	s.enter("src_name ")
	s.titles("STATE", "DIRECTION", "SOURCE NAME")
	s.clickOn("SOURCE NAME")
	s.shows("SOURCE NAME ▲", "sort src_name↑")
	s.press("g")
	s.until(func(sc terminal.Screen) bool {
		rows := flowRows(sc)
		return len(rows) > 0 && strings.Contains(rows[0], "internal")
	})
	s.clickOn("DIRECTION")
	s.shows("DIRECTION ▲", "sort direction↑")
	s.press("g", "y")
	s.shows("copied in")
	s.press("G", "y")
	s.shows("copied outside")
	s.press("ctrl+f")
	s.enter("internal")
	s.onRow("08:00:00", "out", "internal")
	s.press("Y")
	s.until(func(terminal.Screen) bool { return strings.HasSuffix(s.Clipboard(), "\tout\tinternal") })
	s.press("x", "ctrl+u")
	s.enter("names.csv")
	s.shows("wrote 20 rows to ")
	if text := read(t, filepath.Join(dir, "names.csv")); !strings.Contains(text, ",direction,src_name\n") || !strings.Contains(text, ",out,internal\n") {
		t.Errorf("the file has\n%s", text)
	}
	s.press("q")
	s.ends(exitFine)
	s = openSessions(t, o, 20)
	s.titles("STATE", "DIRECTION", "SOURCE NAME")
	s.shows(" out ")
}
