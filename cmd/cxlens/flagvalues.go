package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cxlens/internal/server/accounts"
	"cxlens/query"
	"cxlens/tui/span"
)

// rowLimit is a --limit: rows at most, 0 for none. It is written as after "limit" in the query line.
type rowLimit int64

// Set reads 500, 100k, 2M, none or 0.
func (l *rowLimit) Set(s string) error {
	n, err := span.ParseLimit(s)
	if err != nil {
		return errors.New("expected a number of rows such as 500, 100k or 2M, or none")
	}
	*l = rowLimit(max(0, n))
	return nil
}

// String returns the limit as Set reads it.
func (l *rowLimit) String() string { return span.LimitText(int64(*l)) }

// Type names the value in the help.
func (l *rowLimit) Type() string { return "rows" }

// accessLevel is a --level of a client's account.
type accessLevel int

// Set reads a level.
func (l *accessLevel) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > accounts.MaxLevel {
		return fmt.Errorf("expected a whole number from 0 to %d", accounts.MaxLevel)
	}
	*l = accessLevel(n)
	return nil
}

// String returns the level as Set reads it.
func (l *accessLevel) String() string { return strconv.Itoa(int(*l)) }

// Type names the value in the help.
func (l *accessLevel) Type() string { return "level" }

// flagError says of a flag's value that cannot be read what is allowed, in one line.
func flagError(_ *cobra.Command, err error) error {
	bad, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return usageError{err}
	}
	why := bad.Unwrap()
	switch bad.GetFlag().Value.Type() {
	case "bool":
		why = errors.New("expected true or false")
	case "stringSlice":
		why = errors.New("expected names with commas between them")
	}
	return usagef("--%s %.64q: %w", bad.GetFlag().Name, bad.GetValue(), why)
}

// timeOf reads the time of a flag, the zero time for none.
func timeOf(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := query.ParseTime(text, now, time.UTC)
	if err != nil {
		return t, fmt.Errorf("--%s: %w; expected a time such as 2026-11-22, 2026-11-22T08:00:00Z or now-2h", flag, err)
	}
	return t, nil
}
