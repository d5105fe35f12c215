package main

import (
	"context"
	"fmt"
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

func execute(ctx context.Context, root *cobra.Command) error {
	return fang.Execute(ctx, root,
		fang.WithVersion(version()),
		fang.WithErrorHandler(printError))
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
	flags.register(root.Flags())
	screen.register(root.Flags())
	root.AddCommand(newDemo(), newOpen(), newQuery(), newServe(), newNode(), newAdmin(), newVersion())
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
