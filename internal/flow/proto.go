package flow

import (
	"strconv"
	"strings"
)

// The IP protocol numbers that cxlens treats by name in its code.
const (
	ICMP  uint8 = 1
	IPIP  uint8 = 4
	TCP   uint8 = 6
	UDP   uint8 = 17
	IPv6  uint8 = 41
	ICMP6 uint8 = 58
	SCTP  uint8 = 132
)

// protoNames are the protocols' names as the query language and the outputs spell them (IANA's keywords, lower case).
var protoNames = map[uint8]string{
	ICMP: "icmp", 2: "igmp", IPIP: "ipip", TCP: "tcp", 8: "egp", UDP: "udp", 33: "dccp", IPv6: "ipv6", 46: "rsvp",
	47: "gre", 50: "esp", 51: "ah", ICMP6: "icmp6", 88: "eigrp", 89: "ospf", 94: "ipip94", 103: "pim",
	108: "ipcomp", 112: "vrrp", 113: "pgm", 115: "l2tp", SCTP: "sctp", 136: "udplite",
}

var protoNumbers = func() map[string]uint8 {
	m := make(map[string]uint8, len(protoNames))
	for n, s := range protoNames {
		m[s] = n
	}
	return m
}()

// ProtoName returns the protocol's name where there is one, else its number.
func ProtoName(proto uint8) string {
	if s, ok := protoNames[proto]; ok {
		return s
	}
	return strconv.Itoa(int(proto))
}

// ParseProto reads a protocol's name, in any case, or its number.
func ParseProto(s string) (uint8, bool) {
	if n, ok := protoNumbers[strings.ToLower(s)]; ok {
		return n, true
	}
	n, err := strconv.ParseUint(s, 10, 8)
	return uint8(n), err == nil
}

// ProtoNames lists the known names in no order.
func ProtoNames() []string {
	names := make([]string, 0, len(protoNames))
	for _, s := range protoNames {
		names = append(names, s)
	}
	return names
}
