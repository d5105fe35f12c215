package flow

import (
	"slices"
	"strings"
	"testing"
)

func TestService(t *testing.T) {
	for _, test := range []struct {
		proto    uint8
		src, dst uint16
		want     string
	}{
		{TCP, 51234, 443, "https"},
		{UDP, 51234, 443, "https"},
		{TCP, 443, 51234, "https"}, // the answer was seen first
		{TCP, 443, 80, "http"},
		{UDP, 53, 53, "dns"},
		{TCP, 51234, 2222, "ssh"},
		{UDP, 51234, 2222, "ethernet-ip"},
		{SCTP, 1, 3868, "diameter"},
		{TCP, 51234, 51235, ""},
		{ICMP, 53, 53, ""},
		{0, 0, 0, ""},
		{255, 80, 80, ""},
	} {
		if got := Service(test.proto, test.src, test.dst); got != test.want {
			t.Errorf("protocol %d, %d to %d: %q, want %q", test.proto, test.src, test.dst, got, test.want)
		}
	}
}

// TestServiceTable: every port stands once, and every way to ask agrees.
func TestServiceTable(t *testing.T) {
	seen := map[string]string{}
	names := ServiceNames()
	for _, s := range serviceTable {
		if s.name != strings.ToLower(s.name) || strings.ContainsAny(s.name, " ,|\"") || !slices.Contains(names, s.name) {
			t.Errorf("name %q", s.name)
		}
		if seen[s.name] != "" {
			t.Errorf("%s stands twice", s.name)
		}
		seen[s.name] = s.name
		list := ServicePorts(strings.ToUpper(s.name))
		total := 0
		for proto, ports := range list {
			for _, port := range ports {
				total++
				key := ProtoName(proto) + string(rune(port))
				if seen[key] != "" {
					t.Errorf("%s %d is %s and %s", ProtoName(proto), port, seen[key], s.name)
				}
				seen[key] = s.name
				if got := PortName(proto, port); got != s.name {
					t.Errorf("%s %d is %q, want %s", ProtoName(proto), port, got, s.name)
				}
			}
		}
		if total == 0 || total != len(s.tcp)+len(s.udp)+len(s.sctp) {
			t.Errorf("%s has %d ports", s.name, total)
		}
	}
	if ServicePorts("no such service") != nil || ServicePorts("") != nil {
		t.Error("ports of an unknown service")
	}
	if !slices.IsSorted(names) || len(names) != len(serviceTable) {
		t.Errorf("%d names of %d services, or not in order", len(names), len(serviceTable))
	}
}

// TestServiceCodesOrder: the numbers of ColService order as the names do.
func TestServiceCodesOrder(t *testing.T) {
	last := ""
	for port := range 1 << 16 {
		code := serviceCode(TCP, 0, uint16(port))
		name := PortName(TCP, uint16(port))
		if ServiceOf(uint64(code)) != name {
			t.Fatalf("port %d is %q by code, %q by name", port, ServiceOf(uint64(code)), name)
		}
		other := serviceCode(TCP, 0, 443)
		if sign(name < "https", name > "https") != sign(code < other, code > other) {
			t.Fatalf("%q stands on the wrong side of https (after %q)", name, last)
		}
		last = name
	}
}

func TestServiceCalled(t *testing.T) {
	for word, want := range map[string]string{"tls": "https", "SSL": "https", "https": "https", "HTTP": "http", "domain": "dns", "nothing": "", "": ""} {
		if got, ok := ServiceCalled(word); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, %v", word, got, ok)
		}
	}
	for _, alias := range ServiceAliases() {
		if ServicePorts(alias) != nil {
			t.Errorf("%s is a service itself", alias)
		}
		if name, ok := ServiceCalled(alias); !ok || ServicePorts(name) == nil {
			t.Errorf("%s stands for %q, which is no service", alias, name)
		}
	}
}
