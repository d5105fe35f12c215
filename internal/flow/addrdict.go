package flow

import (
	"math/bits"
	"math/rand/v2"
)

// addrPageSize is how many addresses are stored together. Pages never move: a View
// keeps reading them while the writer fills the entries behind its own.
const (
	addrPageShift = 10
	addrPageSize  = 1 << addrPageShift
)

// addrPage holds addresses of one IP version: 4 bytes each for most of them, and not 17.
type addrPage struct {
	v4 *[addrPageSize]uint32
	v6 *[addrPageSize]Addr // when v4 is nil
}

// addrKey is an address as two numbers, with its IP version, 4 or 6.
type addrKey struct{ hi, lo, version uint64 }

// v4Prefix is the lower half of a v4-mapped address without the address.
const v4Prefix = 0xffff << 32

func keyOf(a Addr, version uint8) addrKey {
	hi, lo := a.Numbers()
	if version == 4 {
		return addrKey{lo: v4Prefix | lo&(1<<32-1), version: 4}
	}
	return addrKey{hi: hi, lo: lo, version: 6}
}

// addrBounds says how far a dictionary's pages are filled. Codes go by pages, so that those behind
// the last address of each version's last page are not used yet.
type addrBounds struct {
	n    int    // addresses
	open [2]int // the page that is being filled, IPv4's and IPv6's; -1 for none
	fill [2]int // the addresses in it
}

// kind is the place of a version in addrBounds.
func kind(version uint64) int { return int(version >> 1 & 1) }

// has tells whether a code below the last page's end is an address's.
func (b *addrBounds) has(code uint32) bool {
	page, at := int(code>>addrPageShift), int(code%addrPageSize)
	return (page != b.open[0] || at < b.fill[0]) && (page != b.open[1] || at < b.fill[1])
}

// addrDict gives each distinct address of a version a code: an open-addressing hash
// table over pages of entries.
type addrDict struct {
	seed [2]uint64 // random: peers choose the addresses, they must not choose the collisions
	// A slot is code + 1, 0 when it is empty, and above these slotBits bits of the hash, which spare
	// most looks at entries that are others. The slots are at most three quarters full.
	slots    []uint32
	slotBits int
	pages    []addrPage
	held     int // bytes of the pages
	addrBounds
}

func newAddrDict() addrDict {
	const slotBits = 12
	return addrDict{
		seed: [2]uint64{rand.Uint64(), rand.Uint64()}, slots: make([]uint32, 1<<slotBits), slotBits: slotBits,
		addrBounds: addrBounds{open: [2]int{-1, -1}},
	}
}

// code returns the address's code and gives it one when it has none.
func (d *addrDict) code(k addrKey) uint32 {
	d.reserve(1)
	at, tag := d.hash(k)
	return d.find(k, at, tag)
}

// resolve finds the codes of the batch's first n addresses. It reads all the slots, and what they
// point at, before it needs the first, so that the processor waits for memory once and not for each.
func (d *addrDict) resolve(b *addrBatch, n int) {
	d.reserve(n)
	mask := uint32(len(d.slots) - 1)
	for i := range b.addrs[:n] {
		b.at[i], b.tags[i] = d.hash(b.addrs[i])
	}
	for i := range b.at[:n] {
		b.codes[i] = d.slots[b.at[i]&mask]
	}
	for i := range b.codes[:n] {
		k, slot := b.addrs[i], b.codes[i]
		if code := slot&mask - 1; slot != 0 && slot&^mask == b.tags[i] && d.is(code, k) {
			b.codes[i] = code
		} else {
			b.codes[i] = d.find(k, b.at[i], b.tags[i])
		}
	}
}

// find returns the address's code and adds it when it is not there.
func (d *addrDict) find(k addrKey, at, tag uint32) uint32 {
	mask := uint32(len(d.slots) - 1)
	for at &= mask; ; at = (at + 1) & mask {
		slot := d.slots[at]
		if slot == 0 {
			code := d.add(k)
			d.slots[at] = tag | (code + 1)
			return code
		}
		if code := slot&mask - 1; slot&^mask == tag && d.is(code, k) {
			return code
		}
	}
}

func (d *addrDict) is(code uint32, k addrKey) bool {
	page := &d.pages[code>>addrPageShift]
	if page.v4 != nil {
		return k.version == 4 && page.v4[code%addrPageSize] == uint32(k.lo)
	}
	hi, lo := page.v6[code%addrPageSize].Numbers()
	return k.version == 6 && hi == k.hi && lo == k.lo
}

// add stores an address behind the others of its version.
func (d *addrDict) add(k addrKey) uint32 {
	of := kind(k.version)
	if d.open[of] < 0 || d.fill[of] == addrPageSize {
		page := addrPage{}
		if k.version == 4 {
			page.v4 = new([addrPageSize]uint32)
			d.held += 4 * addrPageSize
		} else {
			page.v6 = new([addrPageSize]Addr)
			d.held += 16 * addrPageSize
		}
		d.open[of], d.fill[of] = len(d.pages), 0
		d.pages = append(d.pages, page)
	}
	page, at := d.pages[d.open[of]], d.fill[of]
	if k.version == 4 {
		page.v4[at] = uint32(k.lo)
	} else {
		page.v6[at] = AddrFromNumbers(k.hi, k.lo)
	}
	d.fill[of]++
	d.n++
	return uint32(d.open[of]<<addrPageShift | at)
}

// key is the address of a code.
func (d *addrDict) key(code uint32) addrKey {
	page := &d.pages[code>>addrPageShift]
	if page.v4 != nil {
		return addrKey{lo: v4Prefix | uint64(page.v4[code%addrPageSize]), version: 4}
	}
	return keyOf(page.v6[code%addrPageSize], 6)
}

// reserve doubles the slots before n more addresses would fill them too much, or before a code would
// not fit into a slot: of the codes below the last page's end, less than two pages are not used.
func (d *addrDict) reserve(n int) {
	if 4*(d.n+n) <= 3*len(d.slots) && d.n+n+2*addrPageSize < len(d.slots) {
		return
	}
	d.slotBits++
	d.slots = make([]uint32, 1<<d.slotBits)
	mask := uint32(len(d.slots) - 1)
	for code := range uint32(len(d.pages) << addrPageShift) {
		if !d.has(code) {
			continue
		}
		i, tag := d.hash(d.key(code))
		for i &= mask; d.slots[i] != 0; i = (i + 1) & mask {
		}
		d.slots[i] = tag | (code + 1)
	}
}

// hash returns where to look first and the tag of the slot.
func (d *addrDict) hash(k addrKey) (at, tag uint32) {
	x, y := bits.Mul64(k.hi^d.seed[0]^k.version, k.lo^d.seed[1])
	x, y = bits.Mul64(x^y^d.seed[1], 0x9e3779b97f4a7c15)
	h := x ^ y
	return uint32(h), uint32(h>>32) &^ uint32(len(d.slots)-1)
}

func (d *addrDict) bytes() int { return 4*cap(d.slots) + 16*cap(d.pages) + d.held }
