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
	// At is the column of the cursor in what was typed, and Under the character there.
	At    int
	Under string
	// Selected tells that what is typed takes the place of the text in that line.
	Selected bool

	Place  string // which row, of how many
	Row    string // the row under the cursor as a sentence
	Column string // the column under the cursor with its value
	Beside string // what stands above the flows: the timeline in one line
	Query  string // the query whose rows these are
	Sort   string
	Said   string // what the program says of the last key
	Alarm  string // what is wrong with the connection
	// Progress is how far the query is. It is told at most every few seconds, and at once when Running changes.
	Progress string
	Running  bool
}

const (
	// listed is how many lines of a list are told when it opens, and at most when lines of it change.
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
	case s.Title != before.Title && s.Title != "" && !s.continues(before), s.came(before, byKey):
		out.Lines = append(out.Lines, opening(s, listed)...)
	case s.Title != before.Title && s.Title != "":
		say(s.Title)
		t.within(before, s, byKey, &out)
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
	if byKey && (s.Title == "" || len(out.Lines) == 0 && s.Title == before.Title && s.Place != before.Place) {
		t.moved(before, s, say)
	}
	if s.Beside != before.Beside && (byKey || before.Beside == "") {
		say(s.Beside)
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

// continues tells that a part is the one from before although its title has changed, as a title with a
// count in it does: half of its lines are still there.
func (s Scene) continues(before Scene) bool {
	if before.Title == "" {
		return false
	}
	same, all := 0, 0
	for _, text := range s.Lines {
		if text == "" {
			continue
		}
		all++
		if slices.Contains(before.Lines, text) {
			same++
		}
	}
	return same > 0 && 2*same >= all
}

// came tells that the list for which a part was opened is there now: nobody pressed a key, and what is chosen
// is another line, which was not there before.
func (s Scene) came(before Scene, byKey bool) bool {
	if byKey || before.Title == "" || s.Title == "" || before.Typing || s.Chosen < 0 {
		return false
	}
	return s.Chosen != before.Chosen && !slices.Contains(before.Lines, s.Lines[s.Chosen])
}

// opening tells a part that was opened: its title, then its line for typing or its lines, of a list at most so many.
func opening(s Scene, most int) []string {
	out := []string{s.Title}
	lines := s.Lines
	from := 0
	if s.Chosen >= 0 && len(lines) > most {
		from = max(0, min(s.Chosen-most/2, len(lines)-most))
		lines = lines[from : from+most]
	}
	for i, text := range lines {
		if text != "" && (!s.Typing || from+i != s.Field) {
			out = append(out, numbered(s, from+i, text))
		}
	}
	if more := filled(s.Lines) - filled(lines); more > 0 {
		out = append(out, fmt.Sprintf("%d more lines, ^l says them all", more))
	}
	if s.Foot != "" {
		out = append(out, s.Foot)
	}
	if s.Typing {
		out = append(out, "typing: "+typedOrNothing(s))
	}
	return out
}

// filled is how many lines have something to say.
func filled(lines []string) (n int) {
	for _, text := range lines {
		if text != "" {
			n++
		}
	}
	return n
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
	moved := s.Chosen >= 0 && (line(s) != line(before) || s.Chosen != before.Chosen)
	edited := s.Typing && s.Typed != before.Typed
	switch {
	case s.Typing && !edited && s.Field == before.Field && s.Selected != before.Selected:
		out.Lines = append(out.Lines, "typing: "+typedOrNothing(s))
	case s.Typing && !edited && byKey && s.Field == before.Field && s.At != before.At:
		out.Lines = append(out.Lines, s.Under)
	case edited && s.Chosen >= 0 && typed(s) != "":
		out.Lines = append(out.Lines, typed(s)+": "+numbered(s, s.Chosen, line(s)))
	case edited && s.Chosen >= 0:
		out.Lines = append(out.Lines, "typing: "+typedOrNothing(s), numbered(s, s.Chosen, line(s)))
	case edited:
		out.echo(before, s)
		out.Lines = append(out.Lines, fresh(before, s, false)...)
	case moved && byKey:
		out.Lines = append(out.Lines, numbered(s, s.Chosen, line(s)))
	default:
		out.Lines = append(out.Lines, fresh(before, s, byKey)...)
	}
}

// fresh are the lines that are new in a part: all of them where a key made them, else only those that are
// wrong, each with the lines that it goes on in.
func fresh(before, s Scene, all bool) []string {
	var out []string
	goesOn, more := false, 0
	for i, text := range s.Lines {
		known := slices.Contains(before.Lines, text) || s.Typing && i == s.Field || text == ""
		switch wrong := strings.ContainsAny(text, "✗!^"); {
		case known:
			goesOn = false
		case goesOn && !wrong:
			out[len(out)-1] += " " + text
		case (wrong || all) && len(out) < listed:
			out = append(out, text)
			goesOn = wrong
		case wrong || all:
			more++
		}
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("%d more lines, ^l says them all", more))
	}
	return out
}

// typed is what was typed, without the sign before it.
func typed(s Scene) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s.Typed), "❯"))
}

// typedOrNothing is what was typed as a sentence has it: the columns of the line apart, and whether it is selected.
func typedOrNothing(s Scene) string {
	text := "nothing"
	if t := typed(s); t != "" {
		text = gaps.ReplaceAllString(t, ", ")
	}
	if s.Selected { // the next letter takes its place
		text += ", selected"
	}
	return text
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
		o.Lines = append(o.Lines, "typing: "+typedOrNothing(s))
	}
}

// Whole tells all there is in the part that has the keyboard, as it is when it opens.
func (s Scene) Whole() []string {
	if s.Title != "" {
		all := opening(s, len(s.Lines))
		if s.Beside != "" {
			all = append(all, s.Beside)
		}
		return all
	}
	return slices.DeleteFunc([]string{s.Alarm, "query: " + s.Query, s.Progress, "sorted by " + s.Sort, s.Beside}, func(text string) bool { return text == "" })
}
