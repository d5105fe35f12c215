package themes

// Token names what a piece of the screen means; a theme says how that looks.
type Token uint8

// The tokens.
const (
	Text     Token = iota // plain values
	Muted                 // what may be overlooked: separators, dates, hints
	Accent                // the one colour that draws the eye: prompt, title, focus
	Header                // the top line
	Title                 // column titles and the heads of panes
	Key                   // the name of a key in help and hints
	Cursor                // the row under the cursor
	Cell                  // the cell under the cursor, or the title of its column
	Selected              // the chosen line of a list
	Field                 // text that a person types
	Rule                  // lines between parts of the screen
	Frame                 // the frame of a box
	Bar                   // the done part of a progress bar
	OK                    // it went well
	Warning
	Error
	Mark // the place of an error in a query
	ProtoTCP
	ProtoUDP
	ProtoICMP
	ProtoOther
	StateClosed     // SF
	StateOpen       // S1
	StateUnanswered // S0
	StateRefused    // REJ
	StateReset      // RSTO, RSTR
	StateOther      // OTH
	NodeOnline
	NodeLate
	NodeOffline
	NodeNever
	ConnOnline
	ConnWaiting
	ConnRefused
	NetOwn   // the name of a network of one's own, beside an address
	NetOther // the name of another named network
	HostName // the name and the country of an address
	NumTokens
)

var tokenNames = [NumTokens]string{
	"text", "muted", "accent", "header", "title", "key", "cursor", "cell", "selected", "field", "rule", "frame", "bar",
	"ok", "warning", "error", "mark",
	"proto.tcp", "proto.udp", "proto.icmp", "proto.other",
	"state.closed", "state.open", "state.unanswered", "state.refused", "state.reset", "state.other",
	"node.online", "node.late", "node.offline", "node.never",
	"conn.online", "conn.waiting", "conn.refused",
	"net.own", "net.other", "host.name",
}

var tokenMeanings = [NumTokens]string{
	"plain values", "what may be overlooked: separators, dates, hints", "the one colour that draws the eye: prompt, title, focus",
	"the top line", "column titles and the heads of panes", "the name of a key in help and hints", "the row under the cursor",
	"the cell under the cursor, and the title of its column", "the chosen line of a list", "text that is typed",
	"lines between parts of the screen", "the frame of a box", "the done part of a progress bar",
	"it went well", "it needs a look", "it went wrong", "the place of an error in a query",
	"TCP", "UDP", "ICMP and ICMPv6", "every other protocol",
	"closed normally (SF)", "open (S1)", "unanswered (S0)", "refused (REJ)", "reset (RSTO, RSTR)", "none of these (OTH)",
	"a node that sends", "a node that has not sent for a while", "a node that is gone", "a node that has never sent",
	"connected", "connecting, or waiting to try again", "login refused",
	"the name of a network of one's own", "the name of another network", "the name and the country of an address",
}

// Means says what t stands for, in a few words.
func (t Token) Means() string {
	if t < NumTokens {
		return tokenMeanings[t]
	}
	return ""
}

// String returns the token's name as theme files spell it.
func (t Token) String() string {
	if t < NumTokens {
		return tokenNames[t]
	}
	return "?"
}

// ParseToken reads a token's name.
func ParseToken(name string) (Token, bool) {
	for i, n := range tokenNames {
		if n == name {
			return Token(i), true
		}
	}
	return 0, false
}
