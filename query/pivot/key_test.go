package pivot

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

func TestKey(t *testing.T) {
	for _, c := range []struct {
		cols, values []string
		want         string
	}{
		{[]string{"src_ip", "dst_ip", "dst_port"}, []string{"10.0.0.7", "192.0.2.9", "443"}, "src ip 10.0.0.7 and dst ip 192.0.2.9 and dst port 443"},
		{[]string{"src_ip", "dst_ip"}, []string{"10.0.0.7", "2001:db8::1"}, "src ip 10.0.0.7 and dst ip 2001:db8::1"},
		{[]string{"proto", "dst_port"}, []string{"icmp", "9"}, "icmp and icmp id 9"},
		{[]string{"proto", "dst_port"}, []string{"gre", "0"}, "! gre has no ports"},
		{[]string{"service"}, []string{"https"}, "service https"},
		{[]string{"service"}, []string{""}, "! without a registered service"},
		{[]string{"state", "src_flags"}, []string{"S0", "S"}, "state S0 and src flags = S"},
		{[]string{"node", "agent", "netgroup"}, []string{"eth1", "a b", ""}, `node eth1 and agent "a b" and netgroup ""`},
		{[]string{"netgroup"}, []string{"dmz"}, "netgroup dmz"},
		{[]string{"ip_version"}, []string{"6"}, "ip6"},
		{[]string{"bytes"}, []string{"7"}, "! cannot ask for just this bytes"},
		{[]string{"src_ip"}, []string{"x\x1b"}, "! cannot be read"},
		{[]string{"dst_port"}, []string{"70000"}, "! cannot be read"},
		{[]string{"dst_port"}, nil, "! 0 values for 1 columns"},
	} {
		cols := make([]flow.Column, len(c.cols))
		for i, name := range c.cols {
			cols[i], _ = flow.ParseColumn(name)
		}
		q, err := Key(cols, c.values)
		if why, refused := strings.CutPrefix(c.want, "! "); refused {
			if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("%v %q: %v, %v", c.cols, c.values, q, err)
			}
			continue
		}
		if err != nil || q.String() != c.want {
			t.Errorf("%v %q: %v, %v; want %s", c.cols, c.values, q, err, c.want)
		}
	}
}

// TestRowMatchesItsKey: a flow is found by the query for its own group, whatever columns make the group.
func TestRowMatchesItsKey(t *testing.T) {
	keyed := []flow.Column{
		flow.ColProto, flow.ColSrcIP, flow.ColSrcPort, flow.ColDstIP, flow.ColDstPort, flow.ColSrcFlags, flow.ColDstFlags, flow.ColState,
		flow.ColNode, flow.ColAgent, flow.ColNetgroup, flow.ColService,
	}
	rapid.Check(t, func(t *rapid.T) {
		r, node := genRecord(t)
		if r.Node == 0 || node.Name == "" { // servers know the name of every node that has flows
			r.Node, node = 7, eth1()
			node.ID = 7
		}
		cols := append([]flow.Column{flow.ColProto}, rapid.SliceOfNDistinct(rapid.SampledFrom(keyed[1:]), 1, 4, rapid.ID).Draw(t, "columns")...)
		table := flow.NewTable()
		table.SetNode(node)
		table.Append(r)
		values := make([]string, len(cols))
		for i, c := range cols {
			values[i] = string(table.View().AppendCell(nil, c, 0))
		}
		q, err := Key(cols, values)
		if err != nil {
			return // it says so
		}
		clean := node
		clean.Name, clean.Agent, clean.Netgroup = flow.Clean(node.Name), flow.Clean(node.Agent), flow.Clean(node.Netgroup)
		if !matches(t, q, r, clean) {
			t.Fatalf("%s does not match its own flow %+v of %+v", q, r, node)
		}
	})
}
