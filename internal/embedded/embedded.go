// Package embedded runs a server, a node and a client inside one process, joined in
// memory: what `demo`, `open` and `query --open` stand on. No port is opened.
//
// It is the one package that joins the roles; they speak the whole protocol to
// each other, login included, with secrets made for this run.
package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cxlens/client"
	"cxlens/internal/node"
	"cxlens/internal/node/sources"
	"cxlens/internal/server"
	"cxlens/internal/server/accounts"
	"cxlens/internal/store/duckdb"
	"cxlens/internal/wire"
)

const (
	agentName  = "local"
	clientName = "analyst"
	// pingInterval is short: a ping inside a process costs nothing, and the pane is filled by it.
	pingInterval = time.Second
	// silence is long: the roles end together, and a process that is suspended for hours hears nothing either.
	silence = 30 * 24 * time.Hour
	// stopTimeout bounds how long Close waits for the roles to end.
	stopTimeout = 5 * time.Second
)

// Options says what the embedded node reads.
type Options struct {
	Sources []sources.Source
	// NodeName is shown in the node pane and in the column node.
	NodeName string
	Netgroup string
	// Notice gets one line for each thing that was wrong with a source; it may be nil.
	Notice func(line string)
	// Reading is told how far the sources are; it may be nil and must be quick. The last word is Done.
	Reading func(Reading)
	Log     *slog.Logger
}

// Embedded is a running server and node with a client that is logged in.
type Embedded struct {
	Client *client.Client
	// Read is closed when all sources have been read and stored, or failed.
	Read <-chan struct{}

	store   *duckdb.Store
	server  *server.Server
	cancel  context.CancelFunc
	work    sync.WaitGroup
	reading *reading
}

// Start brings all three up and returns when the client is logged in. The sources are
// read in the background.
func Start(ctx context.Context, opts Options) (*Embedded, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	st, err := duckdb.Open(ctx, "", duckdb.Options{})
	if err != nil {
		return nil, fmt.Errorf("start the embedded store: %w", err)
	}
	agentSecret, clientSecret := rand.Text(), rand.Text()
	accts := accounts.NewMemory()
	err = errors.Join(
		accts.Add(accounts.Agent, accounts.Account{Name: agentName, Description: "this machine"}, agentSecret),
		accts.Add(accounts.Client, accounts.Account{Name: clientName, Description: "embedded", Level: 9}, clientSecret),
	)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	srv, err := server.New(server.Config{Store: st, Accounts: accts, PingInterval: pingInterval, Silence: silence, Log: opts.Log})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e := &Embedded{store: st, server: srv, cancel: cancel}
	nodes, clients := wire.NewListener(), wire.NewListener()
	e.work.Go(func() { _ = srv.ServeNodes(nodes) })
	e.work.Go(func() { _ = srv.ServeClients(clients) })
	e.startNode(ctx, run, opts, agentSecret, nodes)
	e.Client = client.New(client.Config{Name: clientName, Secret: clientSecret, Dial: clients.Dial, PingInterval: pingInterval, Silence: silence, Log: opts.Log})
	if err := e.Client.Connect(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// startNode runs the node until the embedded roles are closed: it stays connected when
// its sources have been read, so that the pane shows it online.
// It returns when the node is known to the server, so that a client's first ping
// shows it, or when ctx is done.
func (e *Embedded) startNode(ctx, run context.Context, opts Options, secret string, l *wire.Listener) {
	read := newReading(opts.Sources, opts.Reading)
	known := make(chan struct{}, 1)
	e.Read, e.reading = read.done, read
	cfg := node.Config{
		Agent: agentName, Secret: secret, Name: opts.NodeName, Netgroup: opts.Netgroup,
		Dial: l.Dial, PingInterval: pingInterval, Silence: silence, Log: opts.Log, Notice: opts.Notice,
		State: func(node.State) {
			select {
			case known <- struct{}{}:
			default:
			}
		},
	}
	e.work.Go(func() {
		if err := node.Run(run, cfg, read.sources...); err != nil && run.Err() == nil {
			opts.Log.Error("embedded node ended", "err", err)
		}
	})
	select {
	case <-known:
	case <-ctx.Done():
	}
}

// ReadErr is what went wrong with the sources, once Read is closed.
func (e *Embedded) ReadErr() error { return e.reading.err() }

// Close ends the client, the node and the server, and drops the flows.
func (e *Embedded) Close() error {
	var errs []error
	if e.Client != nil {
		errs = append(errs, e.Client.Close())
	}
	e.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	errs = append(errs, e.server.Shutdown(ctx))
	e.work.Wait()
	return errors.Join(append(errs, e.store.Close())...)
}
