package tui

import (
	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
)

// source is a Backend whose results are an interface, so that tests can bring their own.
type source interface {
	Status() client.Status
	Changed() <-chan struct{}
	Submit(req query.Request) result
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
