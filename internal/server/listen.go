package server

import (
	"errors"
	"fmt"
	"net"
	"time"

	"cxlens/internal/wire"
)

// side is one of the server's two sides.
type side struct {
	name  string // in the log
	limit int    // connections
	// handler makes the owner of a new connection.
	handler func(p *peer) wire.Handler
}

// ServeNodes accepts nodes from l until Shutdown, then returns nil. It closes l.
func (s *Server) ServeNodes(l net.Listener) error {
	return s.serve(l, &side{
		name: "node", limit: s.cfg.Limits.Nodes,
		handler: func(p *peer) wire.Handler { return newNodeConn(p) },
	})
}

// ServeClients accepts clients from l until Shutdown, then returns nil. It closes l.
func (s *Server) ServeClients(l net.Listener) error {
	return s.serve(l, &side{
		name: "client", limit: s.cfg.Limits.Clients,
		handler: func(p *peer) wire.Handler { return newClientConn(p) },
	})
}

func (s *Server) serve(l net.Listener, sd *side) error {
	if !s.addListener(l) {
		return l.Close()
	}
	defer s.work.Done()
	defer s.removeListener(l)
	s.log.Debug("listening", "side", sd.name, "addr", l.Addr().String())
	var pause time.Duration
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			s.admit(nc, sd)
		case s.isClosing():
			return nil
		case !temporary(err):
			return fmt.Errorf("accept %ss at %s: %w", sd.name, l.Addr(), err)
		default:
			// Out of descriptors, mostly: what is connected goes on, and new ones wait.
			pause = min(max(2*pause, 10*time.Millisecond), time.Second)
			s.log.Warn("accept failed, trying again", "side", sd.name, "err", err, "in", pause)
			select {
			case <-time.After(pause):
			case <-s.ctx.Done():
				return nil
			}
		}
	}
}

// temporary tells whether accepting can go on: an error of one connection or of a full table of descriptors.
func temporary(err error) bool {
	if errors.Is(err, net.ErrClosed) {
		return false
	}
	var ne interface{ Temporary() bool }
	return errors.As(err, &ne) && ne.Temporary()
}

func (s *Server) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

func (s *Server) addListener(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.listeners[l] = struct{}{}
	s.work.Add(1)
	return true
}

func (s *Server) removeListener(l net.Listener) {
	l.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
}

// admit gives a new connection its owner, or closes it when its side is full.
func (s *Server) admit(nc net.Conn, sd *side) {
	p := newPeer(s, sd, nc.RemoteAddr())
	s.mu.Lock()
	n := 0
	for other := range s.peers {
		if other.side == sd {
			n++
		}
	}
	full := n >= sd.limit
	if s.closing || full {
		s.mu.Unlock()
		nc.Close()
		if full {
			s.log.Warn("connection refused: too many", "side", sd.name, "addr", p.addr, "limit", sd.limit)
		}
		return
	}
	s.peers[p] = struct{}{}
	s.work.Add(1)
	s.mu.Unlock()
	p.start(nc)
}
