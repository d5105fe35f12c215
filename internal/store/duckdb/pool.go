package duckdb

import (
	"context"
	"sync"
)

// maxIdle is how many connections wait for the next query.
const maxIdle = 4

// pool keeps connections for queries. How many are in use at once is for the caller to bound.
type pool struct {
	engine *engine
	mu     sync.Mutex
	idle   []*conn
}

func (p *pool) get() (*conn, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	return p.engine.connect()
}

func (p *pool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.interrupted || len(p.idle) >= maxIdle {
		c.close()
		return
	}
	p.idle = append(p.idle, c)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}

// read runs do with a connection of its own; the context that do gets ends with ctx and with Close.
func (s *Store) read(ctx context.Context, do func(context.Context, *conn) error) error {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	c, err := s.pool.get()
	if err != nil {
		return err
	}
	defer s.pool.put(c)
	return do(ctx, c)
}

// write runs do alone with the writer's connection, after those that came before it.
func (s *Store) write(ctx context.Context, do func(context.Context, *conn) error) error {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	select {
	case <-s.writing:
		defer func() { s.writing <- struct{}{} }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := s.renewWriter(); err != nil {
		return err
	}
	return do(ctx, s.writer)
}

// renewWriter replaces the writer's connection when its last statement was cut short.
func (s *Store) renewWriter() error {
	if !s.writer.interrupted {
		return nil
	}
	c, err := s.engine.connect()
	if err != nil {
		return err
	}
	s.writer.close()
	s.writer = c
	return nil
}
