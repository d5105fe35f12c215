package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"cxlens/internal/server/accounts"
	"cxlens/internal/store"
	"cxlens/internal/wire"
)

// Accounts says who may connect: *accounts.File or *accounts.Memory.
type Accounts interface {
	// Authenticate returns the account of that name if secret is its secret, else accounts.ErrRefused.
	Authenticate(ctx context.Context, kind accounts.Kind, name, secret string) (accounts.Account, error)
}

// Config says what a server serves.
type Config struct {
	Store            store.Store // stays open after Shutdown
	Accounts         Accounts
	Limits           Limits
	PingInterval     time.Duration    // 0: 5 s
	Silence          time.Duration    // a peer not heard for so long is lost; 0: three ping intervals
	EstablishTimeout time.Duration    // 0: 10 s
	Log              *slog.Logger     // nil: discard
	Now              func() time.Time // nil: time.Now
	Version          string           // for the log
}

// Server serves nodes and clients. Make it with New.
type Server struct {
	cfg      Config
	log      *slog.Logger
	now      func() time.Time
	registry *registry
	logins   *logins
	badLines *lineLog
	// gate orders blocks and the beginning of queries that follow: an Append holds it shared, a
	// beginning holds it alone. See job.flows.
	gate sync.RWMutex

	ctx    context.Context // ends with Shutdown
	cancel context.CancelFunc
	work   sync.WaitGroup // everything that runs

	mu        sync.Mutex
	closing   bool
	listeners map[net.Listener]struct{}
	peers     map[*peer]struct{}
}

// New returns a server that knows the nodes and flows of the store and serves nobody yet.
func New(cfg Config) (*Server, error) {
	if cfg.Store == nil || cfg.Accounts == nil {
		return nil, errors.New("a server needs a store and accounts")
	}
	var err error
	if cfg.Limits, err = cfg.Limits.withDefaults(); err != nil {
		return nil, err
	}
	if cfg.PingInterval < 0 || cfg.Silence < 0 || cfg.EstablishTimeout < 0 {
		return nil, errors.New("the ping interval, the silence and the establish timeout must be above zero")
	}
	if cfg.PingInterval == 0 {
		cfg.PingInterval = DefaultPingInterval
	}
	if cfg.Silence == 0 {
		cfg.Silence = 3 * cfg.PingInterval
	}
	if cfg.EstablishTimeout == 0 {
		cfg.EstablishTimeout = DefaultEstablishTimeout
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{
		cfg: cfg, log: cfg.Log, now: cfg.Now,
		logins:    newLogins(),
		badLines:  newLineLog(cfg.Now),
		listeners: map[net.Listener]struct{}{}, peers: map[*peer]struct{}{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if s.registry, err = loadRegistry(s.ctx, cfg.Store, cfg.Now, cfg.PingInterval); err != nil {
		s.cancel()
		return nil, err
	}
	s.log.Info("server starts", "version", cfg.Version, "nodes", len(s.registry.byID))
	return s, nil
}

// wireConfig is how the server speaks the protocol on every connection.
func (s *Server) wireConfig(log *slog.Logger) wire.Config {
	return wire.Config{
		MaxObject:   s.cfg.Limits.ObjectBytes,
		MaxLine:     s.cfg.Limits.LineBytes,
		MaxBlock:    s.cfg.Limits.BlockBytes,
		IdleTimeout: s.cfg.Silence,
		Log:         log,
		Now:         s.now,
	}
}

// Shutdown stops listening, cancels running queries and says BYE to every peer; when ctx
// ends first the connections are closed at once. Nothing of the server runs when it has returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.closing = true
	for l := range s.listeners {
		l.Close()
	}
	peers := make([]*peer, 0, len(s.peers))
	for p := range s.peers {
		peers = append(peers, p)
	}
	s.mu.Unlock()
	s.cancel()

	errs := make(chan error, len(peers))
	for _, p := range peers {
		go func() { errs <- p.bye(ctx) }()
	}
	var late int
	for range peers {
		if err := <-errs; err != nil && ctx.Err() != nil {
			late++
		}
	}
	s.work.Wait()
	s.log.Info("server ended", "peers", len(peers))
	if late > 0 {
		return fmt.Errorf("%d of %d connections were closed without BYE: %w", late, len(peers), ctx.Err())
	}
	return nil
}
