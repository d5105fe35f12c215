package smallfile

import "testing"

func TestKeyLine(t *testing.T) {
	text := []byte("a = 1\n# b = 2\n[styles]\n\"proto.tcp\" = { fg = 1 }\nkey={fg=2}\n[[list]]\nname = 3\n[servers . \"one\"]\naddress = 4\n")
	for _, c := range []struct {
		line int
		key  []string
	}{
		{1, []string{"a"}},
		{0, []string{"b"}},
		{3, []string{"styles"}},
		{4, []string{"styles", "proto.tcp"}},
		{4, []string{"styles", "proto.tcp", "fg"}}, // within the line
		{5, []string{"styles", "key", "fg"}},
		{7, []string{"list", "name"}},
		{8, []string{"servers", "one"}},
		{9, []string{"servers", "one", "address"}},
	} {
		if got := KeyLine(text, c.key...); got != c.line {
			t.Errorf("%v is on line %d, want %d", c.key, got, c.line)
		}
	}
}
