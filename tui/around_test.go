package tui

import (
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/lookup"
)

// TestColumnsOfTheScreen: names and directions are shown and sorted by, say why they cannot be counted, grouped by
// or asked for, and a query asks the server without them.
func TestColumnsOfTheScreen(t *testing.T) {
	nets, err := lookup.NewNetworks([]string{"internal", "web"}, map[string]string{"internal": "[10.0.0.0/8]", "web": "[192.0.2.0/24]"})
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, 140, 30, newSource(), func(o *Options) { o.Lookup = lookup.Settings{Networks: nets} })
	s.m.table.SetColumns([]flow.Column{flow.ColStart, flow.ColSrcIP, flow.ColDstName, flow.ColDirection})
	if text := s.text(); !strings.Contains(text, " web ") || !strings.Contains(text, " out") {
		t.Errorf("the columns are\n%s", text)
	}
	for key, want := range map[string]string{
		"s": "sort dst_name↑", "t": "dst_name is of the screen, no server knows it and it cannot be counted",
		"+": "cannot be asked for; src_ip and dst_ip can be",
	} {
		s.m.table.SetColumn(flow.ColDstName)
		s.keys(key)
		s.settle()
		if text := s.text(); !strings.Contains(text, want) {
			t.Errorf("%s says\n%s", key, text)
		}
	}
	s.m.table.SetColumn(flow.ColDirection)
	s.keys("+")
	if text := s.text(); !strings.Contains(text, "src net $internal and dst net $internal say it in a query") {
		t.Errorf("a direction is asked for:\n%s", text)
	}
	s.keys("s")
	s.settle()
	if text := s.text(); !strings.Contains(text, "sort direction↑") {
		t.Errorf("by direction:\n%s", text)
	}
	s.keys("r")
	s.settle()
	if order := s.src.last().req.Order; len(order) != 1 || order[0] != "-start" {
		t.Errorf("the server is asked for the order %v", order)
	}
	if text := s.text(); !strings.Contains(text, "sort direction↑") {
		t.Errorf("after another run:\n%s", text)
	}
	s.send(NamesChanged{Names: map[string]string{}, Lookup: lookup.Settings{}})
	s.m.table.SetColumn(flow.ColDstName)
	s.keys("s")
	if text := s.text(); !strings.Contains(text, "nothing is known of any address") {
		t.Errorf("by names where there are none:\n%s", text)
	}
	s.m.table.ShowColumn(flow.ColSrcName)
	s.keys("down")
	if text := s.text(); !strings.Contains(text, noDirections) || strings.Contains(text, " out ") {
		t.Errorf("without the network:\n%s", text)
	}
}
