package table

// Message is what a command of a table brings back. It goes to the table that began the command,
// which need not be the one on the screen any more.
type Message interface{ Table() *Model }

// owner is the table that began a command.
type owner struct{ table *Model }

// Table returns it.
func (o owner) Table() *Model { return o.table }
