package flow

import (
	"slices"
	"strconv"
)

// Node returns what a node id stands for; the zero NodeInfo with that ID when it is not known.
func (v *View) Node(id uint32) NodeInfo {
	at, found := slices.BinarySearchFunc(v.nodes, id, func(e NodeInfo, id uint32) int { return int(e.ID) - int(id) })
	if found {
		return v.nodes[at]
	}
	return NodeInfo{ID: id}
}

// Nodes lists the nodes known to the view, ordered by id. The slice is the caller's.
func (v *View) Nodes() []NodeInfo { return slices.Clone(v.nodes) }

// NodeText, the text of ColNode for a node id, is the node's cleaned name; the id as
// text when the node is not known or has no name; empty for 0, which is no node.
func (v *View) NodeText(id uint32) string { return v.nodeText(ColNode, id) }

// nodeText is the cleaned text of node, agent or netgroup for a node id.
func (v *View) nodeText(col Column, id uint32) string {
	if id == 0 {
		return ""
	}
	n := v.Node(id)
	switch {
	case col == ColAgent:
		return Clean(n.Agent)
	case col == ColNetgroup:
		return Clean(n.Netgroup)
	case n.Name == "":
		return strconv.FormatUint(uint64(id), 10)
	}
	return Clean(n.Name)
}

// withNode returns nodes, ordered by id, with n in it; nodes stays as it is for
// the Views that hold it.
func withNode(nodes []NodeInfo, n NodeInfo) []NodeInfo {
	at, found := slices.BinarySearchFunc(nodes, n.ID, func(e NodeInfo, id uint32) int { return int(e.ID) - int(id) })
	if found {
		nodes = slices.Clone(nodes)
		nodes[at] = n
		return nodes
	}
	return slices.Insert(slices.Clone(nodes), at, n)
}
