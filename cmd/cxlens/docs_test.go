package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cxlens/internal/config"
	"cxlens/internal/embedded"
	"cxlens/internal/node/sources"
	"cxlens/query"
	"cxlens/testdata"
)

// pages are the pages of the documentation by their name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages (%v)", err)
	}
	out := map[string]string{}
	for _, f := range append(files, filepath.Join("..", "..", "README.md"), filepath.Join("..", "..", "CONTRIBUTING.md")) {
		out[filepath.Base(f)] = read(t, f)
	}
	return out
}

// question is a row of the table of questions in docs/query.md.
type question struct {
	query string
	flows int
}

func questions(t *testing.T, page string) []question {
	t.Helper()
	_, table, ok := strings.Cut(page, "| question | query | flows |\n|---|---|---|\n")
	if !ok {
		t.Fatal("docs/query.md has no table of questions")
	}
	var out []question
	for row := range strings.Lines(table) {
		cells := strings.Split(row, " | ")
		if len(cells) != 3 {
			break
		}
		n, err := strconv.Atoi(strings.ReplaceAll(strings.Trim(cells[2], " |\n"), ",", ""))
		if err != nil {
			t.Fatalf("%s: %v", row, err)
		}
		out = append(out, question{strings.Trim(cells[1], "`"), n})
	}
	return out
}

// TestQuestionsOfTheQueryPage runs every query of the table on the bundled sample: by the server, and by the
// filter that refines rows.
func TestQuestionsOfTheQueryPage(t *testing.T) {
	t.Parallel()
	e, err := embedded.Start(t.Context(), embedded.Options{
		Sources: []sources.Source{sources.PcapBytes(testdata.SampleName, testdata.Sample)}, NodeName: "lab", Netgroup: "local",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	<-e.Read
	all := e.Client.Submit(query.Request{Query: "any", Kind: query.KindFlows})
	if err := all.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	env := query.Env{Now: time.Now(), Names: (&config.Config{}).Named()}
	asked := questions(t, pages(t)["query.md"])
	if len(asked) < 20 {
		t.Errorf("%d questions, want 20 or more", len(asked))
	}
	for _, c := range asked {
		q, err := query.Parse(c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		sent, err := query.Expand(q, env)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		r := e.Client.Submit(query.Request{Query: sent.String(), Kind: query.KindFlows})
		if err := r.Wait(t.Context()); err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		f, err := q.Filter(env)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.Select(t.Context(), all.View(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := r.View().Len(); n != c.flows || len(rows) != n {
			t.Errorf("%s: the server finds %d flows, the filter %d, the page has %d", c.query, n, len(rows), c.flows)
		}
	}
}

// commandLine is a call of the program that stands on a page.
var (
	inCode = regexp.MustCompile("`(cxlens [^`\n]+)`")
	// Lines of a shell: those of sh blocks begin with the program's name as well.
	inBlock   = regexp.MustCompile(`(?m)^(?:    \$ |\$ |bin/)(cxlens .+)$`)
	shBlock   = regexp.MustCompile("(?s)```sh\n.*?```")
	bareCall  = regexp.MustCompile(`(?m)^(cxlens .+)$`)
	flagAlone = regexp.MustCompile("`(--[a-z-]+)[^`]*`")
	makeCall  = regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)")
)

// TestDocumentedCommands: every command and flag that a page names is one of the program.
func TestDocumentedCommands(t *testing.T) {
	makefile := read(t, filepath.Join("..", "..", "Makefile"))
	calls := 0
	for name, page := range pages(t) {
		found := slices.Concat(inCode.FindAllStringSubmatch(page, -1), inBlock.FindAllStringSubmatch(page, -1))
		for _, block := range shBlock.FindAllString(page, -1) {
			found = append(found, bareCall.FindAllStringSubmatch(block, -1)...)
		}
		for _, m := range found {
			calls++
			if why := misspelt(m[1]); why != "" && !strings.Contains(page, "cxlens: "+why+"\n") { // some show an error
				t.Errorf("%s: %s: %s", name, m[1], why)
			}
		}
		for _, m := range flagAlone.FindAllStringSubmatch(page, -1) {
			if !anyHas(newRoot(), m[1][2:]) {
				t.Errorf("%s: no command has the flag %s", name, m[1])
			}
		}
		for _, m := range makeCall.FindAllStringSubmatch(page, -1) {
			if !strings.Contains(makefile, "\n"+m[1]+":") {
				t.Errorf("%s: the makefile has no target %s", name, m[1])
			}
		}
	}
	if calls < 20 {
		t.Errorf("%d calls of the program were found", calls)
	}
	for _, line := range []string{"cxlens opne x", "cxlens query --opne x any", "cxlens profile rnu x", "cxlens query --open a 'dst prot 5'"} {
		if misspelt(line) == "" {
			t.Errorf("%s passes", line)
		}
	}
}

// misspelt says what of a command line the program does not have, "" for nothing.
func misspelt(line string) string {
	line, _, _ = strings.Cut(line, " #")
	args := words(line)[1:]
	cmd := newRoot()
	cmd.InitDefaultHelpCmd()
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	cmd.InitDefaultCompletionCmd(args...)
	var rest []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		flag, isFlag := strings.CutPrefix(a, "--")
		if isFlag {
			name, _, valued := strings.Cut(flag, "=")
			f := lookup(cmd, name)
			if f == nil && name != "help" {
				return cmd.Name() + " has no flag --" + name
			}
			if f != nil && !valued && f.NoOptDefVal == "" {
				i++
			}
			continue
		}
		sub := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == a })
		switch {
		case sub >= 0:
			cmd = cmd.Commands()[sub]
		case cmd.HasSubCommands() && a != "man" && !strings.ContainsAny(a, "|…"):
			return cmd.Name() + " has no command " + a
		default:
			rest = append(rest, a)
		}
	}
	if cmd.Name() == "query" && len(rest) > 0 && strings.Contains(line, "'") {
		if _, err := query.Parse(rest[len(rest)-1]); err != nil {
			return err.Error()
		}
	}
	return ""
}

func lookup(cmd *cobra.Command, name string) *pflag.Flag {
	for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags(), cmd.InheritedFlags()} {
		if f := set.Lookup(name); f != nil {
			return f
		}
	}
	return nil
}

// anyHas tells whether a command or one below it has a flag.
func anyHas(cmd *cobra.Command, name string) bool {
	return lookup(cmd, name) != nil || slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return anyHas(c, name) })
}
