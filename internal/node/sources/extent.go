package sources

import "os"

// extent is how much a source has to read in all, and where in it a file stands.
type extent struct {
	inputs []input
	sizes  []int64
	total  int64 // 0: not known
}

// extentOf looks how large the inputs are. A file that is gone counts as nothing: reading it will say so.
func extentOf(inputs []input) extent {
	e := extent{inputs: inputs}
	known := true
	for _, in := range inputs {
		size := int64(len(in.data))
		switch {
		case in.isStream():
			known = false
		case in.label == "":
			if st, err := os.Stat(in.path); err == nil {
				size = st.Size()
			}
		}
		e.sizes = append(e.sizes, size)
		e.total += size
	}
	if !known {
		e.total = 0
	}
	return e
}

// place fills in what progress says of all files, while the i-th is read.
func (e *extent) place(i int, p Progress) Progress {
	p.Number, p.Files, p.Total = i+1, len(e.inputs), e.total
	for _, size := range e.sizes[:i] {
		p.Before += size
	}
	return p
}
