package server

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// ConfigFile is the name of the configuration in a server's folder.
const ConfigFile = "server.toml"

// The addresses of protocol.md section 1.
const (
	DefaultNodeAddr   = "127.0.0.1:10101"
	DefaultClientAddr = "127.0.0.1:10201"
)

// Settings is server.toml.
type Settings struct {
	NodeAddr         string        `toml:"node_addr"`         // host:port; 127.0.0.1:10101
	ClientAddr       string        `toml:"client_addr"`       // host:port; 127.0.0.1:10201
	Insecure         bool          `toml:"insecure"`          // plain TCP on addresses that are not of this machine
	PingInterval     time.Duration `toml:"ping_interval"`     // "5s"
	EstablishTimeout time.Duration `toml:"establish_timeout"` // "10s"
	Limits           Limits        `toml:"limits"`
}

// LoadDir reads the settings of a server's folder and fills in the defaults; a folder without server.toml has
// the defaults. Errors name the file and the key.
func LoadDir(dir string) (Settings, error) {
	s := Settings{
		NodeAddr: DefaultNodeAddr, ClientAddr: DefaultClientAddr,
		PingInterval: DefaultPingInterval, EstablishTimeout: DefaultEstablishTimeout,
	}
	switch info, err := os.Stat(dir); {
	case err != nil:
		return s, fmt.Errorf("the server's folder: %w", err)
	case !info.IsDir():
		return s, fmt.Errorf("the server's folder: %s is not a folder", dir)
	}
	path := filepath.Join(dir, ConfigFile)
	data, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := s.decode(string(data)); err != nil {
			return s, fmt.Errorf("%s: %w", path, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return s, fmt.Errorf("read the server's settings: %w", err)
	}
	if s.Limits, err = s.Limits.withDefaults(); err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func (s *Settings) decode(text string) error {
	meta, err := toml.Decode(text, s)
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if keys := meta.Undecoded(); len(keys) > 0 {
		return fmt.Errorf("unknown key %s", keys[0])
	}
	for _, a := range []struct{ key, addr string }{{"node_addr", s.NodeAddr}, {"client_addr", s.ClientAddr}} {
		if _, _, err := net.SplitHostPort(a.addr); err != nil {
			return fmt.Errorf("%s is %q: want host:port", a.key, a.addr)
		}
	}
	for _, d := range []struct {
		key   string
		value time.Duration
	}{{"ping_interval", s.PingInterval}, {"establish_timeout", s.EstablishTimeout}} {
		if d.value < 10*time.Millisecond || d.value > time.Hour {
			return fmt.Errorf("%s is %v: want 10ms to 1h", d.key, d.value)
		}
	}
	return nil
}
