package duckdb

// Watch returns a channel that gets a value after new flows were stored; values
// that nobody took coalesce. The channel is never closed: stop watching with stop.
func (s *Store) Watch() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	}
}

// notify wakes the watchers. The caller holds s.mu.
func (s *Store) notify() {
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default: // it has not seen the last one yet
		}
	}
}
