package flow

import "bytes"

// rowReader reads the rows of result parts, without a Record in between, into a few rows of
// values that stay in the processor's cache until the columns take them. It knows rows as AppendLine writes them, and leaves every other one,
// good or bad, to lineParser, which says what is wrong with it.
type rowReader struct {
	start, end minute
	addrs      addrBatch
	values     [batchRows][numStored]uint64
}

// read reads the row at pos of text into row; its addresses go to place k of the
// batch. It returns where the next row begins, 0 when the row is not as AppendLine
// writes it.
func (p *rowReader) read(text []byte, pos int, row *[numStored]uint64, k int, files *fileDict) (next int) {
	var n, bad uint64
	n, pos, bad = number(text, pos, bad)
	row[stID] = n
	start, pos, bad := p.start.moment(text, pos, bad)
	row[stStart] = uint64(start)
	end, pos, bad := p.end.moment(text, pos, bad)
	row[stSpan] = uint64(end - start)
	_, pos, bad = signedNumber(text, pos, bad)
	n, pos, bad = number(text, pos, bad)
	row[stProto], bad = n, bad|n>>8
	version, pos, bad := p.endpoints(text, pos, bad, row, k)
	row[stVersion] = version
	pos, bad = counters(text, pos, bad, row)
	pos, bad = versionField(text, pos, bad, version)
	file, pos, bad := files.field(text, pos, bad)
	row[stFile] = file
	offset, pos, bad := signedNumber(text, pos, bad)
	row[stOffset] = uint64(offset)
	file, pos, bad = files.field(text, pos, bad)
	row[stEndFile] = file
	offset, pos, bad = signedNumber(text, pos, bad)
	row[stEndOffset] = uint64(offset)
	n, pos, bad = numberBefore(text, pos, bad, '\n')
	row[stNode], bad = n, bad|n>>32
	if bad != 0 {
		return 0
	}
	return pos
}

// endpoints reads source address, source port, destination address and destination port.
func (p *rowReader) endpoints(text []byte, pos int, bad uint64, row *[numStored]uint64, k int) (version uint64, next int, stillBad uint64) {
	var port, other uint64
	version, pos, bad = p.addrs.field(text, pos, bad, 2*k)
	port, pos, bad = number(text, pos, bad)
	row[stSrcPort], bad = port, bad|port>>16
	other, pos, bad = p.addrs.field(text, pos, bad, 2*k+1)
	port, pos, bad = number(text, pos, bad)
	row[stDstPort], bad = port, bad|port>>16
	return version, pos, bad | (version ^ other)
}

// counters reads packets, bytes and flags of both sides.
func counters(text []byte, pos int, bad uint64, row *[numStored]uint64) (next int, stillBad uint64) {
	var n uint64
	n, pos, bad = number(text, pos, bad)
	row[stSrcPackets] = n
	n, pos, bad = number(text, pos, bad)
	row[stSrcBytes] = n
	n, pos, bad = number(text, pos, bad)
	row[stDstPackets] = n
	n, pos, bad = number(text, pos, bad)
	row[stDstBytes] = n
	n, pos, bad = number(text, pos, bad)
	row[stSrcFlags], bad = n, bad|n>>8
	n, pos, bad = number(text, pos, bad)
	row[stDstFlags], bad = n, bad|n>>8
	return pos, bad
}

// versionField reads the ip version as AppendLine writes it, and checks that it is version.
func versionField(text []byte, pos int, bad, version uint64) (next int, stillBad uint64) {
	switch {
	case pos > len(text)-4:
	case version == 4 && text[pos] == afInet && text[pos+1] == '|':
		return pos + 2, bad
	case version == 6 && string(text[pos:pos+2]) == afInet6 && text[pos+2] == '|':
		return pos + 3, bad
	}
	return pos, 1
}

// field reads a file name and the | behind it as a code. Neighbouring rows mostly share their file.
func (d *fileDict) field(text []byte, pos int, bad uint64) (code uint64, next int, stillBad uint64) {
	last := d.names[d.last]
	if end := pos + len(last); end < len(text) && text[end] == '|' && string(text[pos:end]) == last {
		return uint64(d.last), end + 1, bad
	}
	size := bytes.IndexByte(text[pos:], '|')
	if size < 0 || bad != 0 {
		return 0, pos, 1
	}
	name := text[pos : pos+size]
	for _, c := range name {
		if c < ' ' || c == 0x7f {
			return 0, pos, 1
		}
	}
	return uint64(d.code(name)), pos + size + 1, bad
}
