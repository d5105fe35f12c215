// Package server is the SERVER of protocol.md: it listens for nodes and for clients,
// stores what nodes post, answers what clients ask, and knows how its nodes are.
//
// It may import wire, query, flow and store, and accounts below it secret. Both sides walk the same states:
//
//	state          node side                            client side
//	CONNECTED      authenticate(agent, secret)          authenticate(client, secret)
//	AUTHENTICATED  identify(name, type, netgroup)       (is ESTABLISHED)
//	ESTABLISHED    POST DATA, POST CXTRACKER,           GET CXTRACKER, ping
//	               cxtracker.save, ping
//
// What comes before its state is refused: a method with -2, a verb with 401 and the end of the connection. A
// connection that is not ESTABLISHED in time is closed. An ESTABLISHED peer is pinged, and
// one that is not heard for three intervals is lost.
//
// The files: server, listen and peer are the connections; authenticate, identify, save and status are the methods;
// registry and rate are what is known of the nodes; ingest is the way of a block into the store; queries, job,
// matched, parts, kinds and follow are the way of an answer out of it.
//
// Its one surprising thing: a query that follows keeps new blocks out of the store while it counts and
// until its first row is read (see Server.gate), because only so does it show every flow exactly once.
package server
