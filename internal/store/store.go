// Package store is the interface to the flow store: blocks of flows are appended
// whole or not at all and come back as rows, counts, top values and timelines.
// It may import query and flow; the engines (duckdb) live in folders below it.
package store

import (
	"context"
	"errors"

	"cxlens/internal/flow"
	"cxlens/query"
)

// ErrDuplicate is Append's answer to a block that is stored already (protocol.md section 6).
var ErrDuplicate = errors.New("block is stored already")

// ErrClosed is the error of a method that is called after Close, and of one that Close ended.
var ErrClosed = errors.New("flow store is closed")

// Block is what one POST DATA brought: its good lines as records and its bad ones.
type Block struct {
	// Hash identifies the block's bytes; a block of the same node and hash is stored once.
	Hash     [32]byte
	Records  []flow.Record
	Rejected []Rejected
}

// Rejected is a line of an otherwise good block that could not be read.
type Rejected struct {
	Line   int // from 1
	Text   string
	Reason string
}

// Query asks for flows. A flow matches when From <= start < To (microseconds UTC; nil is no
// bound), Where says so, and its sequence number is above AfterSeq.
type Query struct {
	Where    *query.Query // nil: any
	Env      query.Env
	From, To *int64
	Order    []flow.SortKey // ties, and no order at all: by sequence number
	Limit    int64          // rows at most; 0: no limit
	AfterSeq uint64

	// Steps makes Top group by the steps of columns that have some (query/steps), whose text is then the
	// value, and Shift is how many microseconds the days of steps of time begin before those of UTC.
	Steps bool
	Shift int64
}

// Totals sums up the flows that match a query.
type Totals struct {
	Flows, Bytes, Packets uint64
	First, Last           int64 // first and last start, microseconds UTC; 0 without flows
	LastSeq               uint64
}

// Metric is what Top and Timeline sum: Flows, Bytes or Packets (of both sides).
type Metric string

// The metrics.
const (
	Flows   Metric = "flows"
	Bytes   Metric = "bytes"
	Packets Metric = "packets"
)

// Group is one row of Top: the values of the grouping columns as their CSV text, the sums, and the
// first and last start in microseconds UTC.
type Group struct {
	Values                []string
	Flows, Bytes, Packets uint64
	First, Last           int64
}

// Bucket is one column of a timeline: the flows whose start is in [Start, Start+width).
type Bucket struct {
	Start                 int64 // microseconds UTC
	Flows, Bytes, Packets uint64
}

// Layer is what a series of a stacked timeline has in a bucket.
type Layer struct {
	Bucket
	Series int // from 1, the highest metric first; 0 is what no series has
}

// NodeStats is what the store knows of a node's flows.
type NodeStats struct {
	Flows          uint64
	Oldest, Newest int64 // start of the oldest and the newest flow, microseconds UTC; 0 without flows
}

// Store keeps flows. All methods are safe for concurrent use; every one stops when its context is done.
type Store interface {
	// SaveNode stores what a node id stands for, replacing what was known of it.
	SaveNode(ctx context.Context, n flow.NodeInfo) error
	// Nodes lists the nodes that were ever saved, ordered by id.
	Nodes(ctx context.Context) ([]flow.NodeInfo, error)
	// Append stores a block of a node durably, whole or not at all. ErrDuplicate: it is there already.
	Append(ctx context.Context, node uint32, b Block) error
	// Flows hands the matching flows to each in order, in batches of at most batch records. The
	// slice is reused after each returns; an error of each ends the query and is returned.
	Flows(ctx context.Context, q Query, batch int, each func([]flow.Record) error) error
	// Count sums up all flows that match; Order and Limit do not matter.
	Count(ctx context.Context, q Query) (Totals, error)
	// Top groups the matching flows by columns and returns the q.Limit groups with the highest metric,
	// and how many groups there are in all. q.Order does not matter. A total order: metric, then values.
	Top(ctx context.Context, q Query, by []flow.Column, metric Metric) (groups []Group, total uint64, err error)
	// Timeline cuts the span of the matching flows (q.From..q.To where given) into n buckets of equal
	// width in microseconds and returns all of them, empty ones too.
	Timeline(ctx context.Context, q Query, n int) (buckets []Bucket, width int64, err error)
	// TimelineBy is Timeline for the q.Limit groups of Top, each a series, and for all other flows
	// together. The layers come by bucket, then by series; those without flows are left out, but every
	// bucket has a layer. Series are the groups' values as their CSV text.
	TimelineBy(ctx context.Context, q Query, n int, by []flow.Column, metric Metric) (series [][]string, layers []Layer, width int64, err error)
	// Stats sums up the flows of each node.
	Stats(ctx context.Context) (map[uint32]NodeStats, error)
	// Watch returns a channel that gets a value after new flows were stored (values coalesce), and a function that ends it.
	Watch() (changed <-chan struct{}, stop func())
	// Close ends all queries and closes the store.
	Close() error
}
