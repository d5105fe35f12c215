// Package mmdbtest writes small MaxMind DB files for tests, by the specification of version 2.0.
//
// It imports nothing of cxlens. The surprising thing: networks must not contain each other, because
// nothing that is tested needs it.
package mmdbtest

import (
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"
)

// Record is what a file says of a network: strings, uint64, and maps of them.
type Record map[string]any

// City is a record as GeoLite2-City has it.
func City(iso, country, city string) Record {
	r := Record{"country": Record{"iso_code": iso, "names": Record{"en": country}}}
	if city != "" {
		r["city"] = Record{"names": Record{"en": city}}
	}
	return r
}

// System is a record as GeoLite2-ASN has it.
func System(number uint64, org string) Record {
	return Record{"autonomous_system_number": number, "autonomous_system_organization": org}
}

// File returns a file of a type, built at a time, with what it says of each network.
func File(kind string, built time.Time, networks map[string]Record) []byte {
	w := &writer{nodes: make([]node, 1)}
	for _, network := range slices.Sorted(maps.Keys(networks)) {
		w.add(netip.MustParsePrefix(network), networks[network])
	}
	var out []byte
	for _, n := range w.nodes {
		for _, r := range n {
			var b [4]byte
			binary.BigEndian.PutUint32(b[:], r.value(len(w.nodes)))
			out = append(out, b[1:]...)
		}
	}
	out = append(append(out, make([]byte, 16)...), w.data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return appendValue(out, Record{
		"node_count": uint64(len(w.nodes)), "record_size": uint64(24), "ip_version": uint64(6), "database_type": kind,
		"languages": []string{"en"}, "binary_format_major_version": uint64(2), "binary_format_minor_version": uint64(0),
		"build_epoch": uint64(built.Unix()), "description": Record{"en": "a file of a test"},
	})
}

// record is one side of a node of the search tree: another node, or what is said of the addresses there.
type record struct {
	node, data int // data is the offset and 1
}

func (r record) value(nodes int) uint32 {
	switch {
	case r.data > 0:
		return uint32(nodes + 16 + r.data - 1)
	case r.node > 0:
		return uint32(r.node)
	}
	return uint32(nodes) // nothing is known
}

type node [2]record

type writer struct {
	nodes []node
	data  []byte
}

// add puts a network into the tree; IPv4 stands at ::/96.
func (w *writer) add(p netip.Prefix, r Record) {
	bits := p.Bits()
	var addr [16]byte
	if p.Addr().Is4() {
		a := p.Addr().As4()
		copy(addr[12:], a[:])
		bits += 96
	} else {
		addr = p.Addr().As16()
	}
	at := 0
	for i := range bits - 1 {
		side := addr[i/8] >> (7 - i%8) & 1
		next := w.nodes[at][side].node
		if next == 0 {
			next = len(w.nodes)
			w.nodes = append(w.nodes, node{})
			w.nodes[at][side].node = next
		}
		at = next
	}
	last := bits - 1
	w.nodes[at][addr[last/8]>>(7-last%8)&1].data = len(w.data) + 1
	w.data = appendValue(w.data, r)
}

// The types of the data section.
const (
	typeString = 2
	typeMap    = 7
	typeUint64 = 9
	typeArray  = 11
)

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(appendControl(b, typeString, len(v)), v...)
	case uint64:
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], v)
		return append(appendControl(b, typeUint64, 8), n[:]...)
	case []string:
		b = appendControl(b, typeArray, len(v))
		for _, s := range v {
			b = appendValue(b, s)
		}
		return b
	case Record:
		b = appendControl(b, typeMap, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			b = appendValue(appendValue(b, k), v[k])
		}
		return b
	}
	panic(fmt.Sprintf("mmdbtest: no way to write a %T", v))
}

// appendControl writes the byte, or bytes, that tell a value's type and size.
func appendControl(b []byte, kind, size int) []byte {
	low, more := size, []byte(nil)
	switch {
	case size >= 285:
		low, more = 30, []byte{byte((size - 285) >> 8), byte(size - 285)}
	case size >= 29:
		low, more = 29, []byte{byte(size - 29)}
	}
	if kind > 7 {
		b = append(b, byte(low), byte(kind-7))
	} else {
		b = append(b, byte(kind<<5|low))
	}
	return append(b, more...)
}
