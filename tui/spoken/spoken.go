// Package spoken turns what changed on the screen into lines that a screen reader can read: a row as
// a sentence, a list as numbered lines, what is typed as it is typed.
//
// It imports the measures of tui/look and nothing else of cxlens. The surprising thing: it knows no
// part of the screen by name. It compares two scenes, which are what any part shows, so that a part
// that is new can be heard without a word here.
package spoken

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Scene is what there is to hear at a moment. Every text is plain and on one line.
type Scene struct {
	// Title names the part that has the keyboard; "" is the list of flows.
	Title string
	// Lines are what the part shows, and Foot its last line. Chosen is the line under the cursor, -1 for none.
	Lines  []string
	Foot   string
	Chosen int
	// Typed is the line in which a person types, with what stands before it; Typing tells that there is one,
	// and Field is its number from 0.
	Typed  string
	Typing bool
	Field  int
	// Selected tells that what is typed takes the place of the text in that line.
	Selected bool

	Place  string // which row, of how many
	Row    string // the row under the cursor as a sentence
	Column string // the column under the cursor with its value
	Query  string // the query whose rows these are
	Sort   string
	Said   string // what the program says of the last key
	Alarm  string // what is wrong with the connection
	// Progress is how far the query is. It is told at most every few seconds, and at once when Running changes.
	Progress string
	Running  bool
}

const (
	// listed is how many lines of a list are told when it opens.
	listed = 12
	// every is how often progress is told.
	every = 5 * time.Second
)

// Teller tells what changed. Its zero value has told nothing.
type Teller struct {
	last   Scene
	begun  bool
	told   string    // the progress that was told last
	toldAt time.Time // and when
}

// Out is what is to be printed: Echo goes to the end of the line that is being typed, Lines are lines of
// their own.
type Out struct {
	Echo  string
	Lines []string
}

// Tell compares a scene with the one before. byKey tells that a person's key brought it about: what
// changes by itself is told only when it matters.
func (t *Teller) Tell(s Scene, byKey bool, now time.Time) Out {
	before, begun := t.last, t.begun
	if s.Query == "" { // before there is a connection
		s.Query, s.Sort = before.Query, before.Sort
	}
	t.last, t.begun = s, true
	var out Out
	say := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			out.Lines = append(out.Lines, text)
		}
	}
	if s.Alarm != before.Alarm {
		say(s.Alarm)
	}
	switch {
	case s.Title != before.Title && s.Title != "":
		out.Lines = append(out.Lines, opening(s)...)
	case s.Title != before.Title:
		say("flows")
	case s.Title != "":
		t.within(before, s, byKey, &out)
	}
	if s.Said != before.Said || byKey && s.Said != "" {
		say(s.Said)
	}
	if s.Query != before.Query && begun {
		say("query: " + s.Query)
	}
	if s.Sort != before.Sort && begun {
		say("sorted by " + s.Sort)
	}
	if s.Title == "" && byKey {
		t.moved(before, s, say)
	}
	if s.Running != before.Running || s.Progress != t.told && now.Sub(t.toldAt) >= every || !begun {
		t.told, t.toldAt = s.Progress, now
		say(s.Progress)
	}
	return out
}

// moved tells where the cursor of the flows went.
func (t *Teller) moved(before, s Scene, say func(string)) {
	switch {
	case before.Title != "" || s.Place != before.Place:
		say(strings.TrimSuffix(s.Place+": "+s.Row, ": "))
	case s.Column != before.Column:
		say(s.Column)
	}
}

// opening tells a part that was opened: its title, then its line for typing or its lines.
func opening(s Scene) []string {
	out := []string{s.Title}
	lines := s.Lines
	from := 0
	if s.Chosen >= 0 && len(lines) > listed {
		from = max(0, min(s.Chosen-listed/2, len(lines)-listed))
		lines = lines[from : from+listed]
	}
	for i, text := range lines {
		if text = strings.TrimSpace(text); text != "" && (!s.Typing || from+i != s.Field) {
			out = append(out, numbered(s, from+i, text))
		}
	}
	if more := len(s.Lines) - len(lines); more > 0 {
		out = append(out, fmt.Sprintf("%d more lines", more))
	}
	if s.Foot != "" {
		out = append(out, s.Foot)
	}
	if s.Typing {
		out = append(out, "typing: "+typed(s)+selected(s))
	}
	return out
}

// selected says behind what was typed that the next letter takes its place.
func selected(s Scene) string {
	if s.Selected {
		return ", selected"
	}
	return ""
}

// numbered is a line of a list with its number; text without a cursor has none.
func numbered(s Scene, i int, text string) string {
	if s.Chosen < 0 {
		return text
	}
	n := i + 1
	if s.Typing && s.Field < i {
		n-- // the line for typing is no line of the list
	}
	text = fmt.Sprintf("%d: %s", n, strings.TrimSpace(strings.TrimPrefix(text, "❯")))
	if i == s.Chosen {
		text += ", chosen"
	}
	return text
}

// within tells what changed in the part that was open before.
func (t *Teller) within(before, s Scene, byKey bool, out *Out) {
	chosen := line(s) != line(before) && s.Chosen >= 0
	edited := s.Typing && s.Typed != before.Typed
	switch {
	case s.Typing && !edited && s.Field == before.Field && s.Selected != before.Selected:
		out.Lines = append(out.Lines, "typing: "+typed(s)+selected(s))
	case edited && s.Chosen >= 0:
		out.Lines = append(out.Lines, typed(s)+": "+numbered(s, s.Chosen, line(s)))
		return
	case edited:
		out.echo(before, s)
	case chosen && byKey:
		out.Lines = append(out.Lines, numbered(s, s.Chosen, line(s)))
		return
	}
	out.Lines = append(out.Lines, fresh(before, s, byKey)...)
}

// fresh are the lines that are new in a part. Beside a field or a list only those that are wrong are
// told, each with the lines that it goes on in.
func fresh(before, s Scene, byKey bool) []string {
	var out []string
	goesOn := false
	for i, text := range s.Lines {
		known := slices.Contains(before.Lines, text) || s.Typing && i == s.Field || text == ""
		switch wrong := strings.ContainsAny(text, "✗!^"); {
		case known:
			goesOn = false
		case goesOn && !wrong:
			out[len(out)-1] += " " + text
		case wrong || byKey && !s.Typing && s.Chosen < 0:
			out = append(out, text)
			goesOn = wrong
		}
	}
	return out
}

// typed is what was typed, without the sign before it.
func typed(s Scene) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s.Typed), "❯"))
}

// line is the line under the cursor of a list.
func line(s Scene) string {
	if s.Chosen < 0 || s.Chosen >= len(s.Lines) {
		return ""
	}
	return strings.TrimSpace(s.Lines[s.Chosen])
}

// echo tells what was typed: as a terminal does at the end of the line, else the whole line anew.
func (o *Out) echo(before, s Scene) {
	switch {
	case before.Typing && strings.HasPrefix(s.Typed, before.Typed):
		o.Echo = s.Typed[len(before.Typed):]
	case before.Typing && strings.HasPrefix(before.Typed, s.Typed) && len([]rune(before.Typed)) == len([]rune(s.Typed))+1:
		o.Echo = "\b \b"
	default:
		o.Lines = append(o.Lines, "typing: "+typed(s)+selected(s))
	}
}

// Whole tells all there is in the part that has the keyboard, as it is when it opens.
func (s Scene) Whole() []string {
	if s.Title != "" {
		return opening(s)
	}
	return slices.DeleteFunc([]string{s.Alarm, "query: " + s.Query, s.Progress, "sorted by " + s.Sort}, func(text string) bool { return text == "" })
}
