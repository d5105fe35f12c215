package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cxlens/client"
	"cxlens/internal/config"
	"cxlens/internal/embedded"
	"cxlens/internal/history"
	"cxlens/internal/node/sources"
	"cxlens/internal/opentabs"
	"cxlens/query"
	"cxlens/testdata"
	"cxlens/themes"
	"cxlens/tui"
)

// defaultLimit is how many rows the screen asks for unless told otherwise; the status line says when there are more.
const defaultLimit = tui.DefaultLimit

// screenFlags are the flags of every command that opens the screen.
type screenFlags struct {
	set     *pflag.FlagSet // they are in
	theme   string
	noMouse bool
	slow    bool
	aloud   bool
	last    string
	limit   rowLimit
}

const slowFlag = "low-bandwidth"

func (f *screenFlags) register(set *pflag.FlagSet) {
	f.set = set
	set.StringVar(&f.theme, "theme", "", "theme: auto, or a theme's name")
	set.BoolVar(&f.aloud, "accessible", false, "print lines for screen readers in place of a screen; CXLENS_ACCESSIBLE=1 does the same")
	set.BoolVar(&f.slow, slowFlag, false, "no bars and few frames, for slow links; =false never begins with that by itself")
	set.BoolVar(&f.noMouse, "no-mouse", false, "leave the mouse to the terminal")
	set.StringVar(&f.last, "last", "", "time span to begin with, as 15m, 24h or 7d (default: all)")
	f.limit = defaultLimit
	set.Var(&f.limit, "limit", "rows at most, none for no limit")
}

func (f *screenFlags) options(cfg *config.Config) (tui.Options, error) {
	if _, _, err := query.ParseSpan(f.last, time.Now(), time.UTC); err != nil {
		return tui.Options{}, usagef("--last: %w", err)
	}
	saved, err := profiles(cfg)
	if err != nil {
		return tui.Options{}, err
	}
	limit := int64(f.limit)
	if limit == 0 {
		limit = -1 // the screen's word for no limit
	}
	wd, err := os.Getwd()
	if err != nil {
		wd = "."
	}
	zone, err := cfg.Zone()
	if err != nil { // a configuration that was read has a good one
		zone = time.UTC
	}
	opts := tui.Options{
		Zone: zone, Clipboard: ownClipboard(),
		ASCII:  asciiLocale(os.Getenv),
		Themes: themes.Loader{Dir: config.ThemesDir()}, Last: f.last, Limit: limit, Keys: cfg.Keys, KeyPlace: config.KeyPlace(config.Path()),
		Names: cfg.Named(), Version: version(), ExportDir: wd, History: history.NewStore(config.HistoryPath()),
		Tabs:        opentabs.NewStore(config.TabsDir()),
		ColumnsFile: config.ColumnsPath(),
		Profiles:    saved,
	}
	if notice := f.choose(cfg, &opts); notice != "" {
		opts.Told = append(opts.Told, notice)
	}
	return opts, nil
}

// runClient opens the screen on a configured or named server.
func runClient(ctx context.Context, flags serverFlags, screen screenFlags) error {
	cfg, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	target, configured, err := flags.target(cfg)
	if err != nil {
		return err
	}
	if !configured {
		return usagef("no server is configured in %s: name one with --server HOST:PORT, or try `cxlens demo` or `cxlens open FILE`", config.Path())
	}
	if err := requireTerminal(); err != nil {
		return err
	}
	secret, err := flags.secret(ctx, target)
	if err != nil {
		return err
	}
	log, closeLog := openLog()
	defer closeLog()
	opts, err := screen.options(cfg)
	if err != nil {
		return err
	}
	connect := func(ctx context.Context, l tui.Login) (tui.Backend, error) {
		t := target
		t.Address, t.Client = l.Server, l.Name
		c := client.New(t.clientConfig(l.Secret, log))
		if err := c.Connect(ctx); err != nil {
			return nil, err
		}
		return c, nil
	}
	if err := requireScreen(opts); err != nil {
		return err
	}
	opts.Login, opts.Connect = tui.Login{Server: target.Address, Name: target.Client}, connect
	if target.Client != "" && secret != "" {
		opts.Backend, err = connect(ctx, tui.Login{Server: target.Address, Name: target.Client, Secret: secret})
		if err != nil {
			return err
		}
	}
	return runScreen(ctx, opts)
}

// runEmbedded opens the screen on an embedded server that reads srcs. When the screen is left, left
// is called before the roles are ended, so that no source waits for input then.
func runEmbedded(ctx context.Context, screen screenFlags, title, nodeName string, srcs []sources.Source, lines []string, left func()) error {
	if err := requireTerminal(); err != nil {
		return err
	}
	cfg, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	opts, err := screen.options(cfg)
	if err != nil {
		return err
	}
	if err := requireScreen(opts); err != nil {
		return err
	}
	log, closeLog := openLog()
	defer closeLog()
	notices := make(chan string, 64+len(lines))
	for _, l := range lines {
		notices <- l
	}
	reading := make(chan tui.Reading, 1)
	e, err := embedded.Start(ctx, embedded.Options{
		Sources: srcs, NodeName: nodeName, Netgroup: "local", Log: log,
		Reading: func(r embedded.Reading) {
			select { // the screen looks at the newest word when it has time
			case <-reading:
			default:
			}
			reading <- tui.Reading(r)
		},
		Notice: func(line string) {
			select {
			case notices <- line:
			case <-ctx.Done():
			}
		},
	})
	if err != nil {
		return err
	}
	opts.Backend, opts.Title, opts.Notices, opts.Reading, opts.Follow = e.Client, title, notices, reading, true
	err = runScreen(ctx, opts)
	left()
	go func() {
		for range notices { // nobody shows them any more; the node must not wait
		}
	}()
	return errors.Join(err, e.Close())
}

func newDemo() *cobra.Command {
	var screen screenFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "open the client on the bundled sample",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			src := sources.PcapBytes("sample.pcap.zst", testdata.Sample)
			return runEmbedded(cmd.Context(), screen, "demo", "lab", []sources.Source{src}, nil, func() {})
		},
	}
	screen.register(cmd.Flags())
	return cmd
}

func newOpen() *cobra.Command {
	var screen screenFlags
	cmd := &cobra.Command{
		Use:   "open FILE...",
		Short: "open the client on captures and session files",
		Long: `Opens the client on an embedded server that reads the files: pcap and pcapng
captures, cxtracker session files; plain, gzip or zstd. - is standard input.`,
		Example: `  cxlens open capture.pcap
  cxlens open /var/log/cxtracker/stats.eth0.*
  zcat big.pcap.gz | cxlens open -`,
		Args: atLeastOne("FILE"),
		RunE: func(cmd *cobra.Command, files []string) error {
			ctx, input := cmd.Context(), openInput(cmd.Context())
			srcs, unreadable := sources.Open(files, sources.OpenOptions{Stdin: input})
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case len(srcs) == 0:
				return unreadable
			}
			return runEmbedded(ctx, screen, openTitle(files), "files", srcs, lines(unreadable), input.giveUp)
		},
	}
	screen.register(cmd.Flags())
	return cmd
}

func openTitle(files []string) string {
	switch {
	case len(files) == 1 && files[0] == "-":
		return "standard input"
	case len(files) == 1:
		return filepath.Base(files[0])
	}
	return fmt.Sprintf("%d files", len(files))
}

// requireTerminal is an error where a screen cannot be shown: in a pipe it would be escape
// sequences, and the files would be read for nothing. Standard input may be a capture; the
// keys then come from the controlling terminal.
func requireTerminal() error {
	if !term.IsTerminal(os.Stdout.Fd()) {
		return usagef("standard output is not a terminal, which the screen needs; `cxlens query` prints flows")
	}
	if term.IsTerminal(os.Stdin.Fd()) || runtime.GOOS == "windows" {
		return nil
	}
	keys, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return usagef("there is no terminal to read keys from, which the screen needs; `cxlens query` prints flows")
	}
	return keys.Close()
}

// requireScreen is an error where the terminal says that it cannot move its cursor, unless lines are enough.
func requireScreen(opts tui.Options) error {
	if os.Getenv("TERM") == "dumb" && !opts.Accessible {
		return usagef("TERM is dumb: such a terminal has no screen; --accessible prints lines, `cxlens query` prints flows")
	}
	return nil
}

// openLog opens the client's log; a screen cannot show log lines. Without a place to write, nothing is logged.
func openLog() (*slog.Logger, func()) {
	path := config.LogPath()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return slog.New(slog.DiscardHandler), func() {}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return slog.New(slog.DiscardHandler), func() {}
	}
	return slog.New(slog.NewTextHandler(f, nil)), func() { _ = f.Close() }
}
