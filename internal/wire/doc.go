// Package wire speaks protocol.md sections 2 and 3 over any net.Conn: one stream that
// carries JSON-RPC 2.0 objects and text frames, mixed, in both directions. It knows the
// order of things and their bounds, and nothing of flows, accounts or queries. It
// may import the standard library and jsonrpc2, and no other package of this module.
//
// A server, a client and a node each wrap a connection with [New] and give it a [Handler].
// [Conn.Post] and [Conn.Get] run transactions, [Conn.Call] and [Conn.Ping] go between them.
// [Pipe] and [Listener] are connections within a process.
//
// The surprising thing: what a line means depends on what this side has sent. "200 OK
// ACCEPTED" can be the ack of a verb, of a block, of BYE, or the first line of a block; an
// object can be data. So the order of writing is part of the protocol, and there is one
// machine that sees both directions.
//
// # What is read
//
// Own is our outgoing transaction, peer is the peer's. The ledger holds what the peer owes,
// in the order in which its causes were committed to our outbox.
//
//	state            item read          action
//	---------------  -----------------  ----------------------------------------------------
//	peer idle        verb               ask the owner; 200: commit it, peer = due, owes block;
//	                                    202, 204: commit it; 401: commit it, then close
//	peer taken       verb               protocol error: its final ack is not out yet
//	peer due         ack exactly, owed  as below (a peer that acks before its block)
//	peer due         code, owed before  as below
//	                 the block
//	peer due         PONG, owed before  as below
//	                 the block
//	peer due         {"jsonrpc"...}     as below
//	peer due         anything else      first line of the block; at its end line: peer = taken,
//	                                    commit an empty final ack, hand the block to the owner
//	own verb         ack 200            commit our block, own = final, owes final ack
//	own verb         other ack          own = idle, the caller gets AckError; 401 closes
//	own final        ack                own = idle, the caller gets nil or AckError
//	BYE said         ack, BYE, the end  over, without an error
//	BYE said         anything else      passed over; responses still find their calls
//	no ack owed      ack                protocol error
//	any              PING               commit PONG
//	any              PONG               pays the oldest ping; passed over when none is open
//	any              BYE                commit 200, read no more, close when it is written
//	any              request            the owner answers on a goroutine; commit the response
//	any              response           ends its call
//	any              broken object      commit error -32700; close when its end is not known
//	any              batch              commit error -32600
//	any              other line         protocol error
//
// A protocol error commits a JSON-RPC error with a null id, and closes when it is written.
//
// # What is written
//
//	state            may be committed
//	---------------  ---------------------------------------------------------------
//	own idle         the next transaction's verb, unless a final ack of ours is empty
//	own verb         what is owed: acks, pongs, responses; nothing new
//	own final        the same and requests, notifications, PING
//	Bye was called   what is owed and what was queued; then BYE, when nothing is open
//
// The outbox is written in the order of commitment, whole item by whole item. An empty
// final ack waits for its owner and holds up the texts behind it; responses pass it, and
// requests too unless our block stands before them.
//
// # Blocks
//
// A block is lines of data and the end line, a dot and CR LF. "." LF is data. What is handed
// to the owner ends in LF unless it is empty; LF before the end line alone is the empty
// block, too. A writer adds the last LF when it is missing, so "abc" and "abc" LF are one
// block. It refuses data that the rules above would misread.
package wire
