package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
)

// version is the module's version from the build info: a tag, or "devel" with the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v, commit := info.Main.Version, ""
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			commit = " " + s.Value[:12]
		}
	}
	return v + commit
}

// execute runs the command line. What a command failed with does not go through fang, which
// asks the terminal for its colours before it prints an error: the answer can fall to the
// screen that was just left, and then it is waited for without end.
func execute(ctx context.Context, root *cobra.Command) error {
	var failed error
	keepErrors(root, &failed)
	err := fang.Execute(ctx, root,
		fang.WithVersion(version()),
		fang.WithErrorHandler(func(w io.Writer, _ fang.Styles, err error) { printError(w, err) }))
	if err != nil || failed == nil {
		return err
	}
	printError(os.Stderr, failed)
	return failed
}

// keepErrors makes the command and those below it put their errors into failed.
func keepErrors(cmd *cobra.Command, failed *error) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*failed = run(cmd, args)
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		keepErrors(sub, failed)
	}
}

func newRoot() *cobra.Command {
	var flags serverFlags
	var screen screenFlags
	root := &cobra.Command{
		Use:   "cxlens",
		Short: "browse network flows in the terminal",
		Long: `cxlens browses network flows: sessions as cxtracker writes them, or as its own
node meters them from captures. Without a command it opens the client on the
configured server.`,
		Example: `  cxlens demo
  cxlens open capture.pcap
  cxlens query --open capture.pcap 'dst port 443 and src bytes > 1M'`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runClient(cmd.Context(), flags, screen)
		},
	}
	root.SetFlagErrorFunc(flagError)
	flags.register(root.Flags())
	screen.register(root.Flags())
	root.AddCommand(newDemo(), newOpen(), newQuery(), newProfile(), newServe(), newNode(), newAdmin(), newVersion())
	return root
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "cxlens", version())
			return err
		},
	}
}
