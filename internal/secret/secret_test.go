package secret

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadFile(t *testing.T) {
	tests := []struct {
		name, content string
		mode          os.FileMode
		want, wantErr string
	}{
		{"line", "hunter2\n", 0o600, "hunter2", ""},
		{"no line end", "hunter2", 0o400, "hunter2", ""},
		{"carriage return", "hunter2\r\n", 0o600, "hunter2", ""},
		{"blanks belong to it", " a b \n", 0o600, " a b ", ""},
		{"blank lines after it", "hunter2\n\n", 0o600, "hunter2", ""},
		{"longest", strings.Repeat("x", MaxLen) + "\r\n", 0o600, strings.Repeat("x", MaxLen), ""},
		{"group can read", "hunter2\n", 0o640, "", "chmod 600"},
		{"others can write", "hunter2\n", 0o602, "", "chmod 600"},
		{"empty", "", 0o600, "", "is empty"},
		{"empty line", "\n", 0o600, "", "is empty"},
		{"two lines", "hunter2\nhunter3\n", 0o600, "", "more than one line"},
		{"too long", strings.Repeat("x", MaxLen+1), 0o600, "", "longer than"},
		{"NUL", "hunt\x00er\n", 0o600, "", "control characters"},
		{"not UTF-8", "hunt\xff\n", 0o600, "", "not valid UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.content, tt.mode)
			got, err := ReadFile(path)
			if tt.wantErr == "" {
				if err != nil || got != tt.want {
					t.Fatalf("got %q, %v; want %q", got, err, tt.want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.wantErr) || !strings.Contains(err.Error(), path) {
				t.Fatalf("error %v; want one with %q and the path", err, tt.wantErr)
			}
			if strings.Contains(err.Error(), "hunt") {
				t.Fatalf("the error shows the secret: %v", err)
			}
		})
	}
}

func TestReadFileNeedsRegularFile(t *testing.T) {
	if _, err := ReadFile(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder gave %v", err)
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gave %v", err)
	}
}

func TestGenerate(t *testing.T) {
	a, b := Generate(), Generate()
	if a == b || len(a) < 26 || Check(a) != nil {
		t.Errorf("generated %q and %q", a, b)
	}
}
