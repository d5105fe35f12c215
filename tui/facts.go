package tui

import (
	"net/netip"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/tui/detail"
)

// facts are all that is known of an address, each with where it comes from.
func (m *model) facts(a netip.Addr) []detail.Fact {
	var facts []detail.Fact
	add := func(name, value, about string) {
		if value != "" {
			facts = append(facts, detail.Fact{Name: name, Value: value, About: about})
		}
	}
	add("networks", strings.Join(m.opts.Lookup.Networks.Of(a), ", "), "named networks")
	value, about := m.hostFact(a)
	add("host name", value, about)
	p := m.lookups.files.Of(a)
	country := p.CountryName
	if p.Country != "" {
		country = strings.TrimSpace(p.Country + " " + p.CountryName)
	}
	add("country", country, "by "+p.GeoSource)
	add("city", p.City, "by "+p.GeoSource)
	if p.ASN > 0 {
		add("system", strings.TrimSpace("AS"+strconv.FormatUint(p.ASN, 10)+" "+p.Org), "autonomous system by "+p.ASNSource)
	}
	return facts
}

// hostFact is what the DNS said of an address, "" when it was not asked.
func (m *model) hostFact(a netip.Addr) (value, about string) {
	h, ok := m.lookups.hosts.Of(a)
	switch {
	case len(h.Names) > 0:
		return strings.Join(h.Names, ", "), "by reverse DNS, which whoever owns the address writes"
	case ok && h.Err != nil:
		return "no answer", "reverse DNS: " + flow.Clean(strings.Join(strings.Fields(h.Err.Error()), " "))
	case ok:
		return "none", "by reverse DNS"
	case m.lookups.hosts.Asking(a):
		return "asked for", "by reverse DNS, which has not answered yet"
	}
	if m.asksDNS() {
		return "not asked for yet", "by reverse DNS, once the screen stands still"
	}
	return "", ""
}
