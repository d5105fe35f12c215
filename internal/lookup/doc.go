// Package lookup finds what is known of an address: the named networks that it is in, the names
// that the DNS has for it, and the country and the autonomous system that database files give it.
//
// It may import query, internal/flow, internal/nearest and internal/smallfile. The surprising thing: only Hosts asks
// somebody else, and it does so for nothing but what Want was given last, because a look-up tells
// the world which addresses somebody is looking at.
package lookup
