package query

import "strings"

// nameSet is a set of names and of patterns in which * stands for any characters.
type nameSet struct {
	exact    map[string]bool
	patterns []string
}

func newNameSet(words []string) *nameSet {
	s := &nameSet{exact: map[string]bool{}}
	for _, w := range words {
		if strings.Contains(w, "*") {
			s.patterns = append(s.patterns, w)
		} else {
			s.exact[w] = true
		}
	}
	return s
}

// has tells whether name is in the set. Case matters.
func (s *nameSet) has(name string) bool {
	if s.exact[name] {
		return true
	}
	for _, p := range s.patterns {
		if globMatch(p, name) {
			return true
		}
	}
	return false
}

// globMatch tells whether name matches pattern, in which * stands for any characters, none
// included. The parts between stars are found from left to right, which takes no backtracking.
func globMatch(pattern, name string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, first)
	if !ok {
		return false
	}
	parts := strings.Split(rest, "*")
	for _, part := range parts[:len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return strings.HasSuffix(name, parts[len(parts)-1])
}
