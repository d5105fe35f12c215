package main

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"cxlens/client"
	"cxlens/internal/config"
	"cxlens/internal/secret"
	"cxlens/internal/transport"
)

// serverFlags say which server to connect to as which client. CXLENS_SERVER,
// CXLENS_CLIENT and CXLENS_SECRET stand in for them, then the configuration.
type serverFlags struct {
	server      string
	client      string
	secretFile  string
	fingerprint string
	insecure    bool
}

func (f *serverFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.server, "server", os.Getenv("CXLENS_SERVER"), "server: HOST:PORT, or a name from the configuration")
	set.StringVar(&f.client, "client", os.Getenv("CXLENS_CLIENT"), "name of the client account")
	set.StringVar(&f.secretFile, "secret-file", "", "file with the account's secret, readable by its owner only")
	set.StringVar(&f.fingerprint, "fingerprint", "", "SHA-256 fingerprint of the server's certificate, as serve prints it")
	set.BoolVar(&f.insecure, "insecure", false, "allow a connection without TLS to another machine")
}

// target is a server to connect to and the account to use.
type target struct{ config.Server }

// target joins flags, environment and configuration; ok is false when none names a server.
func (f *serverFlags) target(cfg *config.Config) (t target, ok bool, err error) {
	if strings.Contains(f.server, ":") {
		t, ok = target{config.Server{Address: f.server}}, true
	} else {
		t.Server, ok, err = cfg.Choose(f.server)
		if err != nil {
			return t, false, usageError{err}
		}
	}
	if f.client != "" {
		t.Client = f.client
	}
	if f.secretFile != "" {
		t.SecretFile, t.SecretCommand = f.secretFile, nil
	}
	if f.fingerprint != "" {
		t.Fingerprint = f.fingerprint
	}
	t.Insecure = t.Insecure || f.insecure
	return t, ok, nil
}

// secret fetches the secret from the file or command, or from CXLENS_SECRET; "" when none is given.
func (f *serverFlags) secret(ctx context.Context, t target) (string, error) {
	if f.secretFile == "" {
		if s := os.Getenv("CXLENS_SECRET"); s != "" {
			return s, nil
		}
	}
	return t.Secret(ctx)
}

func (t target) clientConfig(secret string, log *slog.Logger) client.Config {
	c := client.Config{Server: t.Address, Name: t.Client, Secret: secret, Insecure: t.Insecure, Log: log}
	if t.Fingerprint != "" {
		c.TLS = transport.ClientTLS(t.Fingerprint)
	}
	return c
}

// requireSecret reads a secret file that a command cannot do without.
func requireSecret(path string) (string, error) {
	if path == "" {
		if s := os.Getenv("CXLENS_SECRET"); s != "" {
			return s, nil
		}
		return "", usagef("no secret: name its file with --secret-file, or set CXLENS_SECRET")
	}
	return secret.ReadFile(path)
}
