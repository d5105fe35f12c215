package flow

// fileDict gives each distinct file name a code; 0 is the empty name.
type fileDict struct {
	codes map[string]uint32
	names []string // append-only: a View holds a prefix
	last  uint32
	text  int // bytes of the names
}

func newFileDict() fileDict {
	return fileDict{codes: map[string]uint32{"": 0}, names: []string{""}}
}

// code returns the code of a name. Neighbouring flows mostly share their file.
func (d *fileDict) code(name []byte) uint32 {
	if string(name) == d.names[d.last] {
		return d.last
	}
	code, ok := d.codes[string(name)]
	if !ok {
		code = d.add(string(name))
	}
	d.last = code
	return code
}

func (d *fileDict) codeOf(name string) uint32 {
	if name == d.names[d.last] {
		return d.last
	}
	code, ok := d.codes[name]
	if !ok {
		code = d.add(string([]byte(name))) // a copy: the name may be a slice of something large
	}
	d.last = code
	return code
}

func (d *fileDict) add(name string) uint32 {
	code := uint32(len(d.names))
	d.names = append(d.names, name)
	d.codes[name] = code
	d.text += len(name)
	return code
}

// bytes counts a map entry as 32 bytes: key, code, and the room that maps keep free.
func (d *fileDict) bytes() int { return d.text + 16*cap(d.names) + 32*len(d.codes) }
