// Command screens makes the pictures in docs/ from the real program in a real
// pseudo-terminal; `make screens` runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cxlens/internal/terminal"
)

// picture is one file to make: what to do on the screen before it is drawn.
type picture struct {
	file       string
	cols, rows int
	scheme     terminal.Scheme
	steps      []step
}

// step presses keys, then waits for texts to be on the screen at once.
type step struct {
	keys, wait []string
}

// all are the sample's flows, which are read while the screen is there already.
const all = "5,192 matched · 5,192 here"

// pictures are drawn from `cxlens demo`.
var pictures = []picture{
	{"screen.svg", 132, 34, terminal.Dark, []step{
		{wait: []string{"flows/s", all}},
		{keys: []string{":"}},
		{keys: []string{"ctrl+u", "dst port [https ssh postgresql] and bytes > 2K", "enter"}, wait: []string{":55:03"}},
		{keys: []string{"down", "down", "down"}, wait: []string{"row 4", "following new flows, 0/s"}},
	}},
	{"screen-light.svg", 100, 24, terminal.Light, []step{{wait: []string{"flows/s", all, "following new flows, 0/s"}}}},
}

func main() {
	program := flag.String("program", "bin/cxlens", "the program")
	out := flag.String("out", "docs", "folder for the pictures")
	flag.Parse()
	for _, p := range pictures {
		if err := draw(*program, *out, p); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", p.file, err)
			os.Exit(1)
		}
	}
}

func draw(program, out string, p picture) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	state, err := os.MkdirTemp("", "cxlens-screens-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(state)
	term, err := terminal.Start(ctx, terminal.Options{
		Cmd: program, Args: []string{"demo"}, Cols: p.cols, Rows: p.rows, Scheme: p.scheme,
		Env: []string{"XDG_CONFIG_HOME=" + state, "XDG_STATE_HOME=" + state},
	})
	if err != nil {
		return err
	}
	defer term.Close()
	for _, s := range p.steps {
		if err := term.Send(s.keys...); err != nil {
			return err
		}
		err := term.WaitFor(ctx, func(sc terminal.Screen) bool {
			return !slices.ContainsFunc(s.wait, func(text string) bool { return !sc.Contains(text) })
		})
		if err != nil {
			return fmt.Errorf("%q: %w", s.wait, err)
		}
	}
	svg := term.Screen().SVG(terminal.SVGOptions{Title: "cxlens demo"})
	return os.WriteFile(filepath.Join(out, p.file), []byte(svg), 0o644)
}
