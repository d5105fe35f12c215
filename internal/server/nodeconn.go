package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cxlens/internal/server/accounts"
	"cxlens/internal/wire"
)

// nodeConn is the owner of a node's connection. It implements wire.Handler.
type nodeConn struct {
	*peer
	agent accounts.Account // from AUTHENTICATED on; under peer.login until then
	name  string           // of the node, from ESTABLISHED on
	id    uint32           // of the node, from ESTABLISHED on
}

func newNodeConn(p *peer) *nodeConn { return &nodeConn{peer: p} }

// Verb grants POST DATA and POST CXTRACKER to an ESTABLISHED node.
func (n *nodeConn) Verb(v wire.Verb, module string) wire.Answer {
	switch {
	case n.at() != established:
		return wire.Unauthorized
	case v == wire.Post && (module == "DATA" || module == nodeType):
		return wire.Accept
	}
	return wire.NotSupported
}

// Data stores a block of session lines.
func (n *nodeConn) Data(ctx context.Context, _ wire.Verb, _ string, data []byte) wire.Answer {
	if _, err := n.srv.ingest(ctx, n, data); err != nil {
		n.log.Warn("block refused", "bytes", len(data), "err", err)
		return wire.DataError
	}
	return wire.Accept
}

// Call answers a node's methods (protocol.md section 4).
func (n *nodeConn) Call(ctx context.Context, method string, params json.RawMessage) (any, error) {
	switch method {
	case "authenticate":
		return n.authenticateAgent(ctx, params)
	case "identify":
		return n.identify(ctx, params)
	case "ping", "cxtracker.save":
	default:
		return nil, noMethod(method)
	}
	if n.at() != established {
		return nil, unauthorized("identify first")
	}
	if method == "ping" {
		return pingResult{Timestamp: wire.Timestamp(n.srv.now())}, nil
	}
	return n.save(ctx, params)
}

// Closed notes that the node is offline.
func (n *nodeConn) Closed(err error) {
	if n.at() == established {
		n.srv.registry.leave(n.id, n.wire())
	}
	n.closed(err)
}

// agentResult is authenticate's result on the node side.
type agentResult struct {
	ID          uint32 `json:"id"`
	IP          string `json:"ip"`
	Description string `json:"description"`
	Status      status `json:"status"`
}

func (n *nodeConn) authenticateAgent(ctx context.Context, params json.RawMessage) (any, error) {
	a, err := n.authenticate(ctx, accounts.Agent, params, func(a accounts.Account) state {
		n.agent = a
		return authenticated
	})
	if err != nil {
		return nil, err
	}
	st := n.srv.registry.agentState(a.Name)
	return agentResult{ID: a.ID, IP: n.ip, Description: a.Description, Status: status{
		Timestamp: wire.Timestamp(n.srv.logins.swap(a, n.srv.now())), State: st,
	}}, nil
}

// identifyResult is identify's result.
type identifyResult struct {
	ID          uint32 `json:"id"`
	Description string `json:"description"` // of its agent: nodes have none of their own
	Type        string `json:"type"`
	Status      status `json:"status"`
}

// identify registers the node and makes the connection ESTABLISHED. A second identify is -21 for
// the same node, -22 for another.
func (n *nodeConn) identify(ctx context.Context, raw json.RawMessage) (any, error) {
	name, typ, netgroup, err := identifyParams(raw)
	if err != nil {
		return nil, err
	}
	n.login.Lock()
	defer n.login.Unlock()
	switch n.at() {
	case connected:
		return nil, unauthorized("authenticate first")
	case established:
		if name == n.name && typ == nodeType {
			return nil, &wire.Error{Code: wire.CodeAlreadyRegistered, Message: "identified already"}
		}
		return nil, &wire.Error{Code: wire.CodeIdentifyMismatch, Message: "this connection is identified as node " + n.name}
	}
	conn := n.wire()
	j, err := n.srv.registry.join(ctx, nodeKey{n.agent.Name, name}, typ, netgroup, n.ip, conn)
	if refused := (*wire.Error)(nil); errors.As(err, &refused) {
		n.log.Warn("identify refused", "agent", n.agent.Name, "node", name, "code", refused.Code)
		return nil, err
	}
	if err != nil {
		n.log.Error("identify failed", "err", err)
		return nil, &wire.Error{Code: wire.CodeInternal, Message: "the node cannot be registered now; the server's log says why"}
	}
	n.name, n.id = name, j.id
	n.reach(established)
	n.log.Info("identified", "agent", n.agent.Name, "node", name, "id", j.id, "netgroup", netgroup)
	n.goDo(func() {
		n.heartbeat(func(a pong) { n.srv.registry.answered(n.id, conn, a) })
	})
	return identifyResult{ID: j.id, Description: n.agent.Description, Type: nodeType, Status: j.before}, nil
}

// maxNodeText bounds a node's name and netgroup in bytes.
const maxNodeText = 64

// identifyParams reads identify's params; old nodes give their name as module.
func identifyParams(raw json.RawMessage) (name, typ, netgroup string, err error) {
	var params struct {
		Name     string `json:"name"`
		Module   string `json:"module"`
		Type     string `json:"type"`
		Netgroup string `json:"netgroup"`
	}
	if err := decodeParams("identify", raw, &params); err != nil {
		return "", "", "", err
	}
	if params.Name == "" {
		params.Name = params.Module
	}
	params.Type = strings.ToUpper(params.Type)
	for _, m := range []struct{ member, value string }{
		{"name", params.Name}, {"type", params.Type}, {"netgroup", params.Netgroup},
	} {
		if m.member != "netgroup" {
			if err := need("identify", m.member, m.value); err != nil {
				return "", "", "", err
			}
		}
		if err := checkNodeText(m.member, m.value); err != nil {
			return "", "", "", err
		}
	}
	return params.Name, params.Type, params.Netgroup, nil
}

// checkNodeText refuses what could not stand in a row, a log or on a screen.
func checkNodeText(member, value string) error {
	if len(value) > maxNodeText {
		return invalidParams("identify: params member %q is longer than %d bytes", member, maxNodeText)
	}
	for _, r := range value {
		if !unicode.IsPrint(r) || r == utf8.RuneError || r == '|' {
			return invalidParams("identify: params member %q has the character %q, which may not stand in it", member, r)
		}
	}
	return nil
}

// GetFromNode asks a connected node for data of a module with GET (protocol.md section 3): nil when the node took
// the question; its answer comes as a POST. Errors are wire's, and for a node that is unknown or not connected.
func (s *Server) GetFromNode(ctx context.Context, nodeID uint32, module string, data []byte) error {
	name, l, known := s.registry.find(nodeID)
	switch {
	case !known:
		return fmt.Errorf("no node has the id %d", nodeID)
	case l == nil:
		return fmt.Errorf("node %s is not connected", name)
	}
	if err := l.Get(ctx, module, data); err != nil {
		return fmt.Errorf("get %s from node %s: %w", module, name, err)
	}
	return nil
}
