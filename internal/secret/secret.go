// Package secret reads and makes the secrets of agents and clients (protocol.md
// section 1).
//
// It imports the standard library only. Its one surprising thing: a secret file
// that anyone but its owner can read is refused, because such a secret is one no more.
package secret

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode"
	"unicode/utf8"
)

// MaxLen is the longest secret in bytes.
const MaxLen = 1024

// ErrEmpty is an empty secret.
var ErrEmpty = errors.New("the secret is empty")

// ReadFile reads the one line of a secret file; blanks around it belong to it, the line end
// does not. It refuses a file that others than its owner can read or write, a file with more than
// one line and a secret that Check refuses. Errors name the file and never its content.
func ReadFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the secret file: %w", err)
	}
	defer f.Close()
	// The opened file is asked, not the path: the name may be given to another file meanwhile.
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("read the secret file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("secret file %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return "", fmt.Errorf("secret file %s can be read by others (mode %04o); run: chmod 600 %s", path, mode, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxLen+3))
	if err != nil {
		return "", fmt.Errorf("read the secret file: %w", err)
	}
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	if len(bytes.TrimSpace(rest)) > 0 {
		return "", fmt.Errorf("secret file %s has more than one line; it holds the secret on one line", path)
	}
	s := string(bytes.TrimSuffix(line, []byte("\r")))
	if err := Check(s); err != nil {
		return "", fmt.Errorf("secret file %s: %w", path, err)
	}
	return s, nil
}

// Check refuses a secret that is empty, longer than MaxLen bytes, not UTF-8, or has control characters.
func Check(s string) error {
	switch {
	case s == "":
		return ErrEmpty
	case len(s) > MaxLen:
		return fmt.Errorf("the secret is longer than %d bytes", MaxLen)
	case !utf8.ValidString(s):
		return errors.New("the secret is not valid UTF-8")
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return errors.New("the secret has control characters")
		}
	}
	return nil
}

// Generate returns a new secret of at least 128 random bits, in letters and digits.
func Generate() string { return rand.Text() }
