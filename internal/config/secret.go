package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"cxlens/internal/secret"
)

// commandTimeout bounds a secret_command.
const commandTimeout = 30 * time.Second

// Secret fetches the server's secret from its file or command; "" when it has neither.
func (s Server) Secret(ctx context.Context) (string, error) {
	switch {
	case s.SecretFile != "" && len(s.SecretCommand) > 0:
		return "", errors.New("secret_file and secret_command are both given; keep one")
	case s.SecretFile != "":
		return secret.ReadFile(s.SecretFile)
	case len(s.SecretCommand) > 0:
		return runSecretCommand(ctx, s.SecretCommand)
	}
	return "", nil
}

// runSecretCommand returns the first line that the command prints. What else it prints may be secret too and is not repeated.
func runSecretCommand(ctx context.Context, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	if err != nil {
		return "", fmt.Errorf("secret_command %s: %w", argv[0], err)
	}
	line, _, _ := bytes.Cut(out, []byte("\n"))
	if line = bytes.TrimRight(line, "\r"); len(line) == 0 {
		return "", fmt.Errorf("secret_command %s printed no secret", argv[0])
	}
	return string(line), nil
}
