package transport

import (
	"net"
	"net/netip"
	"strings"
)

// Loopback reports whether addr (host:port, or a host alone) is of this machine: a loopback address
// or the name localhost. An address without a host, which listens everywhere, is not.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(addr, "["), "]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
