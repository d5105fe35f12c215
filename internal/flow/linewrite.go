package flow

import "strconv"

// AF_INET and AF_INET6 on Linux, which is what cxtracker writes as ip version.
const (
	afInet  = '2'
	afInet6 = "10"
)

// AppendLine appends r in form f, LF included, as cxtracker writes it: IPv4 as a
// decimal number, ip version as Linux's AF_INET or AF_INET6, the duration as the
// difference of the whole seconds. Times carry microseconds, which cxtracker's do
// not. A |, a C0 control or DEL in a file name becomes Mark: it would break the
// line. Node stands in FormResult only.
func AppendLine(dst []byte, r *Record, f Form) []byte {
	dst = strconv.AppendUint(dst, r.ID, 10)
	dst = appendDateTime(append(dst, '|'), r.Start, ' ')
	dst = appendDateTime(append(dst, '|'), r.End, ' ')
	seconds := floorDiv(r.End, microsPerSecond) - floorDiv(r.Start, microsPerSecond)
	dst = strconv.AppendInt(append(dst, '|'), seconds, 10)
	dst = appendField(dst, uint64(r.Proto))
	dst = appendLineAddr(append(dst, '|'), r.Src, r.IPVersion)
	dst = appendField(dst, uint64(r.SrcPort))
	dst = appendLineAddr(append(dst, '|'), r.Dst, r.IPVersion)
	dst = appendField(dst, uint64(r.DstPort))
	dst = appendField(dst, r.SrcPackets)
	dst = appendField(dst, r.SrcBytes)
	dst = appendField(dst, r.DstPackets)
	dst = appendField(dst, r.DstBytes)
	dst = appendField(dst, uint64(r.SrcFlags))
	dst = appendField(dst, uint64(r.DstFlags))
	if f >= Form20 {
		if r.IPVersion == 4 {
			dst = append(dst, '|', afInet)
		} else {
			dst = append(append(dst, '|'), afInet6...)
		}
	}
	if f >= Form19 {
		dst = appendLineName(append(dst, '|'), r.File)
		dst = strconv.AppendInt(append(dst, '|'), r.Offset, 10)
		dst = appendLineName(append(dst, '|'), r.EndFile)
		dst = strconv.AppendInt(append(dst, '|'), r.EndOffset, 10)
	}
	if f == FormResult {
		dst = appendField(dst, uint64(r.Node))
	}
	return append(dst, '\n')
}

func appendField(dst []byte, n uint64) []byte {
	return strconv.AppendUint(append(dst, '|'), n, 10)
}

// appendLineAddr appends an address as the lines have it: IPv4 decimal, IPv6 text.
func appendLineAddr(dst []byte, a Addr, version uint8) []byte {
	if version == 4 {
		_, lo := a.Numbers()
		return strconv.AppendUint(dst, lo&(1<<32-1), 10)
	}
	return a.AppendText(dst, version)
}

// appendLineName appends a file name without the characters that a line cannot hold.
func appendLineName(dst []byte, name string) []byte {
	if !breaksLine(name) {
		return append(dst, name...)
	}
	for i := range len(name) {
		if c := name[i]; inLine(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, Mark...)
		}
	}
	return dst
}

// breaksLine tells whether a name has a character that a line cannot hold.
func breaksLine(name string) bool {
	for i := range len(name) {
		if !inLine(name[i]) {
			return true
		}
	}
	return false
}

// inLine tells whether a line can hold a character of a file name.
func inLine(c byte) bool { return c >= ' ' && c != 0x7f && c != '|' }
