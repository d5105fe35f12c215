package node

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
)

// served is the module that a server may GET from a node: whatever the sources hold.
const served = "CXTRACKER"

// handler answers what the server asks of the node.
type handler struct{ agent *agent }

// Verb grants GET CXTRACKER. A node takes no posts and has no other module.
func (h *handler) Verb(v wire.Verb, module string) wire.Answer {
	if v == wire.Get && module == served {
		return wire.Accept
	}
	return wire.NotSupported
}

// Data takes the request of GET CXTRACKER, whatever it says: the answer is what the
// sources have not sent yet, in their next POST.
func (h *handler) Data(context.Context, wire.Verb, string, []byte) wire.Answer {
	h.agent.rescan()
	return wire.Accept
}

// Call answers a ping with our time.
func (h *handler) Call(_ context.Context, method string, _ json.RawMessage) (any, error) {
	if method != "ping" {
		return nil, &wire.Error{Code: wire.CodeNoMethod, Message: fmt.Sprintf("a node knows no method %q", flow.Clean(method))}
	}
	return pingBody{wire.Timestamp(time.Now())}, nil
}

// Closed has nothing to do: the keeper of the connection sees its end.
func (h *handler) Closed(error) {}

// pingBody is the params and the result of a ping (protocol.md section 4).
type pingBody struct {
	Timestamp wire.Timestamp `json:"timestamp"`
}

// ping pings at every interval until the connection or ctx ends. That a silent server
// is lost is the connection's own idle limit.
func (a *agent) ping(ctx context.Context, c *wire.Conn) {
	tick := time.NewTicker(a.cfg.PingInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.Done():
			return
		case <-tick.C:
		}
		a.pingOnce(ctx, c)
	}
}

// pingOnce measures round trip and clock skew: the peer's time minus the middle of ours.
func (a *agent) pingOnce(ctx context.Context, c *wire.Conn) {
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Silence)
	defer cancel()
	sent := time.Now()
	var pong pingBody
	if err := c.Call(ctx, "ping", pingBody{wire.Timestamp(sent)}, &pong); err != nil {
		a.cfg.Log.Debug("ping was not answered", "err", err)
		return
	}
	rtt := time.Since(sent)
	skew, _ := pong.Timestamp.Skew(sent, rtt)
	a.cfg.Log.Debug("ping", "rtt", rtt, "skew", skew)
}
