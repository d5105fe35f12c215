package pivot

import (
	"fmt"
	"strconv"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Key is the query for the flows of one group: those whose columns have just these values, as a
// server's groups and CSV write them. An error says which value a query cannot ask for.
func Key(cols []flow.Column, values []string) (*query.Query, error) {
	if len(cols) != len(values) || len(cols) == 0 {
		return nil, fmt.Errorf("%d values for %d columns", len(values), len(cols))
	}
	r, node := flow.Record{Proto: flow.TCP}, flow.NodeInfo{}
	for i, c := range cols {
		if err := setValue(&r, &node, c, values[i]); err != nil {
			return nil, err
		}
	}
	kids := make([]query.Node, 0, len(cols))
	for i, c := range cols {
		kid, err := keyTerm(c, values[i], &r, node)
		if err == nil {
			err = readable(kid)
		}
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
	if len(kids) == 1 {
		return checked(query.FromTree(kids[0]))
	}
	return checked(query.FromTree(and(kids...)))
}

// keyTerm is the term of one column of a group whose values stand in r and node.
func keyTerm(c flow.Column, value string, r *flow.Record, node flow.NodeInfo) (query.Node, error) {
	switch c {
	case flow.ColService:
		if value == "" {
			return nil, fmt.Errorf("a query cannot ask for flows without a registered service")
		}
		return word(query.FieldService, value), nil
	case flow.ColState:
		return word(query.FieldState, value), nil
	case flow.ColSrcIP:
		return address(query.Src, r.Src, versionOf(value)), nil
	case flow.ColDstIP:
		return address(query.Dst, r.Dst, versionOf(value)), nil
	}
	if c == flow.ColAgent || c == flow.ColNetgroup {
		node.Name = "known" // of a node whose name is not part of the group
	}
	return term(c, r, node)
}

func versionOf(addr string) uint8 {
	_, version, _ := flow.ParseAddr(addr) // setValue has read it
	return version
}

// setValue puts a value into the record or the node that stand for a group.
func setValue(r *flow.Record, node *flow.NodeInfo, c flow.Column, value string) error {
	var err error
	ok := true
	switch c {
	case flow.ColSrcIP:
		r.Src, r.IPVersion, err = flow.ParseAddr(value)
	case flow.ColDstIP:
		r.Dst, r.IPVersion, err = flow.ParseAddr(value)
	case flow.ColSrcPort:
		r.SrcPort, err = port16(value)
	case flow.ColDstPort:
		r.DstPort, err = port16(value)
	case flow.ColProto:
		r.Proto, ok = flow.ParseProto(value)
	case flow.ColSrcFlags:
		r.SrcFlags, ok = flow.ParseFlags(value)
	case flow.ColDstFlags:
		r.DstFlags, ok = flow.ParseFlags(value)
	case flow.ColState:
		_, ok = flow.ParseState(value)
	case flow.ColIPVersion:
		n, _ := strconv.Atoi(value)
		r.IPVersion, ok = uint8(n), n == 4 || n == 6
	case flow.ColNode:
		node.Name = value
	case flow.ColAgent:
		node.Agent = value
	case flow.ColNetgroup:
		node.Netgroup = value
	case flow.ColService:
	default:
		return fmt.Errorf("a query cannot ask for just this %s", c)
	}
	if err != nil || !ok {
		return fmt.Errorf("%s %.64q cannot be read", c, flow.Clean(value))
	}
	return nil
}

func port16(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err
}
