package profile

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// maxName is the longest name in bytes.
	maxName = 64
	ext     = ".toml"
)

// notNames are the names that Windows keeps for devices.
var notNames = []string{
	"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// CheckName checks a profile's name, which is also its file's: lower-case letters, digits, "-", "_"
// and ".", with a letter or digit at both ends. Such a name cannot leave its folder, hide, or be the
// same as another one on a file system that ignores case.
func CheckName(name string) error {
	end := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
	switch {
	case name == "":
		return fmt.Errorf("a profile needs a name")
	case len(name) > maxName:
		return fmt.Errorf("the profile name %.20q... is longer than %d bytes", name, maxName)
	case strings.ContainsFunc(name, notInName):
		return fmt.Errorf("the profile name %q: letters a-z, digits, -, _ and . only", name)
	case !end(name[0]) || !end(name[len(name)-1]):
		return fmt.Errorf("the profile name %q begins or ends with neither a letter nor a digit", name)
	}
	if stem, _, _ := strings.Cut(name, "."); slices.Contains(notNames, stem) {
		return fmt.Errorf("the profile name %q is a device's on Windows", name)
	}
	return nil
}

func notInName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
}
