package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/internal/node"
	"cxlens/query"
)

// The exit codes that scripts rely on (design.md, "What a person types").
const (
	exitFine        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitAuth        = 3
	exitRefused     = 4
	exitInterrupted = 130
)

// usageError is a command line that cannot be carried out as it stands.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exactlyOne and atLeastOne are cobra's ExactArgs(1) and MinimumNArgs(1) that say what is missing.
func exactlyOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return usagef("%s takes one %s, not %d", cmd.CommandPath(), what, len(args))
	}
}

func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return usagef("%s takes at least one %s", cmd.CommandPath(), what)
	}
}

// exitCode maps what a command came to.
func exitCode(ctx context.Context, err error) int {
	var (
		usage   usageError
		parse   *query.Error
		refused *query.RequestError
	)
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, client.ErrAuth), errors.Is(err, node.ErrAuth):
		return exitAuth
	case errors.As(err, &parse), errors.As(err, &refused):
		return exitRefused
	case errors.As(err, &usage), isCobraUsage(err):
		return exitUsage
	case ctx.Err() != nil:
		return exitInterrupted
	}
	return exitFailed
}

// isCobraUsage tells whether cobra itself refused the command line: it has no type for that.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs", "invalid argument", "accepts ", "requires at least", "required flag"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// printError writes an error as one line; a query's error is shown at its place.
func printError(w io.Writer, err error) {
	if errors.Is(err, context.Canceled) || errors.Is(err, syscall.EPIPE) || errors.Is(err, errNoticed) {
		return
	}
	var at placedError
	if errors.As(err, &at) {
		fmt.Fprintf(w, "cxlens: %s\n%s", oneLine(err), at.marked())
		return
	}
	fmt.Fprintf(w, "cxlens: %s\n", oneLine(err))
}

// placedError is an error of a query text with the place where it stands.
type placedError struct {
	err            error
	text           string
	offset, length int
}

// placed adds the text to an error of a query that knows its place in it.
func placed(err error, text string) error {
	var parse *query.Error
	var refused *query.RequestError
	switch {
	case errors.As(err, &parse):
		return placedError{err, text, parse.Offset, parse.Length}
	case errors.As(err, &refused) && refused.Offset >= 0 && refused.Offset <= len(text):
		return placedError{err, text, refused.Offset, 1}
	}
	return err
}

func (e placedError) Error() string { return e.err.Error() }
func (e placedError) Unwrap() error { return e.err }

// marked is the line of the text that the error is about, with marks below its place.
func (e placedError) marked() string {
	begin := strings.LastIndexByte(e.text[:e.offset], '\n') + 1
	line, _, _ := strings.Cut(e.text[begin:], "\n")
	end := min(e.offset+max(e.length, 1), begin+len(line))
	column := ansi.StringWidth(flow.Clean(e.text[begin:e.offset]))
	width := 1
	if end > e.offset {
		width = max(1, ansi.StringWidth(flow.Clean(e.text[e.offset:end])))
	}
	return fmt.Sprintf("  %s\n  %s%s\n", flow.Clean(line), strings.Repeat(" ", column), strings.Repeat("^", width))
}

// oneLine joins the lines that errors.Join makes.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
