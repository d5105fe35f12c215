package flow

import (
	"bytes"
	"fmt"
)

// Form is one of the line forms of protocol.md section 6, by its number of fields.
type Form uint8

// The forms.
const (
	Form15 Form = 15 // standard
	Form19 Form = 19 // indexed, cxtracker 0.9.8
	Form20 Form = 20 // indexed with ip version, cxtracker 0.9.8.5
	// FormResult is Form20 and the node's id: a row of a result part (protocol.md section 5).
	FormResult Form = 21
)

// resultColumns are the fields of FormResult.
var resultColumns = [FormResult]Column{
	ColID, ColStart, ColEnd, ColDuration, ColProto, ColSrcIP, ColSrcPort, ColDstIP, ColDstPort,
	ColSrcPackets, ColSrcBytes, ColDstPackets, ColDstBytes, ColSrcFlags, ColDstFlags, ColIPVersion,
	ColPcapFile, ColPcapOffset, ColPcapEndFile, ColPcapEndOffset, ColNode,
}

// ResultColumns names the fields of FormResult for a part's "columns".
func ResultColumns() []string {
	names := make([]string, len(resultColumns))
	for i, c := range resultColumns {
		names[i] = c.String()
	}
	return names
}

// ParseLine reads one session line, without its LF, in whichever of the forms 15,
// 19 and 20 it is; a trailing CR is dropped. It overwrites all of r: forms without
// capture files leave the names empty and the offsets -1, and Node becomes 0,
// because a line does not say who brought it. The duration field is checked and
// dropped. An error is one line that names the field and quotes its text; r is
// then undefined. File names of at most 512 bytes are interned.
func ParseLine(line []byte, r *Record) (Form, error) {
	line = bytes.TrimSuffix(line, []byte{'\r'})
	form := Form(0)
	switch n := bytes.Count(line, []byte{'|'}) + 1; n {
	case 15, 19, 20:
		form = Form(n)
	default:
		return 0, fmt.Errorf("line has %d fields separated by |, want 15, 19 or 20", n)
	}
	var p lineParser
	if err := p.parse(line, form, r); err != nil {
		return 0, err
	}
	r.File, r.EndFile = intern(p.file, r.File), intern(p.endFile, r.EndFile)
	return form, nil
}

// ParseResultLine reads one row of a result part (FormResult), without its LF, as ParseLine does.
func ParseResultLine(line []byte, r *Record) error {
	var p lineParser
	if err := p.parseResult(line, r); err != nil {
		return err
	}
	r.File, r.EndFile = intern(p.file, r.File), intern(p.endFile, r.EndFile)
	return nil
}

// parseResult checks the number of fields and reads them into r and p.file, p.endFile.
func (p *lineParser) parseResult(line []byte, r *Record) error {
	err := p.parse(line, FormResult, r)
	if err == nil && p.pos == len(line)+1 { // all of the line was read
		return nil
	}
	if n := bytes.Count(line, []byte{'|'}) + 1; n != int(FormResult) {
		return fmt.Errorf("row has %d fields separated by |, want %d", n, FormResult)
	}
	return err
}

// parse reads line, which has form's number of fields, into r. The file names
// stay slices of line in p.file and p.endFile: each caller stores names its own way.
func (p *lineParser) parse(line []byte, form Form, r *Record) error {
	p.line, p.pos, p.err = line, 0, nil
	r.ID = p.uint("id", 1<<64-1)
	r.Start = p.time("start")
	r.End = p.time("end")
	p.int("duration")
	r.Proto = uint8(p.uint("protocol", 1<<8-1))
	var srcVersion, dstVersion uint8
	r.Src, srcVersion = p.addr("source address")
	r.SrcPort = uint16(p.uint("source port", 1<<16-1))
	r.Dst, dstVersion = p.addr("destination address")
	if srcVersion != dstVersion && p.err == nil {
		p.refuse("destination address", "not of the source's ip version", r.Dst.AppendText(nil, dstVersion))
	}
	r.DstPort = uint16(p.uint("destination port", 1<<16-1))
	r.SrcPackets = p.uint("source packets", 1<<64-1)
	r.SrcBytes = p.uint("source bytes", 1<<64-1)
	r.DstPackets = p.uint("destination packets", 1<<64-1)
	r.DstBytes = p.uint("destination bytes", 1<<64-1)
	r.SrcFlags = Flags(p.uint("source flags", 1<<8-1))
	r.DstFlags = Flags(p.uint("destination flags", 1<<8-1))
	r.IPVersion = srcVersion
	if form >= Form20 {
		p.version("ip version", srcVersion)
	}
	p.file, p.endFile, r.Offset, r.EndOffset, r.Node = nil, nil, -1, -1, 0
	if form >= Form19 {
		p.file = p.name("pcap file")
		r.Offset = p.int("pcap offset")
		p.endFile = p.name("last pcap file")
		r.EndOffset = p.int("last pcap offset")
	}
	if form == FormResult {
		r.Node = uint32(p.uint("node", 1<<32-1))
	}
	return p.err
}
