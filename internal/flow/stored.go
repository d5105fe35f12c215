package flow

// stored names the values that a row keeps; every other column is derived from them.
type stored uint8

const (
	stID stored = iota
	stStart
	stSpan // end - start: it needs fewer bytes than the end
	stProto
	stVersion
	stSrc // code of the address dictionary
	stDst
	stSrcPort
	stDstPort
	stSrcPackets
	stSrcBytes
	stDstPackets
	stDstBytes
	stSrcFlags
	stDstFlags
	stNode
	stFile // code of the file dictionary
	stEndFile
	stOffset
	stEndOffset
	numStored
)

// signed tells whether a value is compared as a signed number.
func (s stored) signed() bool {
	switch s {
	case stStart, stSpan, stOffset, stEndOffset:
		return true
	}
	return false
}

// storedColumns maps the columns that are kept as they are.
var storedColumns = map[Column]stored{
	ColID: stID, ColStart: stStart, ColDuration: stSpan, ColProto: stProto, ColIPVersion: stVersion,
	ColSrcIP: stSrc, ColDstIP: stDst, ColSrcPort: stSrcPort, ColDstPort: stDstPort,
	ColSrcPackets: stSrcPackets, ColSrcBytes: stSrcBytes, ColDstPackets: stDstPackets, ColDstBytes: stDstBytes,
	ColSrcFlags: stSrcFlags, ColDstFlags: stDstFlags, ColNode: stNode, ColAgent: stNode, ColNetgroup: stNode,
	ColPcapFile: stFile, ColPcapEndFile: stEndFile, ColPcapOffset: stOffset, ColPcapEndOffset: stEndOffset,
}

// storedOf is storedColumns as an array: it is asked for every block of rows.
var storedOf = func() (of [NumColumns]stored) {
	for c := range of {
		of[c] = numStored
		if s, ok := storedColumns[Column(c)]; ok {
			of[c] = s
		}
	}
	return of
}()
