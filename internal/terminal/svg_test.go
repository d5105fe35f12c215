package terminal

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sampler is a screen with every kind of thing that a picture has.
const sampler = "\x1b]0;picture <&>\a\x1b[1mbold\x1b[m \x1b[3mitalic\x1b[m \x1b[4munder line\x1b[m \x1b[4:3mcurl\x1b[m " +
	"\x1b[4:2;58;5;1mtwo\x1b[m \x1b[4:4mdots\x1b[m \x1b[4:5mdash\x1b[m\r\n" +
	"\x1b[9mstrike\x1b[m \x1b[7mreverse\x1b[m \x1b[2mfaint\x1b[m \x1b[8mhidden\x1b[m \x1b[38;2;255;100;0;48;5;24mtrue\x1b[m <&\"> 漢字 e\u0301 ● ❯\r\n" +
	"╭──┬──╮ ┏━┳━┓ ╔═╗ ▁▂▃▄▅▆▇█ ▉▊▋▌▍▎▏ ▀▐▔▕ ░▒▓\r\n│  │  │ ┣━╋━┫ ▖▗▘▙▚▛▜▝▞▟ ⠁⡇⣿ ╴╵╶╷ ╸╹╺╻\r\n╰──┴──╯ ┗━┻━┛\r\n\x1b[48;5;24m back \x1b[K\x1b[m\r\n❯ q"

// TestSVGGolden holds the picture against the one in testdata, which was
// looked at. CXLENS_UPDATE=1 writes it anew.
func TestSVGGolden(t *testing.T) {
	e, _ := newTest(60, 8)
	e.write([]byte(sampler))
	got := e.screen().SVG(SVGOptions{})
	const path = "testdata/sampler.svg"
	if os.Getenv("CXLENS_UPDATE") != "" {
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if got != string(want) {
		t.Errorf("the picture differs from %s; look at the new one, written with CXLENS_UPDATE=1", path)
	}
}

// TestSVGIsInside checks that the picture is XML and that no rectangle and no
// piece of text leaves its grid.
func TestSVGIsInside(t *testing.T) {
	for name, o := range map[string]SVGOptions{"window": {}, "bare": {Bare: true, NoCursor: true}, "titled": {Title: "a < b & c"}} {
		e, _ := newTest(60, 8)
		e.write([]byte(sampler))
		doc := e.screen().SVG(o)
		checkXML(t, doc)
		inner := doc[strings.Index(doc, `<g transform`):]
		checkRects(t, name, inner)
		if o.Title != "" && !strings.Contains(doc, "a\u00a0&lt;\u00a0b\u00a0&amp;\u00a0c") {
			t.Errorf("%s: the title is missing", name)
		}
	}
}

func checkRects(t *testing.T, name, doc string) {
	t.Helper()
	number := func(el xml.StartElement, attr string) int {
		for _, a := range el.Attr {
			if a.Name.Local == attr {
				n, err := strconv.ParseFloat(a.Value, 64)
				must(t, err)
				return int(n)
			}
		}
		return 0
	}
	d := xml.NewDecoder(strings.NewReader(doc))
	d.Strict = false
	n := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) || n > 0 && err != nil {
			break
		}
		el, ok := tok.(xml.StartElement)
		if !ok || el.Name.Local != "rect" && el.Name.Local != "text" {
			continue
		}
		n++
		right := number(el, "x") + number(el, "width") + number(el, "textLength")
		bottom := number(el, "y") + number(el, "height")
		if right > 60*cellWidth || bottom > 8*cellHeight {
			t.Errorf("%s: %v reaches to %d,%d", name, el, right, bottom)
		}
	}
	if n < 50 {
		t.Errorf("%s: only %d pieces", name, n)
	}
}

func TestSVGText(t *testing.T) {
	e, _ := newTest(40, 3)
	e.write([]byte("one  two \x1b[1mbold\x1b[m\x1b[?25l\r\n漢 \x1b[7m \x1b[m"))
	doc := e.screen().SVG(SVGOptions{})
	var got []string
	for _, m := range regexp.MustCompile(`<text x="([\d.]+)" [^>]*>([^<]*)</text>`).FindAllStringSubmatch(doc, -1) {
		got = append(got, m[1]+" "+m[2])
	}
	want := []string{"0 one", "45 two", "81 bold", "9.5 漢"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("pieces of text are %q, want %q", got, want)
	}
	if want := `<rect x="27" y="20" width="9" height="20" fill="#d8dee9"`; !strings.Contains(doc, want) {
		t.Errorf("the reversed blank is missing: %s", want)
	}
}

func TestSVGCursor(t *testing.T) {
	for style, want := range map[string]string{
		"2": `<rect x="9" y="0" width="9" height="20" fill="#d8dee9" shape-rendering="crispEdges"/>` + "\n" +
			`<text x="13.5" y="15" fill="#14171c" text-anchor="middle">b</text>`,
		"4": `<rect x="9" y="18" width="9" height="2" fill="#d8dee9"`,
		"6": `<rect x="9" y="0" width="2" height="20" fill="#d8dee9"`,
	} {
		e, _ := newTest(10, 2)
		e.write([]byte("ab\x1b[2G\x1b[" + style + " q"))
		if doc := e.screen().SVG(SVGOptions{}); !strings.Contains(doc, want) {
			t.Errorf("cursor style %s: no %s in\n%s", style, want, doc)
		}
		if doc := e.screen().SVG(SVGOptions{NoCursor: true}); strings.Contains(doc, want) {
			t.Errorf("cursor style %s is drawn in spite of NoCursor", style)
		}
	}
}
