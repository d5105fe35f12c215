package wire

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"testing"
	"time"
)

// benchPair connects two Conns, in memory or over loopback TCP.
func benchPair(b *testing.B, tcp bool) (*Conn, *Conn) {
	near, far := Pipe()
	if tcp {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Skip(err)
		}
		defer l.Close()
		if near, err = net.Dial("tcp", l.Addr().String()); err != nil {
			b.Fatal(err)
		}
		if far, err = l.Accept(); err != nil {
			b.Fatal(err)
		}
	}
	x, y := New(near, newOwner(), Config{}), New(far, newOwner(), Config{})
	b.Cleanup(func() {
		x.Close()
		y.Close()
	})
	return x, y
}

// BenchmarkPost sends blocks of 1 MiB in lines of 128 bytes.
func BenchmarkPost(b *testing.B) {
	data := bytes.Repeat([]byte(fmt.Sprintf("%127s\n", "x")), 8192)
	for _, tcp := range []bool{false, true} {
		b.Run(map[bool]string{false: "memory", true: "tcp"}[tcp], func(b *testing.B) {
			x, _ := benchPair(b, tcp)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := x.Post(bg, "CXTRACKER", data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPing measures a PING while blocks of 1 MiB go the same way without a pause.
func BenchmarkPing(b *testing.B) {
	data := bytes.Repeat([]byte(fmt.Sprintf("%127s\n", "x")), 8192)
	for _, tcp := range []bool{false, true} {
		b.Run(map[bool]string{false: "memory", true: "tcp"}[tcp], func(b *testing.B) {
			x, _ := benchPair(b, tcp)
			ctx, cancel := context.WithCancel(bg)
			posted := make(chan struct{})
			go func() {
				defer close(posted)
				for ctx.Err() == nil {
					_ = x.Post(ctx, "CXTRACKER", data)
				}
			}()
			var worst time.Duration
			for b.Loop() {
				began := time.Now()
				if _, _, err := x.Ping(bg); err != nil {
					b.Fatal(err)
				}
				worst = max(worst, time.Since(began))
			}
			b.ReportMetric(float64(worst.Microseconds()), "worst-µs")
			cancel()
			<-posted
		})
	}
}

// BenchmarkCall measures a JSON-RPC call.
func BenchmarkCall(b *testing.B) {
	x, _ := benchPair(b, false)
	for b.Loop() {
		if err := x.Call(bg, "m", nil, nil); err == nil {
			b.Fatal("the default owner knows no method")
		}
	}
}
