package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
)

// state is where a connection stands (protocol.md section 4).
type state uint8

const (
	connected state = iota
	authenticated
	established
)

// maxLogins is how often a connection may authenticate in vain.
const maxLogins = 3

// peer is what the connections of both sides have in common.
type peer struct {
	srv  *Server
	side *side
	// owner handles what the peer sends: a nodeConn or a clientConn around this peer.
	owner wire.Handler
	addr  string // as the log shows it
	ip    string
	log   *slog.Logger

	// ctx ends with the connection or the server.
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup // the peer's own goroutines

	ready chan struct{} // closed when conn is set
	conn  *wire.Conn
	timer *time.Timer // closes what is not ESTABLISHED in time

	// login is held during authenticate and identify: they come one at a time.
	login  sync.Mutex
	failed int // logins in vain; under login

	mu    sync.Mutex
	state state
}

func newPeer(s *Server, sd *side, addr net.Addr) *peer {
	p := &peer{srv: s, side: sd, addr: flow.Clean(addr.String()), ready: make(chan struct{})}
	p.ip = p.addr
	if host, _, err := net.SplitHostPort(p.addr); err == nil {
		p.ip = host
	}
	p.log = s.log.With("side", sd.name, "addr", p.addr)
	p.ctx, p.cancel = context.WithCancel(s.ctx)
	p.owner = sd.handler(p)
	return p
}

// start gives the connection to wire.
func (p *peer) start(nc net.Conn) {
	p.timer = time.AfterFunc(p.srv.cfg.EstablishTimeout, p.tooLate)
	conn := wire.New(nc, p.owner, p.srv.wireConfig(p.log))
	p.conn = conn
	close(p.ready)
}

// wire returns the connection; a handler can be called before start has it.
func (p *peer) wire() *wire.Conn {
	<-p.ready
	return p.conn
}

// tooLate closes a connection that has not authenticated or identified itself in time.
func (p *peer) tooLate() {
	if p.at() == established {
		return
	}
	p.log.Warn("not established in time", "after", p.srv.cfg.EstablishTimeout)
	p.wire().Close()
}

func (p *peer) at() state {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

func (p *peer) reach(st state) {
	p.mu.Lock()
	p.state = st
	p.mu.Unlock()
	if st == established {
		p.timer.Stop()
	}
}

// goDo runs f in a goroutine that the end of the connection waits for. It must be called from a
// handler's method or from such a goroutine.
func (p *peer) goDo(f func()) { p.work.Go(f) }

// bye ends the connection politely, or at once when ctx is done.
func (p *peer) bye(ctx context.Context) error {
	err := p.wire().Bye(ctx)
	if err != nil {
		p.wire().Close()
	}
	return err
}

// closed is the end of the connection, after every handler's call has returned.
func (p *peer) closed(err error) {
	p.timer.Stop()
	p.cancel()
	p.work.Wait()
	switch {
	case err == nil:
		p.log.Info("said bye")
	case errors.Is(err, wire.ErrClosed):
		p.log.Info("closed", "err", err)
	default:
		p.log.Warn("connection lost", "err", err)
	}
	s := p.srv
	s.mu.Lock()
	delete(s.peers, p)
	s.mu.Unlock()
	s.work.Done()
}
