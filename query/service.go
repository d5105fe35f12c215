package query

import (
	"slices"
	"sort"
	"sync"

	"cxlens/internal/flow"
)

// servicePredicate compares the name of a flow's service, see flow.Service: the
// name of the dst port under the protocol, else that of the src port.
type servicePredicate struct {
	names []string // lower case; "" is no service
}

func newServicePredicate(names []string) *servicePredicate {
	names = slices.Clone(names)
	sort.Strings(names)
	return &servicePredicate{slices.Compact(names)}
}

func (p *servicePredicate) match(r *flow.Record, _ flow.NodeInfo) bool {
	return slices.Contains(p.names, flow.Service(r.Proto, r.SrcPort, r.DstPort))
}

// namedPorts are the ports that have a service's name, by protocol, each list in order.
var namedPorts = sync.OnceValue(func() map[uint8][]uint16 {
	named := map[uint8][]uint16{}
	for _, name := range flow.ServiceNames() {
		for proto, ports := range flow.ServicePorts(name) {
			named[proto] = append(named[proto], ports...)
		}
	}
	for proto := range named {
		slices.Sort(named[proto])
		named[proto] = slices.Compact(named[proto])
	}
	return named
})

// ports returns the wanted names' ports by protocol.
func (p *servicePredicate) ports() map[uint8][]uint16 {
	wanted := map[uint8][]uint16{}
	for proto, ports := range namedPorts() {
		for _, port := range ports {
			if slices.Contains(p.names, flow.PortName(proto, port)) {
				wanted[proto] = append(wanted[proto], port)
			}
		}
	}
	return wanted
}
