package peers

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cxlens/internal/embedded"
	"cxlens/internal/flow"
	"cxlens/internal/node/sources"
	"cxlens/query"
)

const (
	// rounds is how often each job is run at most, and budget how long it is begun anew.
	rounds = 3
	budget = 12 * time.Second
	// jobTimeout bounds a peer's run.
	jobTimeout = 3 * time.Minute
)

// runner does a job once.
type runner struct {
	name string
	run  func(ctx context.Context) error
}

// job is one job and those who can do it. The first runner is cxlens from a file, the second one
// cxlens on what is loaded: the others are measured by them.
type job struct {
	name    string
	runners []runner
}

// BenchmarkPeers sets cxlens beside other programs on a million flows (VisiData on a tenth of them): "s" is the median of the
// rounds, x-file and x-loaded how often cxlens does the same in that time, from its file (start of the
// process and reading included, as the peers') and on rows that it has loaded.
func BenchmarkPeers(b *testing.B) {
	in := writeInputs(b)
	jobs := []job{sortJob(b, in), filterJob(b, in), topJob(b, in)}
	addNfdump(b, in, jobs)
	for _, j := range jobs {
		times := measure(b, j)
		file, loaded := median(times[0]), median(times[1])
		for i, r := range j.runners {
			if len(times[i]) == 0 {
				continue
			}
			b.Run(j.name+"/"+r.name, func(b *testing.B) {
				took := median(times[i])
				b.ReportMetric(took.Seconds(), "s")
				b.ReportMetric(took.Seconds()/file.Seconds(), "x-file")
				b.ReportMetric(took.Seconds()/loaded.Seconds(), "x-loaded")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// measure runs a job's runners in turn, so that a busy minute of the machine falls on all of them.
func measure(b *testing.B, j job) [][]time.Duration {
	times, late := make([][]time.Duration, len(j.runners)), make([]bool, len(j.runners))
	for range rounds {
		for i, r := range j.runners {
			if late[i] || sum(times[i]) >= budget {
				continue
			}
			ctx, cancel := context.WithTimeout(b.Context(), jobTimeout)
			began := time.Now()
			err := r.run(ctx)
			took := time.Since(began)
			late[i] = ctx.Err() != nil
			cancel()
			if late[i] {
				b.Logf("%s: %s is not ready after %s, left out", j.name, r.name, seconds(took))
				continue
			}
			if err != nil {
				b.Fatalf("%s by %s after %s: %v", j.name, r.name, seconds(took), err)
			}
			times[i] = append(times[i], took)
		}
	}
	return times
}

func sum(times []time.Duration) (all time.Duration) {
	for _, d := range times {
		all += d
	}
	return all
}

func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	times = slices.Sorted(slices.Values(times))
	return times[len(times)/2]
}

// command runs a program that must succeed; its output is thrown away.
func command(name string, args ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		cmd := exec.CommandContext(ctx, name, args...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w: %.300s", name, err, stderr.String())
		}
		return nil
	}
}

// installed returns the peers' runners whose program is there, and names the others.
func installed(b *testing.B, job string, peers ...runner) (there []runner) {
	for _, p := range peers {
		program, _, _ := strings.Cut(p.name, "-")
		if _, err := exec.LookPath(program); err != nil {
			b.Logf("%s: %s is not installed, left out", job, program)
			continue
		}
		there = append(there, p)
	}
	return there
}

// sortJob writes all flows by the source's bytes, the most first; loaded, it makes the order.
func sortJob(b *testing.B, in *inputs) job {
	columns := strings.Join(columnNames(), ",")
	v := in.table.View()
	vd := script(b, in, "sort", [3]string{"src_bytes", "type-int", ""}, [3]string{"src_bytes", "sort-desc", ""})
	return job{"sort-by-bytes", append([]runner{
		{"cxlens-file", command(built(b), "query", "--open", in.sessions, "--order", "-src_bytes", "--limit", "0", "--output", "csv", "--columns", columns, "--quiet", "any")},
		{"cxlens-loaded", func(ctx context.Context) error {
			_, err := v.Sort(ctx, nil, []flow.SortKey{{Column: flow.ColSrcBytes, Desc: true}})
			return err
		}},
	}, installed(b, "sort-by-bytes",
		runner{"sort", command("sort", "-t,", "-k11,11nr", in.bare)},
		runner{"mlr", command("mlr", "--icsv", "--ocsv", "sort", "-nr", "src_bytes", in.csv)},
		runner{"vd-on-a-tenth", command("vd", "-b", "-p", vd, "-o", filepath.Join(in.dir, "sorted.csv"))},
	)...)}
}

// filterJob writes the flows to port 443; loaded, it selects them.
func filterJob(b *testing.B, in *inputs) job {
	v := in.table.View()
	q, err := query.Parse("dst port 443")
	if err != nil {
		b.Fatal(err)
	}
	filter, err := q.Filter(query.Env{})
	if err != nil {
		b.Fatal(err)
	}
	vd := script(b, in, "filter",
		[3]string{"dst_port", "type-int", ""}, [3]string{"", "select-expr", "dst_port==443"}, [3]string{"", "dup-selected", ""})
	return job{"dst-port-443", append([]runner{
		{"cxlens-file", command(built(b), "query", "--open", in.sessions, "--limit", "0", "--output", "csv", "--columns", strings.Join(columnNames(), ","), "--quiet", "dst port 443")},
		{"cxlens-loaded", func(ctx context.Context) error {
			_, err := filter.Select(ctx, v, nil)
			return err
		}},
	}, installed(b, "dst-port-443",
		runner{"mlr", command("mlr", "--icsv", "--ocsv", "filter", "$dst_port == 443", in.csv)},
		runner{"vd-on-a-tenth", command("vd", "-b", "-p", vd, "-o", filepath.Join(in.dir, "filtered.csv"))},
	)...)}
}

// topJob finds the ten sources that sent most. cxlens has no command for it yet, so that its file is read
// by the embedded server in this process; loaded, that server has read it already.
func topJob(b *testing.B, in *inputs) job {
	top := func(ctx context.Context, e *embedded.Embedded) error {
		r := e.Client.Submit(query.Request{Kind: query.KindTop, Query: "any", By: []string{"src_ip"}, Metric: "bytes", Limit: 10})
		if err := r.Wait(ctx); err != nil {
			return err
		}
		if _, rows := r.Values(); len(rows) != 10 {
			return fmt.Errorf("%d groups arrived", len(rows))
		}
		return nil
	}
	loaded, err := openFile(b.Context(), in.sessions)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = loaded.Close() })
	return job{"top-sources", append([]runner{
		{"cxlens-file", func(ctx context.Context) error {
			e, err := openFile(ctx, in.sessions)
			if err != nil {
				return err
			}
			defer e.Close()
			return top(ctx, e)
		}},
		{"cxlens-loaded", func(ctx context.Context) error { return top(ctx, loaded) }},
	}, installed(b, "top-sources",
		runner{"mlr", command("mlr", "--icsv", "--ocsv", "stats1", "-a", "sum", "-f", "src_bytes,dst_bytes", "-g", "src_ip", "then",
			"put", "$bytes = $src_bytes_sum + $dst_bytes_sum", "then", "top", "-n", "10", "-f", "bytes", "-a", in.csv)},
	)...)}
}

// openFile reads a session file with an embedded server to its end.
func openFile(ctx context.Context, path string) (*embedded.Embedded, error) {
	srcs, err := sources.Open([]string{path}, sources.OpenOptions{})
	if err != nil {
		return nil, err
	}
	e, err := embedded.Start(ctx, embedded.Options{Sources: srcs, NodeName: "bench", Netgroup: "bench"})
	if err != nil {
		return nil, err
	}
	<-e.Read
	if err := e.ReadErr(); err != nil {
		return nil, fmt.Errorf("%w; %v", err, e.Close())
	}
	return e, nil
}

// addNfdump lets nfdump do all three jobs, on a file that nfcapd wrote.
func addNfdump(b *testing.B, in *inputs, jobs []job) {
	for _, name := range []string{"nfdump", "nfcapd"} {
		if _, err := exec.LookPath(name); err != nil {
			b.Logf("%s is not installed, nfdump is left out", name)
			return
		}
	}
	file, err := captureFlows(b, in)
	if err != nil {
		b.Logf("nfdump is left out: %v", err)
		return
	}
	form := "fmt:%tsr,%ter,%td,%pr,%sa,%sp,%da,%dp,%ipkt,%ibyt,%opkt,%obyt"
	for i, args := range [][]string{
		{"-O", "bytes", "-o", form}, {"-o", form, "dst port 443"}, {"-s", "srcip/bytes", "-n", "10"},
	} {
		jobs[i].runners = append(jobs[i].runners, runner{"nfdump", command("nfdump", append([]string{"-q", "-N", "-r", file}, args...)...)})
	}
}
