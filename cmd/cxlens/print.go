package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"cxlens/client"
	"cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/query"
)

const (
	// outputPatience is how long the server waits for a reader of the output that stands still, before rows go to
	// a temporary file; it is far below the wait for an ack, so that the connection outlives a pager.
	outputPatience = 10 * time.Second
	// lastWords is how long the rows that are here have to get out after an interruption.
	lastWords = time.Second
)

// printResult runs the query and prints what it brings.
func printResult(ctx context.Context, f queryFlags, c *client.Client, j job) error {
	if j.req.Kind != query.KindFlows {
		return printGroups(ctx, f, c, j)
	}
	return printFlows(ctx, f, c, j)
}

// printFlows prints rows as they arrive and keeps none of them.
func printFlows(ctx context.Context, f queryFlags, c *client.Client, j job) error {
	backlog := export.NewBacklog(j.out)
	out := export.NewWriter(backlog, j.format, j.columns)
	progress := newProgressLine(f.quiet)
	defer progress.clear()
	var matched uint64
	err := c.Stream(ctx, j.req, func(v *flow.View, p client.Progress) error {
		matched = p.Matched
		progress.show(p)
		if err := writtenTo(out.Write(ctx, v, nil)); err != nil {
			return err
		}
		return writtenTo(backlog.Settle(ctx, outputPatience))
	})
	switch {
	case ctx.Err() != nil:
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
		defer cancel()
		return errors.Join(ctx.Err(), writtenTo(out.Flush()), writtenTo(backlog.Close(end)))
	case err != nil:
		_ = backlog.Close(ctx) // err is the first error, and often the same
		return placed(err, j.req.Query)
	}
	progress.clear()
	if matched > uint64(out.Rows()) {
		j.sayLimit("%d of %d flows are printed", out.Rows(), matched)
	}
	return errors.Join(writtenTo(out.Flush()), writtenTo(backlog.Close(ctx)))
}

// printGroups prints groups when all are here.
func printGroups(ctx context.Context, f queryFlags, c *client.Client, j job) error {
	r := c.Submit(j.req)
	defer r.Cancel()
	progress := newProgressLine(f.quiet)
	defer progress.clear()
	for {
		p := r.Progress() // before the values, so that those of an ended query are whole
		progress.show(p)
		switch {
		case p.State.Ended() && p.Err != nil:
			return placed(p.Err, j.req.Query)
		case p.State.Ended():
			progress.clear()
			return printValues(r, j)
		}
		select {
		case <-r.Changed():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func printValues(r *client.Result, j job) error {
	columns, rows := r.Values()
	if err := export.WriteValues(j.out, j.format, columns, rows); err != nil {
		return writtenTo(err)
	}
	if int64(len(rows)) == j.req.Limit {
		j.sayLimit("the first %d groups are printed", len(rows))
	}
	return nil
}

// writtenTo says of an error that it is the output's; nil and an interruption stay as they are.
func writtenTo(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("write the output: %w", err)
}

// sayLimit says that there is, or may be, more than a limit that nobody typed lets through.
func (j *job) sayLimit(format string, args ...any) {
	if j.saysLimit {
		fmt.Fprintf(os.Stderr, "cxlens: "+format+", as the profile's limit says; --limit none prints all\n", args...)
	}
}
