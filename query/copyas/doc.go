// Package copyas says a query in other tools' languages: BPF (tcpdump and all that uses libpcap),
// Wireshark's display filter, nfdump's filter, and SQL on the flow store. It may import query and
// internal/flow.
//
// # What the text selects
//
// The text finds every flow that the query selects, and maybe others: it never drops a condition
// silently. What a target cannot say is listed as Missing. Within "and" such a part is left out; under
// "or" and "not" leaving it out would lose flows, so the smallest part around it is left out whole.
// A part that is said in a wider or in another way is listed too, with the text that stands for it.
//
// The surprising thing: who began a flow is in no packet. A query about the source is a condition on
// packets of both directions, and
//
//	src ip A and dst port 443
//
// becomes A's packets to port 443 and those from port 443 to A, in BPF and in Wireshark. A flow that
// B's port 443 began to A looks the same. nfdump keeps a record for each direction; there the text
// finds the record of what the source sent, and src and dst stay what they are.
//
// # What differs from target to target
//
//   - Ports are those of TCP, UDP and SCTP. The ICMP id, which flows carry in place of ports
//     (protocol.md section 6), is said by "icmp id" only.
//   - BPF and Wireshark look at one packet. Flags find the packets that carry them, and a flow's flags are
//     those of all its packets: of several conditions that need different packets one is kept.
//   - BPF finds TCP flags, ports and ICMP right behind the IPv6 header only; behind VLAN tags it finds
//     nothing unless "vlan and (...)" is put around it; in tunnels it sees the outer addresses. A datagram's
//     later fragments carry no ports: the flow is found by its first one.
//   - Wireshark also looks into the packets that ICMP errors quote, so these errors are found
//     with the flow they are about. Of fragments it knows ports and flags after putting them together, which it
//     cannot where a capture has cut the packets.
//   - nfdump counts IP bytes, its times are milliseconds, its rates whole numbers, and an exporter cuts
//     long flows into several records: bytes, packets, durations and rates are listed as differing.
//   - SQL is exact. Its columns are those of query.SQL.
package copyas
