package flow

import "bytes"

// rowReader reads the rows of result parts, without a Record in between, into a few rows of
// values that stay in the processor's cache until the columns take them. It knows rows as AppendLine writes them, and leaves every other one,
// good or bad, to lineParser, which says what is wrong with it.
type rowReader struct {
	start, end minute
	addrs      addrBatch
	mid        middle
	values     [batchRows][numStored]uint64
}

// read reads the row at pos of text into row; its addresses go to place k of the
// batch. It returns where the next row begins, 0 when the row is not as AppendLine
// writes it.
func (p *rowReader) read(text []byte, pos int, row *[numStored]uint64, k int, files *fileDict) (next int) {
	var bad uint64
	row[stID], pos, bad = flowID(text, pos)
	start, pos, bad := p.start.moment(text, pos, bad)
	row[stStart] = uint64(start)
	end, pos, bad := p.end.moment(text, pos, bad)
	row[stSpan] = uint64(end - start)
	if bad != 0 {
		return 0
	}
	if pos = p.middle(text, pos, row, k); pos == 0 {
		return 0
	}
	file, pos, bad := files.field(text, pos, bad)
	row[stFile] = file
	offset, pos, bad := signedNumber(text, pos, bad)
	row[stOffset] = uint64(offset)
	file, pos, bad = files.field(text, pos, bad)
	row[stEndFile] = file
	offset, pos, bad = signedNumber(text, pos, bad)
	row[stEndOffset] = uint64(offset)
	n, pos, bad := numberBefore(text, pos, bad, '\n')
	row[stNode], bad = n, bad|n>>32
	if bad != 0 {
		return 0
	}
	return pos
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
