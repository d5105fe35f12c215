package server

import (
	"fmt"
	"time"
)

// Limits bounds what peers can make the server do. Zero values are the defaults named here.
type Limits struct {
	Nodes   int `toml:"nodes"`   // connections on the node side, authenticated or not; 256
	Clients int `toml:"clients"` // connections on the client side; 256

	Queries int `toml:"queries"` // of one client, running at once; 8
	Queued  int `toml:"queued"`  // of one client, waiting or following; 64
	Groups  int `toml:"groups"`  // rows of a top query at most; 100,000. The result says how many groups there are.

	PartRows  int `toml:"part_rows"`  // of a result part; 10,000 (protocol.md section 3)
	PartBytes int `toml:"part_bytes"` // of a result part; 1 MiB

	ObjectBytes int `toml:"object_bytes"` // of a JSON object of a peer; 1 MiB (protocol.md section 2)
	LineBytes   int `toml:"line_bytes"`   // of a text line of a peer; 64 KiB
	BlockBytes  int `toml:"block_bytes"`  // of a data block of a peer; 64 MiB
}

// The defaults of Config.
const (
	DefaultPingInterval     = 5 * time.Second
	DefaultEstablishTimeout = 10 * time.Second
)

// minPartBytes leaves room for a part's header and a row of any length that a line may have.
const minPartBytes = 64 << 10

// withDefaults fills the zero values in and refuses what cannot work.
func (l Limits) withDefaults() (Limits, error) {
	for _, f := range []struct {
		name          string
		value         *int
		def, min, max int
	}{
		{"nodes", &l.Nodes, 256, 1, 100_000},
		{"clients", &l.Clients, 256, 1, 100_000},
		{"queries", &l.Queries, 8, 1, 1_000},
		{"queued", &l.Queued, 64, 1, 10_000},
		{"groups", &l.Groups, 100_000, 1, 10_000_000},
		{"part_rows", &l.PartRows, 10_000, 1, 1_000_000},
		{"part_bytes", &l.PartBytes, 1 << 20, minPartBytes, 64 << 20},
		{"object_bytes", &l.ObjectBytes, 1 << 20, 1 << 10, 256 << 20},
		{"line_bytes", &l.LineBytes, 64 << 10, 1 << 10, 16 << 20},
		{"block_bytes", &l.BlockBytes, 64 << 20, 64 << 10, 1 << 30},
	} {
		if *f.value == 0 {
			*f.value = f.def
		}
		if *f.value < f.min || *f.value > f.max {
			return l, fmt.Errorf("limit %s is %d: want %d to %d", f.name, *f.value, f.min, f.max)
		}
	}
	return l, nil
}
