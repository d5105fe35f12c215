package table

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"cxlens/internal/flow"
)

// tens has every tenth flow's source outside, the other ends inside, and a name for sources.
var tens = &flow.Around{
	Name: func(a flow.Addr, version uint8) string {
		if text := a.Text(version); strings.HasPrefix(text, "10.") {
			return "host-" + text
		}
		return ""
	},
	Inside: func(a flow.Addr, version uint8) bool { return !strings.HasSuffix(a.Text(version), "0") },
}

func TestColumnsOfTheScreen(t *testing.T) {
	m, _ := newModel(20)
	m.SetSize(160, 24)
	m.ShowColumn(flow.ColSrcName)
	m.ShowColumn(flow.ColDirection)
	if row := ansi.Strip(m.View()[1]); strings.Contains(row, "host-") {
		t.Errorf("names where nothing is known: %q", row)
	}
	if m.SetAround(tens) != nil {
		t.Error("an order that no direction is in is made anew")
	}
	if row := ansi.Strip(m.View()[1]); !strings.Contains(row, "host-10.0.0.0") || !strings.Contains(row, " in ") {
		t.Errorf("the row is %q", row)
	}
	if text, _ := m.RowText(); !strings.HasSuffix(text, "\thost-10.0.0.0\tin") {
		t.Errorf("the row is copied as %q", text)
	}
	m.SetColumn(flow.ColSrcName)
	before := m.Keys()
	m.SetAround(nil)
	if _, ok := m.Do(Sort); !ok || m.TakeOutcome() != NoNames || !slices.Equal(m.Keys(), before) {
		t.Errorf("sorted by names that nobody knows: %v", m.Keys())
	}
	m.SetAround(tens)
	byName, _ := m.Do(Sort)
	drive(m, byName)
	names := make([]string, 20)
	for place := range names {
		names[place] = string(m.view.AppendCell(nil, flow.ColSrcName, m.row(place)))
	}
	if !slices.IsSorted(names) || m.SortText() != "src_name↑" || !m.OrderedByScreen() {
		t.Errorf("by name (%s): %v", m.SortText(), names)
	}
	m.SetColumn(flow.ColDirection)
	cmd, _ := m.Do(Sort)
	drive(m, cmd)
	var got []string
	for place := range 20 {
		got = append(got, string(m.view.AppendCell(nil, flow.ColDirection, m.row(place))))
	}
	if want := append([]string{"in", "in"}, slices.Repeat([]string{"inside"}, 18)...); !slices.Equal(got, want) {
		t.Errorf("by direction: %v", got)
	}
	if asked := m.Asked(); !slices.Equal(asked, newest) || !m.OrderedByScreen() {
		t.Errorf("a server is asked by %v", asked)
	}
	m.Again()
	drive(m, m.Rows(fill(flow.NewTable(), 0, 20), true))
	if m.view.Direction(m.row(1)) != flow.DirectionIn || m.SortText() != "direction↑" {
		t.Errorf("after another run the order is %s", m.SortText())
	}
	drive(m, m.SetAround(&flow.Around{Inside: func(a flow.Addr, version uint8) bool { return !tens.Inside(a, version) }}))
	if got := m.view.Direction(m.row(0)); got != flow.DirectionOut {
		t.Errorf("with other networks the first row is %v", got)
	}
	m.SetAround(nil)
	if _, ok := m.Do(Sort); !ok || m.TakeOutcome() != NoDirections {
		t.Error("sorted by directions that nobody knows")
	}
	m.SetColumns([]flow.Column{flow.ColStart, flow.ColDstName})
	m.View()
	if got := m.Addresses(); !m.ShowsNames() || !slices.Equal(got, []netip.Addr{netip.MustParseAddr("192.0.2.1")}) {
		t.Errorf("names of %v are wanted", got)
	}
}
