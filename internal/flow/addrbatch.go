package flow

// batchRows is how many rows look up their addresses together.
const batchRows = 32

// addrBatch are addresses on their way from rows to codes: the source of row k at place 2k, its
// destination behind it.
type addrBatch struct {
	addrs    [2 * batchRows]addrKey
	at, tags [2 * batchRows]uint32
	codes    [2 * batchRows]uint32
}
