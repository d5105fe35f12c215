package flow

import "bytes"

// batchRows is how many rows look up their addresses together.
const batchRows = 32

// addrBatch are addresses on their way from rows to codes: the source of row k at place 2k, its
// destination behind it.
type addrBatch struct {
	addrs    [2 * batchRows]addrKey
	at, tags [2 * batchRows]uint32
	codes    [2 * batchRows]uint32
}

// field reads an address and the | behind it into a place of the batch, and returns its IP version.
func (b *addrBatch) field(text []byte, pos int, bad uint64, place int) (version uint64, next int, stillBad uint64) {
	n, after, wrong := number(text, pos, 0)
	if wrong|n>>32 == 0 && after-pos <= len("4294967295|") { // decimal, as IPv4 mostly is
		b.addrs[place] = addrKey{lo: v4Prefix | n, version: 4}
		return 4, after, bad
	}
	if bad != 0 {
		return 0, pos, bad
	}
	size := bytes.IndexByte(text[pos:], '|')
	if size < 0 {
		return 0, pos, 1
	}
	a, v, ok := parseAddrBytes(text[pos : pos+size])
	if !ok {
		return 0, pos, 1
	}
	b.addrs[place] = keyOf(a, v)
	return uint64(v), pos + size + 1, bad
}
