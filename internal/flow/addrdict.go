package flow

import (
	"math/bits"
	"math/rand/v2"
)

// addrPage is how many addresses are stored together. Pages never move: a View
// keeps reading them while the writer fills the entries behind its own.
const (
	addrPageShift = 10
	addrPage      = 1 << addrPageShift
)

// addrEntry is 17 bytes without a gap, so that a look-up reads one place.
type addrEntry struct {
	addr    Addr
	version uint8
}

type addrEntries [addrPage]addrEntry

// addrDict gives each distinct address of a version a code, in the order of first
// sight: an open-addressing hash table over pages of entries.
type addrDict struct {
	seed [2]uint64 // random: peers choose the addresses, they must not choose the collisions
	// A slot is code + 1, 0 when it is empty, and above these slotBits bits of the hash, which spare
	// most looks at entries that are others. The slots are at most three quarters full.
	slots    []uint32
	slotBits int
	pages    []*addrEntries
	n        int
}

func newAddrDict() addrDict {
	const slotBits = 8
	return addrDict{seed: [2]uint64{rand.Uint64(), rand.Uint64()}, slots: make([]uint32, 1<<slotBits), slotBits: slotBits}
}

// code returns the address's code and gives it one when it has none.
func (d *addrDict) code(a Addr, version uint8) uint32 {
	d.reserve(1)
	at, tag := d.hash(a, version)
	return d.find(a, version, at, tag)
}

// codes is code for both addresses of up to batchRows records. It reads all the slots before it needs
// the first, so that the processor waits for memory once and not for each.
func (d *addrDict) codes(records []Record, src, dst *[batchRows]uint32) {
	d.reserve(2 * len(records))
	var at, tags, slots [2 * batchRows]uint32
	for i := range records {
		r := &records[i]
		at[2*i], tags[2*i] = d.hash(r.Src, r.IPVersion)
		at[2*i+1], tags[2*i+1] = d.hash(r.Dst, r.IPVersion)
	}
	mask := uint32(len(d.slots) - 1)
	for i := range 2 * len(records) {
		slots[i] = d.slots[at[i]&mask]
	}
	for i := range records {
		r := &records[i]
		src[i] = d.known(slots[2*i], r.Src, r.IPVersion, at[2*i], tags[2*i])
		dst[i] = d.known(slots[2*i+1], r.Dst, r.IPVersion, at[2*i+1], tags[2*i+1])
	}
}

// known is find for an address whose first slot was read already.
func (d *addrDict) known(slot uint32, a Addr, version uint8, at, tag uint32) uint32 {
	mask := uint32(len(d.slots) - 1)
	if code := slot&mask - 1; slot != 0 && slot&^mask == tag && d.is(code, a, version) {
		return code
	}
	return d.find(a, version, at, tag)
}

// find returns the address's code and adds it when it is not there.
func (d *addrDict) find(a Addr, version uint8, at, tag uint32) uint32 {
	mask := uint32(len(d.slots) - 1)
	for at &= mask; ; at = (at + 1) & mask {
		slot := d.slots[at]
		if slot == 0 {
			return d.add(a, version, at, tag)
		}
		if code := slot&mask - 1; slot&^mask == tag && d.is(code, a, version) {
			return code
		}
	}
}

func (d *addrDict) is(code uint32, a Addr, version uint8) bool {
	e := &d.pages[code>>addrPageShift][code%addrPage]
	return e.addr == a && e.version == version
}

func (d *addrDict) add(a Addr, version uint8, at, tag uint32) uint32 {
	code := uint32(d.n)
	if d.n%addrPage == 0 {
		d.pages = append(d.pages, &addrEntries{})
	}
	d.pages[code>>addrPageShift][code%addrPage] = addrEntry{a, version}
	d.slots[at] = tag | (code + 1)
	d.n++
	return code
}

// reserve doubles the slots before n more addresses would fill them too much.
func (d *addrDict) reserve(n int) {
	if 4*(d.n+n) <= 3*len(d.slots) {
		return
	}
	d.slotBits++
	d.slots = make([]uint32, 1<<d.slotBits)
	mask := uint32(len(d.slots) - 1)
	for code := range uint32(d.n) {
		e := &d.pages[code>>addrPageShift][code%addrPage]
		i, tag := d.hash(e.addr, e.version)
		for i &= mask; d.slots[i] != 0; i = (i + 1) & mask {
		}
		d.slots[i] = tag | (code + 1)
	}
}

// hash returns where to look first and the tag of the slot.
func (d *addrDict) hash(a Addr, version uint8) (at, tag uint32) {
	hi, lo := a.Numbers()
	x, y := bits.Mul64(hi^d.seed[0]^uint64(version), lo^d.seed[1])
	x, y = bits.Mul64(x^y^d.seed[1], 0x9e3779b97f4a7c15)
	h := x ^ y
	return uint32(h), uint32(h>>32) &^ uint32(len(d.slots)-1)
}

func (d *addrDict) bytes() int {
	return 4*cap(d.slots) + len(d.pages)*addrPage*17 + 8*cap(d.pages)
}
