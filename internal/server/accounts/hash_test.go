package accounts

import (
	"strings"
	"testing"
)

func TestHashRoundTrip(t *testing.T) {
	h := newHash("s", cheap)
	got, err := parseHash(h.String())
	if err != nil || !got.matches("s") || got.matches("S") || got.Params != cheap {
		t.Errorf("%s: %v", h, err)
	}
	if newHash("s", cheap).String() == h.String() {
		t.Error("two hashes of one secret are equal")
	}
}

func TestParseHashRefuses(t *testing.T) {
	good := newHash("s", cheap).String()
	for _, tt := range []struct{ old, new string }{
		{"$argon2id", "$argon2d"},
		{"v=19", "v=16"},
		{"m=64", "m=4294967295"},
		{"m=64", "m=7"},
		{"m=64", "m=064"},
		{"m=64", "m=-64"},
		{"t=1", "t=0"},
		{"t=1", "t=17"},
		{"p=1", "p=0"},
		{"p=1", "p=1,x=1"},
		{good, ""},
		{good, good + "$"},
		{good, good + "="},
		{good, good[:len(good)-30]},
		{good, strings.Repeat("$", 100)},
	} {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if _, err := parseHash(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(newHash("s", cheap).String())
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$MDEyMzQ1Njc4OWFiY2RlZg")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parseHash(s)
		if err != nil {
			return
		}
		if h.String() != s || h.MemoryKiB > maxMemoryKiB || h.Passes > maxPasses {
			t.Errorf("%q was taken as %s", s, h)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	h := newHash("s", DefaultParams)
	for b.Loop() {
		h.matches("s")
	}
}
