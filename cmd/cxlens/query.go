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

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"cxlens/client"
	"cxlens/internal/config"
	"cxlens/internal/embedded"
	"cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/internal/node/sources"
	"cxlens/query"
)

// queryFlags are the flags of `cxlens query`.
type queryFlags struct {
	serverFlags
	open          []string
	last, from    string
	to            string
	order         []string
	limit         int64
	output        string
	columns       string
	quiet         bool
	format        export.Format
	outputColumns []flow.Column
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
			return runQuery(cmd.Context(), f, strings.Join(args, " "))
		},
	}
	set := cmd.Flags()
	f.register(set)
	set.StringArrayVar(&f.open, "open", nil, "file to query instead of a server; may be repeated, - is standard input")
	set.StringVar(&f.last, "last", "", "only flows that started in the last span, as 15m, 24h or 7d")
	set.StringVar(&f.from, "from", "", "only flows that started at or after this time")
	set.StringVar(&f.to, "to", "", "only flows that started before this time")
	set.StringSliceVar(&f.order, "order", nil, "columns to order by, - before a descending one: -src_bytes,start")
	set.Int64Var(&f.limit, "limit", 0, "rows at most, 0 for no limit")
	set.StringVar(&f.output, "output", "table", "form of the output: table, csv or jsonl")
	set.StringVar(&f.columns, "columns", "", "columns to print, in this order (default: all)")
	set.BoolVar(&f.quiet, "quiet", false, "no progress on standard error")
	return cmd
}

// runQuery checks everything that can be checked here before it reads or asks anything.
func runQuery(ctx context.Context, f queryFlags, expr string) error {
	if _, err := query.Parse(expr); err != nil {
		return placed(err, expr)
	}
	req, err := f.request(expr)
	if err != nil {
		return usageError{err}
	}
	if f.format, err = export.ParseFormat(f.output); err != nil {
		return usageError{err}
	}
	if f.outputColumns, err = export.Columns(f.columns); err != nil {
		return usageError{err}
	}
	if len(f.open) > 0 {
		return queryFiles(ctx, f, req)
	}
	return queryServer(ctx, f, req)
}

func (f *queryFlags) request(expr string) (query.Request, error) {
	req := query.Request{Query: expr, Kind: query.KindFlows, Order: f.order, Limit: f.limit}
	if f.limit < 0 {
		return req, fmt.Errorf("--limit %d: give 0 for no limit, or a number of rows", f.limit)
	}
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
	if f.from != "" {
		if from, err = query.ParseTime(f.from, now, time.UTC); err != nil {
			return req, fmt.Errorf("--from: %w", err)
		}
	}
	if f.to != "" {
		if to, err = query.ParseTime(f.to, now, time.UTC); err != nil {
			return req, fmt.Errorf("--to: %w", err)
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
func queryFiles(ctx context.Context, f queryFlags, req query.Request) error {
	var printing sync.Mutex
	notice := func(line string) {
		printing.Lock()
		defer printing.Unlock()
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
	e, err := embedded.Start(ctx, embedded.Options{Sources: srcs, NodeName: "files", Netgroup: "local", Notice: notice})
	if err != nil {
		return err
	}
	select {
	case <-e.Read:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), e.Close())
	}
	err = printResult(ctx, f, e.Client, req)
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

func queryServer(ctx context.Context, f queryFlags, req query.Request) error {
	cfg, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	t, ok, err := f.target(cfg)
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
	return errors.Join(printResult(ctx, f, c, req), c.Close())
}

// printResult runs the query and prints rows while they arrive.
func printResult(ctx context.Context, f queryFlags, c *client.Client, req query.Request) error {
	r := c.Submit(req)
	defer r.Cancel()
	out := export.NewWriter(os.Stdout, f.format, f.outputColumns)
	progress := newProgressLine(f.quiet)
	defer progress.clear()
	printed := 0
	for {
		p := r.Progress() // before the view, so that an ended result's view is whole
		view := r.View()
		if err := writeFrom(ctx, out, view, printed); err != nil {
			return fmt.Errorf("write the output: %w", err)
		}
		printed = view.Len()
		progress.show(p)
		if p.State.Ended() {
			if p.Err != nil {
				return placed(p.Err, req.Query)
			}
			return out.Flush()
		}
		select {
		case <-r.Changed():
		case <-ctx.Done():
			return errors.Join(ctx.Err(), out.Flush())
		}
	}
}

func writeFrom(ctx context.Context, out *export.Writer, view *flow.View, from int) error {
	if from == view.Len() {
		return nil
	}
	rows := make([]uint32, 0, view.Len()-from)
	for i := from; i < view.Len(); i++ {
		rows = append(rows, uint32(i))
	}
	return out.Write(ctx, view, rows)
}

// progressLine is the one line on standard error that says how far a query is.
type progressLine struct {
	out   io.Writer // nil: silent
	shown bool
	last  time.Time
}

func newProgressLine(quiet bool) *progressLine {
	if quiet || !term.IsTerminal(os.Stderr.Fd()) || term.IsTerminal(os.Stdout.Fd()) {
		return &progressLine{}
	}
	return &progressLine{out: os.Stderr, last: time.Now()}
}

// show repaints the line at most five times a second, and not in the first fifth of one.
func (l *progressLine) show(p client.Progress) {
	if l.out == nil || time.Since(l.last) < 200*time.Millisecond {
		return
	}
	l.last, l.shown = time.Now(), true
	fmt.Fprintf(l.out, "\r\x1b[K%s: %d of %d flows, %.1f s", p.State, p.Rows, p.Expect, p.Elapsed.Seconds())
}

func (l *progressLine) clear() {
	if l.shown {
		fmt.Fprint(l.out, "\r\x1b[K")
	}
}
