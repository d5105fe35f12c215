package spoken

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/themes"
	"cxlens/tui/look"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// told tells scenes one after the other, each brought about by a key, and returns the lines of the last.
func told(scenes ...Scene) Out {
	var t Teller
	var out Out
	for _, s := range scenes {
		out = t.Tell(s, true, noon)
	}
	return out
}

func TestTell(t *testing.T) {
	flows := Scene{Chosen: -1, Place: "row 1 of 9", Row: "source 10.0.0.1", Column: "source 10.0.0.1", Query: "any", Sort: "start↓", Progress: "done: 9 matched"}
	change := func(f func(*Scene)) Scene { s := flows; f(&s); return s }
	list := Scene{Title: "themes", Lines: []string{"auto", "❯ dark", "light"}, Chosen: 1, Foot: "Esc leaves"}
	prompt := Scene{Title: "span", Lines: []string{"❯ 24", "15m, 1h"}, Chosen: -1, Typing: true, Typed: "❯ 24", Field: 0}
	old := prompt
	old.Selected = true
	typing := func(text string, more ...string) Scene {
		s := prompt
		s.Typed, s.Lines = text, append([]string{text}, more...)
		return s
	}
	at := func(s Scene, x int, under string) Scene { s.At, s.Under = x, under; return s }
	for name, c := range map[string]struct {
		scenes []Scene
		echo   string
		want   []string
	}{
		"the beginning":         {[]Scene{flows}, "", []string{"row 1 of 9: source 10.0.0.1", "done: 9 matched"}},
		"nothing":               {[]Scene{flows, flows}, "", nil},
		"another row":           {[]Scene{flows, change(func(s *Scene) { s.Place, s.Row = "row 2 of 9", "source 10.0.0.2" })}, "", []string{"row 2 of 9: source 10.0.0.2"}},
		"another column":        {[]Scene{flows, change(func(s *Scene) { s.Column = "state SF" })}, "", []string{"state SF"}},
		"a message":             {[]Scene{flows, change(func(s *Scene) { s.Said = "this is the last row" })}, "", []string{"this is the last row"}},
		"the message again":     {[]Scene{change(func(s *Scene) { s.Said = "no" }), change(func(s *Scene) { s.Said = "no" })}, "", []string{"no"}},
		"a loss":                {[]Scene{flows, change(func(s *Scene) { s.Alarm = "connection lost" })}, "", []string{"connection lost"}},
		"a sort":                {[]Scene{flows, change(func(s *Scene) { s.Sort = "dst_ip↑" })}, "", []string{"sorted by dst_ip↑"}},
		"a list":                {[]Scene{flows, list}, "", []string{"themes", "1: auto", "2: dark, chosen", "3: light", "Esc leaves"}},
		"a line of a list":      {[]Scene{list, {Title: "themes", Lines: []string{"❯ auto", "dark", "light"}, Chosen: 0}}, "", []string{"1: auto, chosen"}},
		"a list that is left":   {[]Scene{flows, list, flows}, "", []string{"flows", "row 1 of 9: source 10.0.0.1"}},
		"a prompt":              {[]Scene{flows, prompt}, "", []string{"span", "15m, 1h", "typing: 24"}},
		"a selected text":       {[]Scene{flows, old}, "", []string{"span", "15m, 1h", "typing: 24, selected"}},
		"it is kept":            {[]Scene{old, prompt}, "", []string{"typing: 24"}},
		"it is replaced":        {[]Scene{old, typing("❯ 7", "15m, 1h")}, "", []string{"typing: 7"}},
		"a character":           {[]Scene{prompt, typing("❯ 24h", "15m, 1h")}, "h", nil},
		"a character less":      {[]Scene{prompt, typing("❯ 2", "15m, 1h")}, "\b \b", nil},
		"another text":          {[]Scene{prompt, typing("❯ today", "15m, 1h")}, "", []string{"typing: today"}},
		"the cursor in a text":  {[]Scene{at(prompt, 4, "end"), at(prompt, 2, "2")}, "", []string{"2"}},
		"an erased text":        {[]Scene{prompt, typing("❯ ", "15m, 1h")}, "", []string{"typing: nothing"}},
		"a value in a list":     {[]Scene{list, {Title: "themes", Lines: []string{"auto", "❯ dark, yours", "light"}, Chosen: 1}}, "", []string{"2: dark, yours, chosen"}},
		"a line beside a list":  {[]Scene{list, {Title: "themes", Lines: append(slices.Clone(list.Lines), "more"), Chosen: 1}}, "", []string{"more"}},
		"a title with a count":  {[]Scene{list, {Title: "themes · 4", Lines: append(slices.Clone(list.Lines), "blue"), Chosen: 1}}, "", []string{"themes · 4", "blue"}},
		"another list":          {[]Scene{list, {Title: "tabs", Lines: []string{"one", "two"}, Chosen: 1}}, "", []string{"tabs", "1: one", "2: two, chosen"}},
		"a timeline":            {[]Scene{flows, change(func(s *Scene) { s.Beside = "peak 5" })}, "", []string{"peak 5"}},
		"an error below":        {[]Scene{prompt, typing("❯ 24", "15m, 1h", "✗ no span")}, "", []string{"✗ no span"}},
		"an error of two lines": {[]Scene{prompt, typing("❯ 24", "✗ no", "span", "15m, 1h")}, "", []string{"✗ no span"}},
		"a list that narrows":   {[]Scene{{Title: "a", Lines: []string{"❯ x", "❯ one"}, Chosen: 1, Typing: true, Typed: "❯ x"}, {Title: "a", Lines: []string{"❯ xy", "❯ two"}, Chosen: 1, Typing: true, Typed: "❯ xy"}}, "", []string{"xy: 1: two, chosen"}},
		"text that is scrolled": {[]Scene{{Title: "help", Lines: []string{"a", "b"}, Chosen: -1}, {Title: "help", Lines: []string{"b", "c"}, Chosen: -1}}, "", []string{"c"}},
	} {
		last := told(c.scenes...)
		if len(c.scenes) == 1 {
			last = told(c.scenes[0])
		}
		if last.Echo != c.echo || !slices.Equal(last.Lines, c.want) {
			t.Errorf("%s: echo %q, lines %q; want %q, %q", name, last.Echo, last.Lines, c.echo, c.want)
		}
	}
}

func TestProgressIsToldNowAndThen(t *testing.T) {
	var teller Teller
	at := noon
	tell := func(progress string, running bool) []string {
		return teller.Tell(Scene{Chosen: -1, Progress: progress, Running: running}, false, at).Lines
	}
	if got := tell("0 rows", true); !slices.Equal(got, []string{"0 rows"}) {
		t.Errorf("at first %q", got)
	}
	at = at.Add(time.Second)
	if got := tell("5 rows", true); got != nil {
		t.Errorf("after a second %q", got)
	}
	at = at.Add(every)
	if got := tell("5 rows", true); !slices.Equal(got, []string{"5 rows"}) {
		t.Errorf("what came is never told: %q", got)
	}
	at = at.Add(every)
	if got := tell("5 rows", true); got != nil {
		t.Errorf("the same twice: %q", got)
	}
	if got := tell("done", false); !slices.Equal(got, []string{"done"}) {
		t.Errorf("at the end %q", got)
	}
}

func TestBox(t *testing.T) {
	l := look.New(themes.Loader{}.Auto(false), true)
	lines := []string{l.Paint(themes.Accent, "❯ ") + "dst ", "one    two", l.Paint(themes.Selected, "❯ three    four")}
	s := Box(l.Box("a title", "Esc leaves", lines, 30), 2+8, 1)
	if s.Title != "a title" || s.Foot != "Esc leaves" || s.Chosen != 2 || !s.Typing || s.Field != 0 {
		t.Errorf("%+v", s)
	}
	if s.Typed != "❯ dst   " || s.Lines[1] != "one, two" {
		t.Errorf("typed %q, lines %q", s.Typed, s.Lines)
	}
	if s := Box(nil, -1, 0); s.Title != "" || s.Chosen != -1 {
		t.Errorf("no box: %+v", s)
	}
}

// TestListThatComes: what a part waited for is told when it is there, though no key brought it.
func TestListThatComes(t *testing.T) {
	var teller Teller
	waits := Scene{Title: "top values", Lines: []string{"VALUE", "the server is asked"}, Chosen: 0}
	there := Scene{Title: "top values · 1", Lines: []string{"VALUE", "tcp"}, Chosen: 1}
	teller.Tell(waits, true, noon)
	if got := teller.Tell(there, false, noon).Lines; !slices.Equal(got, []string{"top values · 1", "1: VALUE", "2: tcp, chosen"}) {
		t.Errorf("%q", got)
	}
	there.Lines = []string{"VALUE", "tcp 9"}
	if got := teller.Tell(there, false, noon).Lines; got != nil {
		t.Errorf("what changes by itself is told: %q", got)
	}
}

// TestLongLists: of a long list the lines about the cursor are told, and how many there are besides; asked again, all.
func TestLongLists(t *testing.T) {
	s := Scene{Title: "list", Chosen: 20}
	for i := range 40 {
		s.Lines = append(s.Lines, strings.Repeat("x", i%3)) // every third one is empty
	}
	out := told(Scene{Chosen: -1}, s)
	if n := len(out.Lines); n != 1+8+1 || out.Lines[n-1] != "18 more lines, ^l says them all" || !slices.Contains(out.Lines, "21: xx, chosen") {
		t.Errorf("%q", out.Lines)
	}
	if all := s.Whole(); len(all) != 1+26 {
		t.Errorf("%d lines are all", len(all))
	}
}

func TestLine(t *testing.T) {
	if got := Line(" \x1b[1mflows\x1b[m ▁▂█ 3  ─│ ⠿ tcp "); got != "flows, 3, tcp" {
		t.Errorf("%q", got)
	}
}

// TestNothingMovesTheCursor: whatever a scene holds, lines have no control characters.
func TestNothingMovesTheCursor(t *testing.T) {
	l := look.New(themes.Loader{}.Auto(false), true)
	rapid.Check(t, func(t *rapid.T) {
		var teller Teller
		text := rapid.SampledFrom([]string{"a", "日本", "  ", "❯ x", "✗ y", "", "e\u0301", "a    b"})
		for range rapid.IntRange(1, 6).Draw(t, "scenes") {
			lines := rapid.SliceOfN(text, 0, 20).Draw(t, "lines")
			for i := range lines {
				if rapid.Bool().Draw(t, "chosen") {
					lines[i] = l.Paint(themes.Selected, lines[i])
				}
			}
			s := Box(l.Box(text.Draw(t, "title"), "foot", lines, 40), rapid.IntRange(-1, 45).Draw(t, "x"), rapid.IntRange(0, 22).Draw(t, "y"))
			out := teller.Tell(s, rapid.Bool().Draw(t, "key"), noon)
			for _, line := range append(append(s.Whole(), out.Lines...), strings.TrimSuffix(out.Echo, "\b \b")) {
				if strings.ContainsAny(line, "\x1b\r\n\b\a") {
					t.Fatalf("%q", line)
				}
			}
		}
	})
}

func TestValue(t *testing.T) {
	for _, c := range [][3]string{
		{"start", "2026-11-22T13:56:33.257697Z", "start 2026-11-22 13:56:33"},
		{"start", "odd", "start odd"},
		{"duration", "0.5", "duration 0.5 seconds"},
		{"src_ip", "10.0.0.7", "source 10.0.0.7"},
		{"dst_bytes", "12", "destination bytes 12"},
		{"proto", "tcp", "protocol tcp"},
		{"netgroup", "", "netgroup nothing"},
	} {
		if got := Value(c[0], c[1]); got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
}

func TestVoice(t *testing.T) {
	var out bytes.Buffer
	v := NewVoice(&out)
	v.Say(Out{Lines: []string{"one", "two"}})
	v.Say(Out{Echo: "ab"})
	v.Say(Out{Echo: "c"})
	v.Say(Out{Lines: []string{"three"}})
	v.Say(Out{Echo: "d"})
	v.Close(nil)
	if want := "one\r\ntwo\r\nabc\r\nthree\r\nd\r\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// stuck takes nothing until it is let go.
type stuck struct{ let chan struct{} }

func (s stuck) Write(p []byte) (int, error) { <-s.let; return 0, errors.New("nobody is there") }

func TestVoiceThatIsNotHeard(t *testing.T) {
	s := stuck{make(chan struct{})}
	v := NewVoice(s)
	long := strings.Repeat("x", 1<<16)
	for range 100 {
		v.Say(Out{Lines: []string{long}})
	}
	v.mu.Lock()
	held, lost := v.pending.Len(), v.lost
	v.mu.Unlock()
	if held > queued+2*len(long) || lost == 0 {
		t.Errorf("%d bytes wait, %d lines are lost", held, lost)
	}
	giveUp := make(chan struct{})
	close(giveUp)
	v.Close(giveUp) // does not wait for ever
	close(s.let)
}

func TestClipboard(t *testing.T) {
	var out bytes.Buffer
	c := Clipboard{&out}
	for _, text := range []string{"\x1b[2Jdrawn", "a\x1b]52;c;QQ==\ab\x1b]52;c;Qg==\a", "\x1b]52;c;cut", "\x1b]11;?\a"} {
		if n, err := c.Write([]byte(text)); n != len(text) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if want := "\x1b]52;c;QQ==\a\x1b]52;c;Qg==\a"; out.String() != want {
		t.Errorf("%q", out.String())
	}
}
