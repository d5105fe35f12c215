package tui

import (
	"context"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
)

// source is a Backend whose results are an interface, so that tests can bring their own.
type source interface {
	Status() client.Status
	Changed() <-chan struct{}
	Submit(req query.Request) result
	// Stream runs a query whose rows are handed over part by part and not kept, see client.Client.
	Stream(ctx context.Context, req query.Request, each func(v *flow.View, p client.Progress) error) error
	Close() error
}

// result is what the screen uses of a *client.Result.
type result interface {
	Progress() client.Progress
	View() *flow.View
	Values() (columns []string, rows [][]string)
	Changed() <-chan struct{}
	Cancel()
}

// wrapped makes a source of a Backend.
type wrapped struct{ Backend }

func (w wrapped) Submit(req query.Request) result { return w.Backend.Submit(req) }

// ended tells whether nothing more will come.
func ended(s client.ResultState) bool {
	return s == client.Done || s == client.Failed || s == client.Cancelled
}
