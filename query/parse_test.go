package query

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var ignorePlaces = cmpopts.IgnoreTypes(Place{})

func TestPrintedTreeReadsBackEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := genTree(t, 4, true)
		text := Text(tree)
		q, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(tree, q.Root(), ignorePlaces); diff != "" {
			t.Fatalf("%s reads back as another tree:\n%s", text, diff)
		}
		if q.String() != text {
			t.Fatalf("canonical text changes from\n%s to\n%s", text, q)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, tt := range canonTests {
		f.Add(tt.text)
	}
	for _, tt := range errorTests {
		f.Add(tt.text)
	}
	f.Add(strings.Repeat("(", 300))
	f.Add(strings.Repeat("!", 300) + "any")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text)
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(text) || e.Line < 1 || e.Column < 1 || e.Message == "" || strings.ContainsAny(e.Error(), "\n\r\x1b") {
				t.Fatalf("%q: bad error %#v", text, err)
			}
			return
		}
		again, err := Parse(q.String())
		if err != nil {
			t.Fatalf("%q prints as %q, which cannot be read: %v", text, q, err)
		}
		if diff := cmp.Diff(q.Root(), again.Root(), ignorePlaces); diff != "" {
			t.Fatalf("%q prints as %q, which is another tree:\n%s", text, q, diff)
		}
	})
}
