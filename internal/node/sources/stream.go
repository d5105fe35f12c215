package sources

// PcapBytes returns a Source that meters the capture in data, plain or compressed.
// The name stands for it in messages; its flows lie in no file. It ends after the
// capture.
func PcapBytes(name string, data []byte) Source {
	return &pcapSource{inputs: []input{{label: name, data: data}}}
}
