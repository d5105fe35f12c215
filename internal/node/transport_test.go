package node_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cxlens/internal/node"
	"cxlens/internal/wire"
)

// TestConfig: what cannot work is refused before anything is dialled.
func TestConfig(t *testing.T) {
	good := node.Config{Server: "127.0.0.1:1", Agent: "a", Secret: "s", Name: "n"}
	for want, change := range map[string]func(*node.Config){
		"the agent's name is missing":           func(c *node.Config) { c.Agent = "" },
		"the agent's secret is missing":         func(c *node.Config) { c.Secret = "" },
		"the node's name is missing":            func(c *node.Config) { c.Name = "" },
		"the server's address is missing":       func(c *node.Config) { c.Server = "" },
		"192.0.2.1:10101 is not this machine":   func(c *node.Config) { c.Server = "192.0.2.1" },
		"sensors.example:9 is not this machine": func(c *node.Config) { c.Server = "sensors.example:9" },
		"[2001:db8::1]:10101 is not ":           func(c *node.Config) { c.Server = "2001:db8::1" },
	} {
		cfg := good
		change(&cfg)
		if err := node.Run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestPlainBytes speaks to the node by hand, over TCP, as the document prints it.
func TestPlainBytes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skipf("no loopback here: %v", err)
	}
	defer l.Close()
	over := make(chan error, 1)
	cfg := node.Config{Server: l.Addr().String(), Agent: "a", Secret: "s", Name: "n", Netgroup: "g", Once: true}
	go func() { over <- node.Run(t.Context(), cfg, &list{blocks: []string{row}}) }()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	var request struct {
		ID     int
		Method string
	}
	dec := json.NewDecoder(c)
	for _, method := range []string{"authenticate", "identify"} {
		if err := dec.Decode(&request); err != nil || request.Method != method {
			t.Fatalf("%+v, %v", request, err)
		}
		fmt.Fprintf(c, "{\n  \"jsonrpc\": \"2.0\",\n  \"id\": \"%d\",\n  \"result\": { \"id\": 1, \"status\": {} }\n}\n", request.ID)
	}
	in := io.MultiReader(dec.Buffered(), c)
	for _, step := range []struct{ read, write string }{
		{"\nPOST DATA\n", "NSMF/1.0 200 OK ACCEPTED\n"}, {row + ".\r\n", "200 OK ACCEPTED\n"}, {"BYE\n", "200 OK ACCEPTED\n"},
	} {
		got := make([]byte, len(step.read))
		if _, err := io.ReadFull(in, got); err != nil || string(got) != step.read {
			t.Fatalf("read %q, %v, want %q", got, err, step.read)
		}
		if _, err := io.WriteString(c, step.write); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-over; err != nil {
		t.Error(err)
	}
}

// TestTLS: a certificate that is trusted is enough for any address; one that is not is told and tried again.
func TestTLS(t *testing.T) {
	lender := httptest.NewTLSServer(nil) // for its certificate of 127.0.0.1
	defer lender.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: lender.TLS.Certificates})
	if err != nil {
		t.Skipf("no loopback here: %v", err)
	}
	defer l.Close()
	s := newServer()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wire.New(c, serverSide{s}, wire.Config{})
		}
	}()
	cfg := config(s)
	cfg.Dial, cfg.Server = nil, l.Addr().String()
	roots := lender.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	cfg.TLS = &tls.Config{RootCAs: roots}
	if err := node.Run(t.Context(), cfg, &list{blocks: []string{row}}); err != nil || len(s.blocks) != 1 {
		t.Errorf("%v, %d blocks", err, len(s.blocks))
	}

	ctx, cancel := context.WithCancel(t.Context())
	var state node.State
	cfg.TLS = &tls.Config{RootCAs: x509.NewCertPool()}
	cfg.State = func(st node.State) { state = st; cancel() }
	if err := node.Run(ctx, cfg, &list{}); !errors.Is(err, context.Canceled) || state.Err == nil || !strings.Contains(state.Err.Error(), "TLS: ") {
		t.Errorf("%v, %+v", err, state)
	}
}
