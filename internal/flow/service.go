package flow

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Service returns the name of the service a flow is of: that of the dst port under
// the protocol, else that of the src port, else "". Only TCP, UDP and SCTP have services.
func Service(proto uint8, srcPort, dstPort uint16) string {
	return serviceName(serviceCode(proto, srcPort, dstPort))
}

// PortName returns the service name of a port, "" for none.
func PortName(proto uint8, port uint16) string {
	if codes := services().byProto[proto]; codes != nil {
		return serviceName(codes[port])
	}
	return ""
}

// ServicePorts returns the ports of a service's name, in any case, by protocol;
// nil when it is not known. The map is the caller's.
func ServicePorts(name string) map[uint8][]uint16 {
	ports := map[uint8][]uint16{}
	for _, s := range serviceTable {
		if !strings.EqualFold(s.name, name) {
			continue
		}
		for proto, list := range map[uint8][]uint16{TCP: s.tcp, UDP: s.udp, SCTP: s.sctp} {
			if len(list) > 0 {
				ports[proto] = slices.Clone(list)
			}
		}
		return ports
	}
	return nil
}

// serviceAliases are other words for services that people use.
var serviceAliases = map[string]string{
	"tls": "https", "ssl": "https", "www": "http", "domain": "dns", "microsoft-ds": "smb", "ms-wbt-server": "rdp",
}

// ServiceCalled returns the name of the service that a word stands for, in any case: its name or
// another word for it, such as tls for https.
func ServiceCalled(word string) (name string, ok bool) {
	name = strings.ToLower(word)
	if other, ok := serviceAliases[name]; ok {
		name = other
	}
	return name, ServicePorts(name) != nil
}

// ServiceAliases lists the other words for services in alphabetical order.
func ServiceAliases() []string { return slices.Sorted(maps.Keys(serviceAliases)) }

// ServiceNames lists the known services in alphabetical order.
func ServiceNames() []string { return slices.Clone(services().names[1:]) }

// serviceIndex answers what a port is called with one read, because sorting and
// filtering ask it for every row.
type serviceIndex struct {
	names   []string // in alphabetical order; 0 is ""
	byProto [256]*[1 << 16]uint16
}

var services = sync.OnceValue(func() *serviceIndex {
	distinct := map[string]bool{"": true}
	for _, s := range serviceTable {
		distinct[s.name] = true
	}
	x := &serviceIndex{names: slices.Sorted(maps.Keys(distinct))}
	for _, s := range serviceTable {
		code, _ := slices.BinarySearch(x.names, s.name)
		for proto, list := range map[uint8][]uint16{TCP: s.tcp, UDP: s.udp, SCTP: s.sctp} {
			for _, port := range list {
				if x.byProto[proto] == nil {
					x.byProto[proto] = new([1 << 16]uint16)
				}
				x.byProto[proto][port] = uint16(code)
			}
		}
	}
	return x
})

// serviceCode is the place of Service's name among all names in alphabetical order, 0 for none.
func serviceCode(proto uint8, srcPort, dstPort uint16) uint16 {
	codes := services().byProto[proto]
	if codes == nil {
		return 0
	}
	if c := codes[dstPort]; c != 0 {
		return c
	}
	return codes[srcPort]
}

func serviceName(code uint16) string { return services().names[code] }
