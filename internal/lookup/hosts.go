package lookup

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds of the look-ups in the DNS.
const (
	maxAsking  = 8               // at the same time
	askTimeout = 3 * time.Second // for one address
	maxHosts   = 8192            // answers that are kept, the newest ones
	maxWanted  = 1024            // addresses that wait to be asked for
	maxNames   = 8               // of one address
)

// How long answers hold. A resolver does not tell how long they may be kept.
const (
	keepNames   = time.Hour
	keepNothing = 15 * time.Minute
	keepFailure = time.Minute
)

// Resolver asks the DNS for the names of an address; *net.Resolver is one.
type Resolver interface {
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Host is what the DNS said of an address.
type Host struct {
	// Names are the names, clean, without the dot at the end, in order; none when there are none.
	Names []string
	// Err is why nothing is known, nil when the DNS answered.
	Err error

	until time.Time
}

// Hosts looks names up in the DNS, in the background. It is safe for concurrent use.
type Hosts struct {
	resolver Resolver
	now      func() time.Time
	timeout  time.Duration
	changed  chan struct{}

	mu     sync.Mutex
	known  map[netip.Addr]Host
	order  []netip.Addr // of known, as they came
	queue  []netip.Addr // wanted and not asked for yet
	asking map[netip.Addr]bool
	ctx    context.Context // of the look-ups since the last Stop
	stop   context.CancelFunc
	asked  uint64
}

// NewHosts returns Hosts that know nothing and ask nobody before Want. A nil resolver is the system's.
func NewHosts(r Resolver, now func() time.Time) *Hosts {
	if r == nil {
		r = &net.Resolver{}
	}
	return &Hosts{
		resolver: r, now: now, timeout: askTimeout, changed: make(chan struct{}, 1),
		known: make(map[netip.Addr]Host), asking: make(map[netip.Addr]bool),
	}
}

// Want has the names of these addresses looked up that are not known, the first ones first, and
// forgets those that were wanted before and not asked for yet; those beyond 1024 are left out. It
// does not wait, and returns how many addresses are to be asked for.
func (h *Hosts) Want(addrs []netip.Addr) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	h.queue = h.queue[:0]
	for _, a := range addrs {
		host, ok := h.known[a]
		if ok && now.Before(host.until) || h.asking[a] || !askable(a) || slices.Contains(h.queue, a) {
			continue
		}
		if h.queue = append(h.queue, a); len(h.queue) == maxWanted {
			break
		}
	}
	wanted := len(h.queue)
	if wanted == 0 {
		return 0
	}
	if h.ctx == nil {
		h.ctx, h.stop = context.WithCancel(context.Background())
	}
	for _, a := range h.take(maxAsking - len(h.asking)) {
		go h.ask(h.ctx, a)
	}
	return wanted
}

// askable tells whether an address can have a name at all.
func askable(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsMulticast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// take moves up to n addresses from the queue to those that are asked for.
func (h *Hosts) take(n int) []netip.Addr {
	n = min(max(n, 0), len(h.queue))
	taken := slices.Clone(h.queue[:n])
	h.queue = h.queue[n:]
	for _, a := range taken {
		h.asking[a] = true
		h.asked++
	}
	return taken
}

// ask asks for one address after another until nothing is wanted.
func (h *Hosts) ask(ctx context.Context, a netip.Addr) {
	for {
		host := h.lookUp(ctx, a)
		h.mu.Lock()
		if ctx != h.ctx { // stopped meanwhile
			h.mu.Unlock()
			return
		}
		delete(h.asking, a)
		h.keep(a, host)
		next := h.take(1)
		h.mu.Unlock()
		select {
		case h.changed <- struct{}{}:
		default:
		}
		if len(next) == 0 {
			return
		}
		a = next[0]
	}
}

func (h *Hosts) lookUp(ctx context.Context, a netip.Addr) Host {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	names, err := h.resolver.LookupAddr(ctx, a.String())
	host := Host{Names: cleanNames(names)}
	var dns *net.DNSError
	switch now := h.now(); {
	case len(host.Names) > 0: // names beside an error are those of it that are sound
		host.until = now.Add(keepNames)
	case err == nil || errors.As(err, &dns) && dns.IsNotFound:
		host.until = now.Add(keepNothing)
	default:
		host.Err, host.until = err, now.Add(keepFailure)
	}
	return host
}

// cleanNames are names as they may be shown: whoever owns an address chooses them.
func cleanNames(names []string) []string {
	var out []string
	for _, n := range names {
		n = shown(strings.TrimSuffix(n, "."))
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out[:min(len(out), maxNames)]
}

// keep takes in an answer; the oldest one goes when there are too many.
func (h *Hosts) keep(a netip.Addr, host Host) {
	if _, ok := h.known[a]; !ok {
		if len(h.order) >= maxHosts {
			delete(h.known, h.order[0])
			h.order = h.order[1:]
		}
		h.order = append(h.order, a)
	}
	h.known[a] = host
}

// Of returns what the DNS said of an address; ok is false when it was not asked, or has not answered.
func (h *Hosts) Of(a netip.Addr) (host Host, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	host, ok = h.known[a]
	return host, ok
}

// Asking tells whether the DNS is being asked for an address, or will be.
func (h *Hosts) Asking(a netip.Addr) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asking[a] || slices.Contains(h.queue, a)
}

// Asked is how many look-ups were begun.
func (h *Hosts) Asked() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// Changed receives after answers came.
func (h *Hosts) Changed() <-chan struct{} { return h.changed }

// Stop ends the look-ups at once and forgets what was wanted; answers stay. Want begins again.
func (h *Hosts) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop != nil {
		h.stop()
	}
	h.ctx, h.stop, h.queue = nil, nil, nil
	clear(h.asking)
}
