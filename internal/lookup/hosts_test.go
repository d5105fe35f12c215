package lookup

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// fakeDNS answers with what the test says, when the test says.
type fakeDNS struct {
	mu      sync.Mutex
	asked   []string
	running int
	most    int
	answer  func(ctx context.Context, addr string) ([]string, error)
}

func (f *fakeDNS) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	f.mu.Lock()
	f.asked = append(f.asked, addr)
	f.running++
	f.most = max(f.most, f.running)
	answer := f.answer
	f.mu.Unlock()
	defer func() { f.mu.Lock(); f.running--; f.mu.Unlock() }()
	return answer(ctx, addr)
}

func (f *fakeDNS) count() int { f.mu.Lock(); defer f.mu.Unlock(); return len(f.asked) }

type fakeClock struct{ at atomic.Int64 }

func (c *fakeClock) now() time.Time          { return time.Unix(1795356000, c.at.Load()) }
func (c *fakeClock) advance(d time.Duration) { c.at.Add(int64(d)) }

func addrs(n int) []netip.Addr {
	list := make([]netip.Addr, n)
	a := netip.MustParseAddr("10.0.0.0")
	for i := range list {
		a = a.Next()
		list[i] = a
	}
	return list
}

// until waits for answers until cond holds.
func until(t testing.TB, h *Hosts, cond func() bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for !cond() {
		select {
		case <-h.Changed():
		case <-deadline:
			t.Fatal("the answers do not come")
		}
	}
}

func known(h *Hosts, a netip.Addr) func() bool {
	return func() bool { _, ok := h.Of(a); return ok }
}

func TestHosts(t *testing.T) {
	dns := &fakeDNS{answer: func(_ context.Context, addr string) ([]string, error) {
		switch addr {
		case "10.0.0.1":
			return []string{"b.example.", "a.example.", "b.example."}, nil
		case "10.0.0.2":
			return []string{"\x1b[2Jevil\u202e." + strings.Repeat("ä", 300)}, nil
		case "10.0.0.3":
			return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
		}
		return nil, &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	}}
	var clock fakeClock
	h := NewHosts(dns, clock.now)
	list := addrs(4)
	if n := h.Want(list); n != 4 {
		t.Errorf("%d are asked for", n)
	}
	for _, a := range list {
		until(t, h, known(h, a))
	}
	if got, _ := h.Of(list[0]); strings.Join(got.Names, " ") != "a.example b.example" || got.Err != nil {
		t.Errorf("%+v", got)
	}
	if got, _ := h.Of(list[1]); len(got.Names) != 1 || flow.Clean(got.Names[0]) != got.Names[0] || len(got.Names[0]) > maxText+9 {
		t.Errorf("%+v", got)
	}
	if got, _ := h.Of(list[2]); got.Names != nil || got.Err != nil {
		t.Errorf("no name: %+v", got)
	}
	if got, _ := h.Of(list[3]); got.Names != nil || got.Err == nil {
		t.Errorf("a failure: %+v", got)
	}
	for _, c := range []struct {
		after time.Duration
		asks  int
	}{{0, 0}, {keepFailure, 1}, {keepNothing, 2}, {keepNames, 4}} {
		clock.advance(c.after)
		before := dns.count()
		if got := h.Want(list); got != c.asks {
			t.Errorf("%s later %d are asked for again, want %d", c.after, got, c.asks)
		}
		until(t, h, func() bool { return dns.count() == before+c.asks && asking(h) == 0 })
	}
}

func asking(h *Hosts) int { h.mu.Lock(); defer h.mu.Unlock(); return len(h.asking) }

// TestHostsAskFewAtOnce: only so many at the same time, and nothing that is no longer wanted.
func TestHostsAskFewAtOnce(t *testing.T) {
	release := make(chan struct{})
	dns := &fakeDNS{answer: func(_ context.Context, addr string) ([]string, error) { <-release; return []string{addr}, nil }}
	h := NewHosts(dns, time.Now)
	first := addrs(500)
	h.Want(first)
	last := netip.MustParseAddr("192.0.2.1")
	h.Want([]netip.Addr{last, last, netip.IPv6Unspecified(), netip.MustParseAddr("224.0.0.251"), netip.MustParseAddr("255.255.255.255"), {}})
	if !h.Asking(last) || h.Asking(first[100]) {
		t.Error("what is wanted is not what was wanted last")
	}
	close(release)
	until(t, h, known(h, last))
	until(t, h, func() bool { return asking(h) == 0 })
	if n := dns.count(); n != maxAsking+1 || h.Asked() != uint64(n) {
		t.Errorf("%d were asked for: %q", n, dns.asked)
	}
	if dns.most > maxAsking {
		t.Errorf("%d at the same time", dns.most)
	}
}

// TestHostsStop: nothing is asked for after Stop, and what comes late is not taken in.
func TestHostsStop(t *testing.T) {
	ended := make(chan error, 100)
	began := make(chan struct{}, 100)
	dns := &fakeDNS{answer: func(ctx context.Context, addr string) ([]string, error) {
		began <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return []string{"late.example"}, nil
	}}
	h := NewHosts(dns, time.Now)
	list := addrs(100)
	h.Want(list)
	for range maxAsking {
		<-began
	}
	h.Stop()
	for range maxAsking {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended by %v", err)
		}
	}
	dns.mu.Lock()
	dns.answer = func(context.Context, string) ([]string, error) { return []string{"new.example"}, nil }
	dns.mu.Unlock()
	h.Want(list[:1])
	until(t, h, known(h, list[0]))
	if got, _ := h.Of(list[0]); got.Names[0] != "new.example" {
		t.Errorf("a late answer was taken in: %v", got.Names)
	}
	for _, a := range list[1:] {
		if _, ok := h.Of(a); ok || h.Asking(a) {
			t.Errorf("%s was asked for after the stop", a)
		}
	}
	if n := dns.count(); n != maxAsking+1 {
		t.Errorf("%d look-ups", n)
	}
}

func TestHostsGiveUp(t *testing.T) {
	dns := &fakeDNS{answer: func(ctx context.Context, _ string) ([]string, error) { <-ctx.Done(); return nil, ctx.Err() }}
	h := NewHosts(dns, time.Now)
	h.timeout = time.Millisecond
	a := addrs(1)[0]
	h.Want([]netip.Addr{a})
	until(t, h, known(h, a))
	if got, _ := h.Of(a); !errors.Is(got.Err, context.DeadlineExceeded) {
		t.Errorf("%+v", got)
	}
}

func TestHostsAreBounded(t *testing.T) {
	h := NewHosts(&fakeDNS{}, time.Now)
	list := addrs(maxHosts + 50)
	for _, a := range list {
		h.keep(a, Host{})
		h.keep(a, Host{})
	}
	if len(h.known) != maxHosts || len(h.order) != maxHosts {
		t.Errorf("%d answers in an order of %d", len(h.known), len(h.order))
	}
	if _, ok := h.Of(list[0]); ok {
		t.Error("the oldest one is kept")
	}
	if _, ok := h.Of(list[len(list)-1]); !ok {
		t.Error("the newest one is gone")
	}
}

// TestSystemResolver asks a DNS server on the loopback as the system's resolver would, and counts.
func TestSystemResolver(t *testing.T) {
	server := newServer(t, "web1.lab.example")
	r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", server.addr)
	}}
	h := NewHosts(r, time.Now)
	a := netip.MustParseAddr("198.51.100.7")
	if server.queries.Load() != 0 {
		t.Fatal("asked before anything was wanted")
	}
	h.Want([]netip.Addr{a})
	until(t, h, known(h, a))
	if got, _ := h.Of(a); got.Err != nil || strings.Join(got.Names, " ") != "web1.lab.example" {
		t.Errorf("%+v", got)
	}
	if n := server.queries.Load(); n != 1 {
		t.Errorf("%d queries", n)
	}
	h.Want([]netip.Addr{a})
	h.Stop()
	if n := server.queries.Load(); n != 1 {
		t.Errorf("%d queries for what is known", n)
	}
}

// dnsServer answers every question with the same PTR record.
type dnsServer struct {
	addr    string
	queries atomic.Int64
}

func newServer(t *testing.T, name string) *dnsServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &dnsServer{addr: conn.LocalAddr().String()}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			s.queries.Add(1)
			conn.WriteTo(ptrReply(buf[:n], name), from)
		}
	}()
	return s
}

// ptrReply is a reply (RFC 1035 section 4) to the one question of query.
func ptrReply(query []byte, name string) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5
	var data []byte
	for label := range strings.SplitSeq(name, ".") {
		data = append(append(data, byte(len(label))), label...)
	}
	data = append(data, 0)
	out := slices.Clone(query[:end])
	binary.BigEndian.PutUint16(out[2:], 0x8180)
	binary.BigEndian.PutUint16(out[6:], 1) // one answer, and none in the other parts
	binary.BigEndian.PutUint32(out[8:], 0)
	out = append(out, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60)
	out = binary.BigEndian.AppendUint16(out, uint16(len(data)))
	return append(out, data...)
}

func TestShownIsCleanAndShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 600), func(b []byte) string { return string(b) })).Draw(t, "text")
		got := shown(s)
		if flow.Clean(got) != got || len([]rune(got)) > maxText+1 {
			t.Fatalf("%q is shown as %q", s, got)
		}
		if len(s) <= maxText && got != flow.Clean(s) {
			t.Fatalf("%q lost something: %q", s, got)
		}
	})
}

func BenchmarkHostsOf(b *testing.B) {
	h := NewHosts(&fakeDNS{}, time.Now)
	list := addrs(maxHosts)
	for i, a := range list {
		h.keep(a, Host{Names: []string{fmt.Sprint(i)}})
	}
	for i := 0; b.Loop(); i++ {
		h.Of(list[i%len(list)])
	}
}
