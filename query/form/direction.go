package form

import "cxlens/query"

// Direction says where the two ends of a flow are: inside or outside of the internal networks.
type Direction uint8

// The directions.
const (
	Anywhere  Direction = iota
	Outbound            // src inside, dst outside
	Inbound             // src outside, dst inside
	Inside              // both inside
	Elsewhere           // both outside
	numDirections
)

var directionTexts = [numDirections]string{
	"any", "internal → outside", "outside → internal", "internal only", "outside only",
}

// String returns the direction as the form shows it.
func (d Direction) String() string {
	if d < numDirections {
		return directionTexts[d]
	}
	return "?"
}

// Directions lists all of them.
func Directions() []Direction { return []Direction{Anywhere, Outbound, Inbound, Inside, Elsewhere} }

const (
	// Named stands for the internal networks where the configuration names them.
	Named = "$internal"
	// Blocks are the internal networks where nothing else is said: RFC 1918 and the unique local
	// addresses of RFC 4193.
	Blocks = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"
)

// Internal returns the values for Form.Internal: Named when that name is defined, else Blocks.
func Internal(names map[string]string) string {
	if _, ok := names[Named[1:]]; ok {
		return Named
	}
	return ""
}

// ends tells which ends of the direction are outside.
func (d Direction) ends() (src, dst query.Rel) {
	src, dst = query.EQ, query.EQ
	if d == Inbound || d == Elsewhere {
		src = query.NE
	}
	if d == Outbound || d == Elsewhere {
		dst = query.NE
	}
	return src, dst
}

// terms are the two terms of the direction.
func (d Direction) terms(internal string) ([]query.Node, error) {
	if d == Anywhere {
		return nil, nil
	}
	if blank(internal) {
		internal = Blocks
	}
	srcRel, dstRel := d.ends()
	src, err := query.ParseCompare(query.Src, query.FieldIP, srcRel, internal)
	if err != nil {
		return nil, err
	}
	dst, err := query.ParseCompare(query.Dst, query.FieldIP, dstRel, internal)
	return []query.Node{src, dst}, err
}

// takeDirection takes the first two terms that make a direction and returns the others.
func (f *Form) takeDirection(terms []query.Node) []query.Node {
	for i, n := range terms {
		src, internal, ok := internalEnd(n, query.Src)
		if !ok {
			continue
		}
		for j, n := range terms {
			dst, same, ok := internalEnd(n, query.Dst)
			if !ok || same != internal {
				continue
			}
			f.Direction = directionOf(src, dst)
			if f.Internal = internal; internal == Blocks {
				f.Internal = ""
			}
			var rest []query.Node
			for k, n := range terms {
				if k != i && k != j {
					rest = append(rest, n)
				}
			}
			return rest
		}
	}
	return terms
}

func directionOf(src, dst query.Rel) Direction {
	for _, d := range Directions()[1:] {
		if s, e := d.ends(); s == src && e == dst {
			return d
		}
	}
	return Anywhere
}

// internalEnd tells whether n says that one end is inside (EQ) or outside (NE) of the internal
// networks, as Named or Blocks.
func internalEnd(n query.Node, side query.Side) (rel query.Rel, internal string, ok bool) {
	c, is := n.(*query.Compare)
	if !is || c.Field != query.FieldIP || c.Side != side || c.Rel != query.EQ && c.Rel != query.NE {
		return 0, "", false
	}
	internal = query.SetText(c.Field, c.Set)
	return c.Rel, internal, internal == Named || internal == Blocks
}
