package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cxlens/internal/node"
	"cxlens/internal/node/sources"
	"cxlens/internal/transport"
)

// nodeFlags are the flags of `cxlens node`, common to its sources.
type nodeFlags struct {
	server      string
	agent       string
	secretFile  string
	name        string
	netgroup    string
	fingerprint string
	insecure    bool
}

func (f *nodeFlags) register(set *pflag.FlagSet) {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	set.StringVar(&f.server, "server", "127.0.0.1:10101", "HOST:PORT of the server's node side")
	set.StringVar(&f.agent, "agent", host, "name of the agent, as cxlens admin agent add gave it")
	set.StringVar(&f.secretFile, "secret-file", "", "file with the agent's secret, readable by its owner only")
	set.StringVar(&f.name, "name", "", "name of this node (default: the agent's)")
	set.StringVar(&f.netgroup, "netgroup", "default", "logical group that the node is part of")
	set.StringVar(&f.fingerprint, "fingerprint", "", "SHA-256 fingerprint of the server's certificate, as serve prints it")
	set.BoolVar(&f.insecure, "insecure", false, "allow a connection without TLS to another machine")
}

func newNode() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "node SOURCE ...",
		Short: "run a node: read a source and post its flows to the server",
		Example: `  cxlens node --agent sensor-a --secret-file s --name eth1 --netgroup dmz cxtracker /var/log/cxtracker
  cxlens node --agent sensor-a --secret-file s pcap a.pcap b.pcap.gz`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("no source %q: there are cxtracker DIR and pcap FILE", args[0])
			}
			return usagef("which source? there are cxtracker DIR and pcap FILE")
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	f.register(cmd.PersistentFlags())
	cmd.AddCommand(newNodeCxtracker(&f), newNodePcap(&f))
	return cmd
}

func newNodeCxtracker(f *nodeFlags) *cobra.Command {
	var opts sources.CxtrackerOptions
	cmd := &cobra.Command{
		Use:   "cxtracker DIR",
		Short: "watch a directory of cxtracker session files",
		Long: `Watches DIR, posts each session file when it is whole, and removes it (or moves
it to --done-dir) only after the server has stored all of it.`,
		Args: exactlyOne("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runNode(cmd.Context(), f, args, sources.Cxtracker(args[0], opts), opts.Once)
		},
	}
	cmd.Flags().StringVar(&opts.DoneDir, "done-dir", "", "move stored files to this directory instead of removing them")
	cmd.Flags().BoolVar(&opts.Once, "once", false, "end when no session file is left")
	return cmd
}

func newNodePcap(f *nodeFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "pcap FILE...",
		Short: "meter captures and end",
		Args:  atLeastOne("FILE"),
		RunE: func(cmd *cobra.Command, files []string) error {
			return runNode(cmd.Context(), f, files, sources.Pcap(files, sources.PcapOptions{Stdin: openInput(cmd.Context())}), true)
		},
	}
}

// present says of a path that is not there before any server is waited for.
func present(paths []string) error {
	for _, p := range paths {
		if p == "-" {
			continue
		}
		if _, err := os.Stat(p); err != nil {
			return err
		}
	}
	return nil
}

// runNode runs the agent until its sources end (once) or ctx is done.
func runNode(ctx context.Context, f *nodeFlags, paths []string, src sources.Source, once bool) error {
	secret, err := requireSecret(f.secretFile)
	if err != nil {
		return err
	}
	if err := present(paths); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	name := f.name
	if name == "" {
		name = f.agent
	}
	cfg := node.Config{
		Server: f.server, Agent: f.agent, Secret: secret, Name: name, Netgroup: f.netgroup,
		Insecure: f.insecure, Once: once, Log: log,
		Notice: func(line string) { fmt.Fprintln(os.Stderr, "cxlens:", line) },
	}
	if f.fingerprint != "" {
		cfg.TLS = transport.ClientTLS(f.fingerprint)
	}
	err = node.Run(ctx, cfg, src)
	if errors.Is(err, context.Canceled) {
		return nil // asked to stop: that is how a node ends
	}
	return err
}
