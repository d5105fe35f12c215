package main

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// The fields of the three forms of a session line (protocol.md section 6).
const (
	standard  = 15
	indexed98 = 19
	indexed   = 20
)

// firstSession is when session 0 starts.
var firstSession = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

// session is number i of the flows that the tests know: it starts i seconds after the first and
// has i+100 source bytes, so that no two are alike in these.
func session(i, fields int) string {
	start := firstSession.Add(time.Duration(i) * time.Second)
	end := start.Add(time.Duration(i%30) * time.Second)
	src, dst := fmt.Sprintf("10.0.%d.%d", i/250%250, i%250+1), "192.0.2.9"
	proto, port, flags := 6, 443, "27|27"
	version := 2
	switch {
	case i%10 == 9:
		src, dst, version = fmt.Sprintf("2001:db8::%x:1", i%0xfffe+1), "2001:db8:9::2", 10
	case i%2 == 1:
		proto, port, flags, dst = 17, 53, "0|0", "192.0.2.53"
	}
	if version == 2 && fields == standard {
		src, dst = decimal(src), decimal(dst)
	}
	const layout = "2006-01-02 15:04:05"
	line := fmt.Sprintf("%d%09d|%s|%s|%d|%d|%s|%d|%s|%d|%d|%d|%d|%d|%s",
		start.Unix(), i, start.Format(layout), end.Format(layout), i%30, proto, src, 1024+i%60000, dst, port,
		1+i%7, 100+i, 1+i%5, 2*i, flags)
	switch fields {
	case indexed98:
		line += fmt.Sprintf("|pcap.%d|%d|pcap.%d|%d", start.Unix(), 24+i, start.Unix(), 124+i)
	case indexed:
		line += fmt.Sprintf("|%d|pcap.%d|%d|pcap.%d|%d", version, start.Unix(), 24+i, start.Unix(), 124+i)
	}
	return line + "\n"
}

// decimal is an IPv4 address as one number.
func decimal(s string) string {
	a := netip.MustParseAddr(s).As4()
	return fmt.Sprint(uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3]))
}

// sessions are the flows from number first on.
func sessions(first, n, fields int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(session(first+i, fields))
	}
	return b.String()
}

// sessionFile writes the flows into a file that is alone in its folder.
func sessionFile(t *testing.T, first, n, fields int) string {
	t.Helper()
	return save(t, t.TempDir()+"/stats.eth1.1795161600", sessions(first, n, fields), 0o600)
}
