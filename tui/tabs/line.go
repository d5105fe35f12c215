// Package tabs is the line of tabs above the table and the list of all of them.
//
// It may import internal/flow, themes and the leaf packages of tui. The surprising thing: it holds no tab.
// It shows what it is told of them, so that a tab's state is in one place only.
package tabs

import (
	"strconv"

	"cxlens/themes"
	"cxlens/tui/look"
)

// Item is what is shown of a tab.
type Item struct {
	Title string // the person's name for it, else its query
	Query string
	Span  string
	State string       // in words: queued, running, streaming 43%, done, failed: why, cancelled, followed
	Sign  string       // the same in the room that the line has; "" for a tab that is done
	Token themes.Token // the sign's colour
	Rows  uint64       // rows here
}

// titleWidth is how many columns a title has in the line at most.
const titleWidth = 24

// Place is where a tab stands in the line.
type Place struct{ Tab, From, To int }

// Line shows the tabs with the one at in sight, in w columns, and where each stands. Tabs without
// room are counted at the ends.
func Line(l *look.Look, items []Item, at, w int) (line string, places []Place) {
	widths := make([]int, len(items))
	for i, it := range items {
		widths[i] = look.Width(label(i, it)) + 2
	}
	from, to := window(widths, at, w-2*moreWidth)
	n := l.Line(themes.Text)
	x := 0
	put := func(t themes.Token, s string) { n.Put(t, s); x += look.Width(s) }
	if from > 0 {
		put(themes.Muted, look.Left(" ‹"+strconv.Itoa(from), moreWidth))
	}
	for i := from; i < to; i++ {
		begin := x
		text := themes.Muted
		if i == at {
			text = themes.Selected
		}
		put(text, " "+label(i, Item{Title: items[i].Title}))
		if items[i].Sign != "" {
			put(items[i].Token, " "+items[i].Sign)
		}
		put(text, " ")
		places = append(places, Place{Tab: i, From: begin, To: x})
	}
	if rest := len(items) - to; rest > 0 {
		put(themes.Muted, " "+strconv.Itoa(rest)+"›")
	}
	return look.Cut(n.String(), w), places
}

// moreWidth is the room for the count of the tabs that are out of sight.
const moreWidth = 4

func label(i int, it Item) string {
	s := strconv.Itoa(i+1) + " " + look.Cut(it.Title, titleWidth)
	if it.Sign != "" {
		s += " " + it.Sign
	}
	return s
}

// window chooses the tabs that fit around the one at: as many as there is room for, from the first if possible.
func window(widths []int, at, w int) (from, to int) {
	if len(widths) == 0 {
		return 0, 0
	}
	from, to = at, at+1
	used := widths[at]
	for {
		switch {
		case from > 0 && used+widths[from-1] <= w:
			from--
			used += widths[from]
		case to < len(widths) && used+widths[to] <= w:
			used += widths[to]
			to++
		default:
			return from, to
		}
	}
}
