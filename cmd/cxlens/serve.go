package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"cxlens/internal/server"
	"cxlens/internal/server/accounts"
	"cxlens/internal/store/duckdb"
	"cxlens/internal/transport"
)

// shutdownTimeout bounds how long a server waits for its peers when it stops.
const shutdownTimeout = 10 * time.Second

// serveFlags are the flags of `cxlens serve`; they override DIR/server.toml.
type serveFlags struct {
	dir        string
	clientAddr string
	nodeAddr   string
	insecure   bool
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve --dir DIR",
		Short: "run the server",
		Long: `Runs the server: nodes connect to one port and post flows, clients connect to
the other and query them. DIR holds server.toml, accounts.toml, the flow store and
the TLS key; it is made when it is not there. Add accounts with cxlens admin.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runServe(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.dir, "dir", "", "the server's directory")
	cmd.Flags().StringVar(&f.clientAddr, "client-addr", "", "address for clients (default 127.0.0.1:10201)")
	cmd.Flags().StringVar(&f.nodeAddr, "node-addr", "", "address for nodes (default 127.0.0.1:10101)")
	cmd.Flags().BoolVar(&f.insecure, "insecure", false, "no TLS, also on addresses that others can reach")
	_ = cmd.MarkFlagRequired("dir")
	return cmd
}

func runServe(ctx context.Context, f serveFlags) (err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := makeDir(f.dir); err != nil {
		return err
	}
	cfg, err := server.LoadDir(f.dir)
	if err != nil {
		return err
	}
	if f.clientAddr != "" {
		cfg.ClientAddr = f.clientAddr
	}
	if f.nodeAddr != "" {
		cfg.NodeAddr = f.nodeAddr
	}
	accts, err := accounts.Open(f.dir)
	if err != nil {
		return err
	}
	st, err := duckdb.Open(ctx, filepath.Join(f.dir, "flows.duckdb"), duckdb.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	srv, err := server.New(server.Config{
		Store: st, Accounts: accts, Limits: cfg.Limits, PingInterval: cfg.PingInterval,
		EstablishTimeout: cfg.EstablishTimeout, Log: log, Version: version(),
	})
	if err != nil {
		return err
	}
	cfg.Insecure = cfg.Insecure || f.insecure
	return serveBoth(ctx, f.dir, cfg, srv, log)
}

// makeDir makes the server's directory when it is not there; what it holds is not for others.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the server's directory: %w", err)
	}
	return nil
}

// serveBoth listens on both ports until ctx is done or one of them fails.
func serveBoth(ctx context.Context, dir string, cfg server.Settings, srv *server.Server, log *slog.Logger) error {
	nodes, err := listen(dir, cfg.NodeAddr, cfg.Insecure, "nodes", log)
	if err != nil {
		return err
	}
	clients, err := listen(dir, cfg.ClientAddr, cfg.Insecure, "clients", log)
	if err != nil {
		return errors.Join(err, nodes.Close())
	}
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return srv.ServeNodes(nodes) })
	group.Go(func() error { return srv.ServeClients(clients) })
	group.Go(func() error {
		<-running.Done()
		stop, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
		defer cancel()
		return srv.Shutdown(stop)
	})
	err = group.Wait()
	log.Info("stopped")
	return err
}

// listen opens a port, with TLS where the address can be reached from elsewhere (protocol.md section 8).
func listen(dir, addr string, insecure bool, who string, log *slog.Logger) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", who, err)
	}
	if insecure || transport.Loopback(addr) {
		log.Info("listening", "for", who, "addr", l.Addr().String(), "tls", false)
		return l, nil
	}
	conf, fingerprint, err := transport.ServerTLS(dir)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	log.Info("listening", "for", who, "addr", l.Addr().String(), "tls", true, "fingerprint", fingerprint)
	return tls.NewListener(l, conf), nil
}
