package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cxlens/client"
	"cxlens/internal/config"
	"cxlens/internal/embedded"
	"cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/internal/node/sources"
	"cxlens/query"
)

// queryFlags are the flags of the commands that print what a query brings.
type queryFlags struct {
	serverFlags
	open       []string
	last, from string
	to         string
	order      []string
	limit      rowLimit
	output     string
	columns    string
	safeCSV    bool
	quiet      bool
}

// job is a query that was checked, and how its answer is printed: what `cxlens query` and
// `cxlens profile run` have in common from then on.
type job struct {
	req     query.Request // its text has no names left, because the server knows none
	cfg     *config.Config
	out     io.Writer
	format  export.Format
	columns []flow.Column
	// saysLimit is true when the limit was not typed: that it cut something off is then said.
	saysLimit bool
}

func newQuery() *cobra.Command {
	var f queryFlags
	cmd := &cobra.Command{
		Use:   "query EXPR",
		Short: "run a query and print its flows",
		Long: `Runs a query on a server, or with --open on files, and prints the flows to
standard output. Progress goes to standard error when that is a terminal.`,
		Example: `  cxlens query --open capture.pcap --output csv any
  cxlens query --server lab:10201 --client me --secret-file s --last 24h 'dst port ssh and state REJ'`,
		Args: atLeastOne("EXPR, such as any or 'dst port 443'"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runQuery(cmd.Context(), f, strings.Join(args, " "), cmd.OutOrStdout())
		},
	}
	f.register(cmd.Flags())
	return cmd
}

func (f *queryFlags) register(set *pflag.FlagSet) {
	f.serverFlags.register(set)
	set.StringArrayVar(&f.open, "open", nil, "file to query instead of a server; may be repeated, - is standard input")
	set.StringVar(&f.last, "last", "", "only flows that started in the last span, as 15m, 24h or 7d")
	set.StringVar(&f.from, "from", "", "only flows that started at or after this time")
	set.StringVar(&f.to, "to", "", "only flows that started before this time")
	set.StringSliceVar(&f.order, "order", nil, "columns to order by, - before a descending one: -src_bytes,start")
	set.Var(&f.limit, "limit", "rows at most, as 500 or 100k, none for no limit")
	set.StringVar(&f.output, "output", "table", "form of the output: table, csv or jsonl")
	set.StringVar(&f.columns, "columns", "", "columns to print, in this order (default: all)")
	set.BoolVar(&f.safeCSV, "safe-csv", false, "with --output csv, for spreadsheets: names that begin like a formula (= + - @) get a leading '")
	set.BoolVar(&f.quiet, "quiet", false, "no progress on standard error")
}

// runQuery checks everything that can be checked here before it reads or asks anything.
func runQuery(ctx context.Context, f queryFlags, expr string, out io.Writer) error {
	q, err := query.Parse(expr)
	if err != nil {
		return placed(err, expr)
	}
	j := job{out: out}
	if j.req, err = f.request(expr); err != nil {
		return usageError{err}
	}
	if err := j.printedAs(f.output, f.columns); err != nil {
		return usageError{err}
	}
	if f.safeCSV {
		if j.format != export.CSV {
			return usagef("--safe-csv is for --output csv, not for %s", j.format)
		}
		j.format = export.SafeCSV
	}
	if j.cfg, err = config.Load(config.Path()); err != nil {
		return err
	}
	written, err := query.Expand(q, query.Env{Names: j.cfg.Named()})
	if err != nil {
		return placed(err, expr)
	}
	if written != q {
		j.req.Query = written.String()
	}
	return f.run(ctx, j)
}

func (j *job) printedAs(output, columns string) (err error) {
	if j.format, err = export.ParseFormat(output); err != nil {
		return err
	}
	j.columns, err = export.Columns(columns)
	return err
}

// run runs a job on the files or the server that the flags name.
func (f queryFlags) run(ctx context.Context, j job) error {
	if len(f.open) > 0 {
		return queryFiles(ctx, f, j)
	}
	return queryServer(ctx, f, j)
}

func (f *queryFlags) request(expr string) (query.Request, error) {
	req := query.Request{Query: expr, Kind: query.KindFlows, Order: f.order, Limit: int64(f.limit)}
	if _, err := query.ParseOrder(f.order); err != nil {
		return req, fmt.Errorf("--order: %w", err)
	}
	if f.last != "" && (f.from != "" || f.to != "") {
		return req, errors.New("--last and --from/--to exclude each other")
	}
	now := time.Now()
	var err error
	var from, to time.Time
	if f.last != "" {
		if from, to, err = query.ParseSpan(f.last, now, time.UTC); err != nil {
			return req, fmt.Errorf("--last: %w", err)
		}
	}
	if f.last == "" {
		if from, err = timeOf("from", f.from, now); err != nil {
			return req, err
		}
		if to, err = timeOf("to", f.to, now); err != nil {
			return req, err
		}
	}
	req.From, req.To = bound(from), bound(to)
	return req, nil
}

// bound is a time as a request carries it, "" for none.
func bound(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// queryFiles reads the files through an embedded server; what was wrong with one is
// printed as it is found and is an error only after the flows that could be read are out.
func queryFiles(ctx context.Context, f queryFlags, j job) error {
	var printing sync.Mutex
	progress := newProgressLine(f.quiet)
	notice := func(line string) {
		printing.Lock()
		defer printing.Unlock()
		progress.clear()
		fmt.Fprintln(os.Stderr, "cxlens:", line)
	}
	srcs, unreadable := sources.Open(f.open, sources.OpenOptions{Stdin: openInput(ctx)})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case len(srcs) == 0:
		return unreadable
	}
	for _, line := range lines(unreadable) {
		notice(line)
	}
	e, err := embedded.Start(ctx, embedded.Options{
		Sources: srcs, NodeName: "files", Netgroup: "local", Notice: notice,
		Reading: func(r embedded.Reading) {
			printing.Lock()
			defer printing.Unlock()
			progress.reading(r)
		},
	})
	if err != nil {
		return err
	}
	select {
	case <-e.Read:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), e.Close())
	}
	err = printResult(ctx, f, e.Client, j)
	if err == nil && (unreadable != nil || e.ReadErr() != nil) {
		err = errNoticed
	}
	return errors.Join(err, e.Close())
}

// lines are the parts of a joined error.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

// errNoticed ends a run whose faults were all printed when they were found.
var errNoticed = errors.New("some input could not be read")

func queryServer(ctx context.Context, f queryFlags, j job) error {
	t, ok, err := f.target(j.cfg)
	if err != nil {
		return err
	}
	if !ok {
		return usagef("which server? name one with --server HOST:PORT, or files with --open FILE")
	}
	secret, err := f.secret(ctx, t)
	if err != nil {
		return err
	}
	if t.Client == "" || secret == "" {
		return usagef("log in needs --client NAME and --secret-file FILE (or CXLENS_CLIENT and CXLENS_SECRET)")
	}
	c := client.New(t.clientConfig(secret, slog.New(slog.DiscardHandler)))
	if err := c.Connect(ctx); err != nil {
		return err
	}
	return errors.Join(printResult(ctx, f, c, j), c.Close())
}
