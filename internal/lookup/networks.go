package lookup

import (
	"cmp"
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"sort"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Networks are the named networks of a configuration. A nil one has none. It never changes.
type Networks struct {
	v4, v6 []piece
	names  []string
}

// Has tells whether there is a network of this name.
func (n *Networks) Has(name string) bool { return n != nil && slices.Contains(n.names, name) }

// Empty tells whether there are no networks.
func (n *Networks) Empty() bool { return n == nil || len(n.names) == 0 }

// piece is a range of addresses that are in the same networks.
type piece struct {
	first, last flow.Addr
	names       []string // the most specific network first
}

// NewNetworks returns the networks of those names; sets are the sets of $name as query.Env has
// them. An error names the network.
func NewNetworks(names []string, sets map[string]string) (*Networks, error) {
	var v4, v6 []block
	for _, name := range names {
		q := query.FromTree(&query.Compare{Field: query.FieldIP, Set: []query.Item{&query.Ref{Name: name}}})
		n, ok := q.Root().(*query.Compare)
		if !ok {
			return nil, fmt.Errorf("network %s: a name has letters, digits, _, - and . only", name)
		}
		items, err := q.Items(n, query.Env{Names: sets})
		if err != nil {
			return nil, fmt.Errorf("network %s: %w", name, err)
		}
		ranges4, ranges6 := blocks(name, items)
		v4, v6 = append(v4, ranges4...), append(v6, ranges6...)
	}
	return &Networks{v4: pieces(v4), v6: pieces(v6), names: slices.Clone(names)}, nil
}

// Of returns the names of the networks that a is in, the most specific one first: the one whose
// range around a is the smallest, among equals the one with the fewest addresses in all. The slice
// must not be changed.
func (n *Networks) Of(a netip.Addr) []string {
	if n == nil {
		return nil
	}
	addr, version := flow.AddrFromNetip(a)
	list := n.v6
	if version == 4 {
		list = n.v4
	}
	i := sort.Search(len(list), func(i int) bool { return list[i].last.Compare(addr) >= 0 })
	if i == len(list) || list[i].first.Compare(addr) > 0 {
		return nil
	}
	return list[i].names
}

// block is one range of a network, with what tells how specific it is.
type block struct {
	first, last flow.Addr
	name        string
	size, all   float64 // addresses of the range and of all ranges of the network
}

func blocks(name string, items []query.Item) (v4, v6 []block) {
	for _, item := range items {
		a, ok := item.(*query.Address)
		if !ok {
			continue // a set of addresses has nothing else
		}
		b := block{first: a.Lo, last: a.Hi, name: name, size: size(a.Lo, a.Hi)}
		if a.Version == 4 {
			v4 = append(v4, b)
		} else {
			v6 = append(v6, b)
		}
	}
	for _, list := range [][]block{v4, v6} {
		all := 0.0
		for _, b := range list {
			all += b.size
		}
		for i := range list {
			list[i].all = all
		}
	}
	return v4, v6
}

// size is the number of addresses of a range; large ones are rounded.
func size(first, last flow.Addr) float64 {
	fh, fl := first.Numbers()
	lh, ll := last.Numbers()
	lo, borrow := bits.Sub64(ll, fl, 0)
	return float64(lh-fh-borrow)*(1<<64) + float64(lo) + 1
}

// less orders blocks: the most specific first.
func less(a, b block) int {
	return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.all, b.all), cmp.Compare(a.name, b.name), a.first.Compare(b.first))
}

// pieces cuts overlapping blocks into ranges that do not overlap.
func pieces(list []block) []piece {
	slices.SortFunc(list, func(a, b block) int { return a.first.Compare(b.first) })
	var out []piece
	var open []block // those that reach to the present address, the most specific first
	for at, next := bounds(list), 0; len(at) > 0; at = at[1:] {
		open = slices.DeleteFunc(open, func(b block) bool { return b.last.Compare(at[0]) < 0 })
		for ; next < len(list) && list[next].first == at[0]; next++ {
			i, _ := slices.BinarySearchFunc(open, list[next], less)
			open = slices.Insert(open, i, list[next])
		}
		if len(open) == 0 {
			continue
		}
		p := piece{first: at[0], last: lastOf(open)}
		if len(at) > 1 {
			p.last = before(at[1])
		}
		for _, b := range open {
			if !slices.Contains(p.names, b.name) {
				p.names = append(p.names, b.name)
			}
		}
		out = append(out, p)
	}
	return out
}

// bounds are the addresses at which the blocks that are open become others, in order, each once.
func bounds(list []block) []flow.Addr {
	var at []flow.Addr
	for _, b := range list {
		at = append(at, b.first)
		if next := after(b.last); next != (flow.Addr{}) { // else it reaches to the last address there is
			at = append(at, next)
		}
	}
	slices.SortFunc(at, flow.Addr.Compare)
	return slices.Compact(at)
}

// lastOf is the last address of the blocks behind the last bound, which all end with the last address there is.
func lastOf(open []block) flow.Addr { return open[0].last }

func after(a flow.Addr) flow.Addr {
	hi, lo := a.Numbers()
	if lo++; lo == 0 {
		hi++
	}
	return flow.AddrFromNumbers(hi, lo)
}

func before(a flow.Addr) flow.Addr {
	hi, lo := a.Numbers()
	if lo == 0 {
		hi--
	}
	return flow.AddrFromNumbers(hi, lo-1)
}
