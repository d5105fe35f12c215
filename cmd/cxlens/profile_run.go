package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cxlens/internal/config"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/profile"
)

// profileRun is what `cxlens profile run` was told.
type profileRun struct {
	queryFlags
	set   []string
	flows bool
	given func(flag string) bool
	in    io.Reader // where a person answers, nil for nowhere
	ask   io.Writer
	out   io.Writer
}

func newProfileRun() *cobra.Command {
	var r profileRun
	cmd := &cobra.Command{
		Use:   "run NAME",
		Short: "run a profile and print what it brings",
		Long: `Runs a profile on a server, or with --open on files, as query does: flags take the
place of what the profile says. A parameter without a value and a default is
asked for when standard input is a terminal. A profile that groups prints groups
with their flows, frame bytes and packets; --flows prints their flows instead.`,
		Example: `  cxlens profile run top-talkers --open capture.pcap
  cxlens profile run ssh-from-outside --set inside=10.20.0.0/16 --server lab --last 7d --output csv`,
		Args: exactlyOne("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.given, r.out, r.ask = cmd.Flags().Changed, cmd.OutOrStdout(), cmd.ErrOrStderr()
			if term.IsTerminal(os.Stdin.Fd()) && !slices.Contains(r.open, "-") {
				r.in = os.Stdin
			}
			return r.start(cmd.Context(), args[0])
		},
	}
	r.register(cmd.Flags())
	r.registerOwn(cmd.Flags())
	return cmd
}

func (r *profileRun) registerOwn(set *pflag.FlagSet) {
	set.StringArrayVar(&r.set, "set", nil, "`name=value` of a parameter; may be repeated")
	set.BoolVar(&r.flows, "flows", false, "print flows where the profile groups them")
}

func (r *profileRun) start(ctx context.Context, name string) error {
	cfg, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	store, err := profiles(cfg)
	if err != nil {
		return err
	}
	e, err := store.Get(name)
	if err != nil {
		return err
	}
	values, err := r.values(e)
	if err != nil {
		return err
	}
	j, err := r.job(e, cfg, values)
	if err != nil {
		return err
	}
	return r.run(ctx, j)
}

// values reads --set and asks for what has neither a value nor a default.
func (r *profileRun) values(e profile.Entry) (map[string]string, error) {
	values := make(map[string]string)
	for _, s := range r.set {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, usagef("--set %q: expected name=value", s)
		}
		values[name] = value
	}
	asks, err := e.Asks()
	if err != nil || r.in == nil {
		return values, err
	}
	in := bufio.NewScanner(r.in)
	for _, a := range asks {
		if _, ok := values[a.Name]; ok || a.Default != "" {
			continue
		}
		if values[a.Name], err = askFor(in, r.ask, a); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// askFor asks until the answer is a value.
func askFor(in *bufio.Scanner, out io.Writer, a profile.Ask) (string, error) {
	for {
		fmt.Fprintf(out, "%s (%s): ", flow.Clean(a.Prompt), a.Type)
		if !in.Scan() {
			fmt.Fprintln(out)
			return "", errors.Join(fmt.Errorf("the parameter %s has no value", a.Name), in.Err())
		}
		value := strings.TrimSpace(in.Text())
		err := a.Check(value, time.Now())
		if err == nil {
			return value, nil
		}
		fmt.Fprintln(out, flow.Clean(err.Error()))
	}
}

// job makes the query of the profile; flags go before what it says.
func (r *profileRun) job(e profile.Entry, cfg *config.Config, values map[string]string) (job, error) {
	b, err := e.Bind(values, cfg.Named(), time.Now())
	if err != nil {
		return job{}, usageError{fmt.Errorf("profile %s: %w", e.Name, err)}
	}
	j := job{cfg: cfg, out: r.out}
	grouped := len(e.Group) > 0 && !r.flows // groups have an order of their own
	if !r.given("order") && !grouped {
		if _, err := query.ParseOrder(e.Order); err != nil { // the screen knows more columns
			return job{}, usagef("profile %s: order: %w, or give another with --order", e.Name, err)
		}
		r.order = e.Order
	}
	if !r.given("limit") {
		r.limit = rowLimit(max(0, e.Limit))
	}
	if !r.given("columns") {
		r.columns = strings.Join(e.Columns, ",")
	}
	if j.req, err = r.request(b.Query.String()); err != nil {
		return job{}, usageError{err}
	}
	if !r.given("last") && !r.given("from") && !r.given("to") {
		j.req.From, j.req.To = bound(b.From), bound(b.To)
	}
	if err := j.printedAs(r.output, r.columns); err != nil {
		return job{}, usageError{err}
	}
	if grouped {
		j.req.Kind, j.req.By, j.req.Metric, j.req.Order = query.KindTop, e.Group, e.Metric, nil
	}
	j.saysLimit = !r.given("limit") && !r.quiet
	return j, nil
}
