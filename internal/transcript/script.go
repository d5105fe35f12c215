package transcript

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Script is a conversation between two or more sides.
type Script struct {
	name  string
	steps []step
}

// step is one line of a side, or a hook.
type step struct {
	line   int    // in the script, from 1
	side   string // a capital letter
	text   string // with placeholders, escapes resolved
	json   bool   // compared as JSON
	open   bool   // without LF
	closes bool
	hook   string
}

// closeMark is the text of a step that closes the connection.
const closeMark = "{{close}}"

// Parse reads a script; name stands in errors.
func Parse(name string, r io.Reader) (*Script, error) {
	s := &Script{name: name}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == "" || text[0] == '#' {
			continue
		}
		st, err := parseStep(text)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		st.line = n
		s.steps = append(s.steps, st)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func parseStep(text string) (step, error) {
	if name, ok := strings.CutPrefix(text, "! "); ok {
		return step{hook: name}, nil
	}
	if len(text) < 2 || text[0] < 'A' || text[0] > 'Z' || text[1] != ':' && text[1] != '=' {
		return step{}, fmt.Errorf("want a side and a colon, like \"C: text\"; got %q", text)
	}
	st := step{side: text[:1], json: text[1] == '='}
	text = strings.TrimPrefix(text[2:], " ")
	if text == closeMark {
		st.closes = true
		return st, nil
	}
	if st.json {
		st.text = text
		return st, nil
	}
	text, st.open = strings.CutSuffix(text, `\c`)
	var err error
	st.text, err = unescape(text)
	return st, err
}

// unescape resolves the escapes of a text line.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", fmt.Errorf("a lone backslash at the end")
		}
		switch s[i] {
		case 'r':
			b.WriteByte('\r')
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '0':
			b.WriteByte(0)
		case '\\':
			b.WriteByte('\\')
		case 'x':
			if i+2 >= len(s) {
				return "", fmt.Errorf(`want two digits after \x`)
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return "", fmt.Errorf(`want two digits after \x, got %q`, s[i+1:i+3])
			}
			b.WriteByte(byte(n))
			i += 2
		default:
			return "", fmt.Errorf(`no escape \%c`, s[i])
		}
	}
	return b.String(), nil
}

// Load reads the script in the file path.
func Load(path string) (*Script, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Parse(path, f)
}
