package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// DialTimeout bounds Dial, the TLS handshake included, where the context does not end sooner.
const DialTimeout = 10 * time.Second

// ErrPlain is Dial's refusal to send a secret over a network in plain text.
var ErrPlain = errors.New("a plain connection would show the secret to the network")

// Options says how Dial protects a connection.
type Options struct {
	TLS      *tls.Config // nil: plain TCP, which only loopback or Insecure allow
	Insecure bool        // plain TCP to anywhere
}

// Dial connects to addr (host:port). Without TLS it connects to this machine only, unless
// o.Insecure says that the network is trusted: ErrPlain.
func Dial(ctx context.Context, addr string, o Options) (net.Conn, error) {
	if err := Check(addr, o); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	if o.TLS != nil {
		d := tls.Dialer{Config: o.TLS}
		nc, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("connect to %s with TLS: %w", addr, reason(err))
		}
		return nc, nil
	}
	var d net.Dialer
	nc, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", addr, reason(err))
	}
	// The name localhost is what the resolver says it is.
	if !o.Insecure && !Loopback(nc.RemoteAddr().String()) {
		nc.Close()
		return nil, plainError(addr)
	}
	return nc, nil
}

// reason leaves out what a net.OpError says of the address and the call: the message has it already.
func reason(err error) error {
	op := (*net.OpError)(nil)
	if !errors.As(err, &op) || op.Op != "dial" {
		return err
	}
	if call := (*os.SyscallError)(nil); errors.As(op.Err, &call) {
		return call.Err
	}
	return op.Err
}

// Check says, without connecting, what Dial would refuse.
func Check(addr string, o Options) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("server address %q: want host:port", addr)
	}
	if o.TLS == nil && !o.Insecure && !Loopback(addr) {
		return plainError(addr)
	}
	return nil
}

func plainError(addr string) error {
	return fmt.Errorf("%s is not this machine: %w; give the fingerprint that `cxlens serve` printed, or --insecure", addr, ErrPlain)
}
