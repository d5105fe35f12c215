package table

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

func TestFitPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pieces []Piece
		for _, text := range rapid.SliceOfN(rapid.StringMatching(`[a-z日]{1,12}`), 0, 4).Draw(t, "pieces") {
			pieces = append(pieces, Piece{Text: text})
		}
		w := rapid.IntRange(0, 40).Draw(t, "width")
		got := fitPieces(pieces, w)
		used, whole := 0, 0
		for i, p := range got {
			used += 1 + look.Width(p.Text)
			if p.Text == pieces[i].Text {
				whole++
			} else if i != len(got)-1 || !strings.HasSuffix(p.Text, "…") {
				t.Fatalf("%v of %v", got, pieces)
			}
		}
		if used > max(w, 0) {
			t.Fatalf("%v takes %d of %d columns", got, used, w)
		}
		if whole < len(pieces) && used+1+look.Width(pieces[whole].Text) <= w {
			t.Fatalf("%v leaves out what has room in %d: %v", got, w, pieces)
		}
	})
}

// TestLabelsLeaveAddressesWhole: what stands beside addresses takes nothing from them, nor from the width.
func TestLabelsLeaveAddressesWhole(t *testing.T) {
	for _, width := range []int{38, 60, 80, 120, 200} {
		m, _ := newModel(30)
		m.SetSize(width, 11)
		plainLines := m.View()
		m.SetLabels(func(a netip.Addr) []Piece {
			return []Piece{{"network-of-" + a.String(), themes.NetOwn}, {"DE", themes.HostName}, {strings.Repeat("host.", 20), themes.HostName}}
		})
		for i, line := range m.View() {
			if w := look.Width(line); w != look.Width(plainLines[i]) || w > width {
				t.Errorf("line %d is %d wide in %d", i, w, width)
			}
			if i == 0 {
				continue
			}
			r := record(i - 1)
			for _, addr := range []string{r.Src.Text(4), r.Dst.Text(4)} {
				if strings.Contains(ansi.Strip(plainLines[i]), addr) && !strings.Contains(ansi.Strip(line), addr) {
					t.Errorf("width %d: %s is gone: %q", width, addr, ansi.Strip(line))
				}
			}
		}
		if width == 200 && !m.Labelled() {
			t.Error("no label has room in 200 columns")
		}
	}
}

func TestAddresses(t *testing.T) {
	m, _ := newModel(300)
	m.SetSize(120, 6)
	m.View()
	got := m.Addresses()
	want := map[string]bool{"192.0.2.1": true}
	for i := range 5 {
		r := record(i)
		want[r.Src.Text(4)] = true
	}
	if len(got) != len(want) {
		t.Errorf("%d addresses: %v", len(got), got)
	}
	for _, a := range got {
		if !want[a.String()] {
			t.Errorf("%s is not on the screen", a)
		}
	}
	m.SetColumns([]flow.Column{flow.ColStart, flow.ColDstIP})
	m.View()
	if got := m.Addresses(); len(got) != 1 || got[0].String() != "192.0.2.1" {
		t.Errorf("with the destination alone: %v", got)
	}
}

func BenchmarkLabels(b *testing.B) {
	m, _ := newModel(300)
	m.SetSize(200, 61)
	m.SetLabels(func(netip.Addr) []Piece { return []Piece{{"internal", themes.NetOwn}} })
	for b.Loop() {
		m.Relabel()
		m.View()
	}
}
