package nearest

import (
	"slices"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"prot", "port", 1}, {"prot", "proto", 1}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"same", "same", 0}, {"ab", "ba", 1}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%s, %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	words := []string{"port", "proto", "packets", "bytes"}
	for found, want := range map[string][]string{
		"prot":  {"proto", "port"},
		"BYTS":  {"bytes"},
		"pack":  {"packets"},
		"zebra": nil,
		"p":     nil,
	} {
		if got := Words(found, words); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", found, got, want)
		}
	}
}
