// Package nodetest is what the tests of node's packages share: where the real
// captures are, and captures and frames built by hand. Only tests import it. It
// may import the standard library alone, so that every test can use it.
package nodetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Data returns the path of a file or folder of the real captures, and skips the
// test when there are none. They lie beside the repository, or where CXLENS_SHARED says.
func Data(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("CXLENS_SHARED")
	if root == "" {
		root = filepath.Join(repository(t), "..", "shared")
	}
	p := filepath.Join(append([]string{root, "data"}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("the real captures are not here (set CXLENS_SHARED): %v", err)
	}
	return p
}

// repository walks up to the folder of go.mod.
func repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skip("no go.mod above the test: the repository's root is not known")
		}
		dir = up
	}
}
