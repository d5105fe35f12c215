// Package query is the query language of design.md: its lexer, parser, tree, printer and
// completion; the two things that a tree becomes, a condition for DuckDB (SQL) and a predicate on
// the columns of a flow.View (Filter); and the query request of protocol.md section 5. It may
// import internal/flow and internal/nearest, and nothing else of cxlens.
//
// The surprising thing: a word's meaning depends on the field before it, so the lexer cuts
// only at blanks and operators, and "1-2", "10.0.0.0/8", "now-2h" and "eth-1" are one word each.
//
// # What terms mean
//
// SQL and Filter match the same flows, and both follow this table. R is a relation, S a
// set; an item of a set matches x when x is equal to it or in its range.
//
//	any                      every flow
//	tcp, udp, icmp, icmp6    proto is 6, 17, 1, 58
//	ip4, ip6                 the flow's IP version
//	proto R S                the IP protocol number, 0 to 255; names are flow.ParseProto's
//	ip R S, host, net        the source or the destination address; one side with src or dst. An
//	                         address, block or range matches only flows of its IP version; host bits of
//	                         a block do not matter; < <= > >= order addresses as numbers
//	port R S                 the source or the destination port; a service's name is all of its
//	                         ports, whatever the flow's protocol
//	bytes R S, packets R S   both sides together, or one side with src or dst; a sum beyond 64 bits
//	                         counts as 18446744073709551615
//	duration R S             end - start, which can be negative; a bare number is seconds
//	pps, bps, bpp R S        flow.PPS, flow.BPS, flow.BPP: packets a second, bits a second, bytes a
//	                         packet of both sides; 0 without a positive duration (pps, bps) or without
//	                         packets (bpp)
//	flags F                  the side has all flags of F; other protocols than TCP have no flags
//	flags any F              the side has one of F or more
//	flags = F                the side has F and no others; 0 is no flags
//	flags F/M                of the flags M the side has exactly F
//	                         without src or dst: either side does
//	icmp id R S              the protocol is icmp or icmp6, and port R S holds: the ports of an ICMP
//	                         flow are its id (protocol.md section 6)
//	icmp type, icmp code     can be read and printed, but not run: flows do not carry them
//	start R T, end R T       the time of the first, of the last packet
//	start in A .. B          A <= start < B; end likewise
//	start last D             start >= now - D; end likewise
//	active < T, active <= T  start < T, start <= T: some moment of the flow is
//	active > T, active >= T  end > T, end >= T
//	active = T               start <= T and end >= T
//	active in A .. B         start < B and end >= A
//	active last D            end >= now - D
//	node, agent, netgroup S  the name, agent or netgroup of the flow's node, case matters, * stands
//	                         for any characters; all are empty for a node that is not known
//	file S                   the capture file of the first or of the last packet, as node
//	state S                  flow.StateOf
//	service S                flow.Service; "" is no service
//	id R S                   the session id
//
// "x != S" is "not (x = S)": for a term without src or dst neither side is in S. For icmp id it
// is "icmp flows whose id is not in S". < <= > >= take one value; without src or dst either
// side may satisfy them. A $name or ?name stands for the items of its set.
//
// A TIME without a zone is UTC. Spans do not include their end, as those of a Request do.
//
// # Bounds
//
// A text has at most MaxText bytes, also in canonical form; parentheses and "not" nest at most
// MaxDepth deep; a set has at most 200,000 values after its names are written out.
package query
