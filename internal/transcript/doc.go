// Package transcript plays one side of a written conversation against a real peer and
// compares, byte for byte, what the peer says. The tests of the server, the client and
// the node share it.
//
// It imports the standard library only and knows nothing of the protocol. A script is a text of lines:
//
//	# a comment, also an empty line
//	C: POST DATA            the side C says this line and LF
//	S: 200 OK ACCEPTED      the side S says this line and LF
//	C: .\r                  escapes: \r \n \t \0 \xHH \\ and at the end of a line \c for "no LF"
//	S= {"a":1,"id":"{{any}}"}   S says one line of JSON that equals this, in whatever order and with whatever blanks
//	S: PONG {{date=any}}    any text without LF, remembered as date
//	C: PING {{=date}}       the remembered text
//	S: {{close}}            the side S closes the connection
//	! name                  the player runs its hook of that name
//
// A side is one capital letter. The kinds of a placeholder are any, number and string (what may stand between two
// quotes of JSON). In a JSON line a placeholder is a string of its own, takes the place of a value, and is remembered as
// JSON text; the member "...": true allows further members beside those that are named.
//
// Its one surprising thing: a line that the peer says earlier than the script has it is kept and
// compared when its turn comes, so that a script fixes the order within a side and not the race between the two.
package transcript
