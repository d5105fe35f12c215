package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoopback(t *testing.T) {
	tests := map[string]bool{
		"127.0.0.1:10101":        true,
		"127.8.9.10:1":           true,
		"[::1]:10101":            true,
		"[::ffff:127.0.0.1]:1":   true,
		"localhost:1":            true,
		"LOCALHOST:1":            true,
		"127.0.0.1":              true,
		"::1":                    true,
		":10101":                 false,
		"0.0.0.0:10101":          false,
		"[::]:10101":             false,
		"10.0.0.1:10101":         false,
		"localhost.example.com:": false,
		"127.0.0.1.example.com:": false,
		"":                       false,
	}
	for addr, want := range tests {
		if got := Loopback(addr); got != want {
			t.Errorf("Loopback(%q) = %v", addr, got)
		}
	}
}

func TestDialRefusesPlainNetwork(t *testing.T) {
	_, err := Dial(context.Background(), "192.0.2.1:10101", Options{})
	if !errors.Is(err, ErrPlain) || !strings.Contains(err.Error(), "--insecure") {
		t.Errorf("got %v", err)
	}
	if _, err = Dial(context.Background(), "192.0.2.1", Options{}); err == nil || !strings.Contains(err.Error(), "host:port") {
		t.Errorf("an address without port gave %v", err)
	}
	// With Insecure the refusal is gone and the context's end is what is left.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = Dial(ctx, "192.0.2.1:10101", Options{Insecure: true}); err == nil || errors.Is(err, ErrPlain) {
		t.Errorf("insecure gave %v", err)
	}
}

// serve answers every connection to l with its own bytes.
func serve(t *testing.T, l net.Listener) string {
	t.Helper()
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer nc.Close()
				io.Copy(nc, nc)
			}()
		}
	}()
	return l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func echo(t *testing.T, nc net.Conn) {
	t.Helper()
	defer nc.Close()
	buf := make([]byte, 5)
	if _, err := nc.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(nc, buf); err != nil || string(buf) != "hello" {
		t.Fatalf("echo %q, %v", buf, err)
	}
}

func TestDialPlain(t *testing.T) {
	addr := serve(t, listen(t))
	nc, err := Dial(context.Background(), addr, Options{})
	if err != nil {
		t.Fatal(err)
	}
	echo(t, nc)
}

func TestServerTLSAndPin(t *testing.T) {
	dir := t.TempDir()
	cfg, print1, err := ServerTLS(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, print2, err := ServerTLS(dir)
	if err != nil || print1 != print2 {
		t.Fatalf("the second start made %s of %s, %v", print2, print1, err)
	}
	if info, err := os.Stat(filepath.Join(dir, KeyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key: %v, %v", info, err)
	}
	addr := serve(t, tls.NewListener(listen(t), cfg))

	colons := "SHA256:"
	for i := 0; i < len(print1); i += 2 {
		colons += strings.ToUpper(print1[i:i+2]) + ":"
	}
	for _, fp := range []string{print1, strings.TrimSuffix(colons, ":")} {
		nc, err := Dial(context.Background(), addr, Options{TLS: ClientTLS(fp)})
		if err != nil {
			t.Fatal(err)
		}
		echo(t, nc)
	}
	other := strings.Repeat("0", 64)
	if _, err = Dial(context.Background(), addr, Options{TLS: ClientTLS(other)}); err == nil ||
		!strings.Contains(err.Error(), print1) || !strings.Contains(err.Error(), other) {
		t.Errorf("another certificate gave %v", err)
	}
	if _, err = Dial(context.Background(), addr, Options{TLS: ClientTLS("nonsense")}); err == nil ||
		!strings.Contains(err.Error(), `"nonsense"`) {
		t.Errorf("a fingerprint that is none gave %v", err)
	}
}

func TestServerTLSKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := ServerTLS(dir); err != nil {
		t.Fatal(err)
	}
	key, cert := filepath.Join(dir, KeyFile), filepath.Join(dir, CertFile)
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ServerTLS(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("an open key gave %v", err)
	}
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ServerTLS(dir); err == nil || !strings.Contains(err.Error(), CertFile) {
		t.Errorf("a missing certificate gave %v", err)
	}
	if err := os.Rename(key, cert); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ServerTLS(dir); err == nil || !strings.Contains(err.Error(), KeyFile) {
		t.Errorf("a missing key gave %v", err)
	}
	if _, _, err := ServerTLS(filepath.Join(dir, "none")); err == nil {
		t.Error("a missing folder gave no error")
	}
}
