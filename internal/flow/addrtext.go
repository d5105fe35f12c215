package flow

// parseAddrBytes is ParseAddr on bytes: it takes the same texts and allocates
// nothing, because a line has two of them.
func parseAddrBytes(s []byte) (a Addr, version uint8, ok bool) {
	if n, ok := parseDecimal32(s); ok {
		return AddrFrom4(n), 4, true
	}
	if n, ok := parseDotted(s); ok {
		return AddrFrom4(n), 4, true
	}
	a, ok = parseIPv6(s)
	return a, 6, ok
}

// parseDecimal32 reads 1 to 10 digits that fit into 32 bits.
func parseDecimal32(s []byte) (uint32, bool) {
	if len(s) == 0 || len(s) > 10 {
		return 0, false
	}
	var n uint64
	for _, c := range s {
		c -= '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + uint64(c)
	}
	return uint32(n), n <= 1<<32-1
}

// parseDotted reads four decimal octets without leading zeros, as RFC 6943 section 3.1.1 calls strict.
func parseDotted(s []byte) (n uint32, ok bool) {
	octet, digits, dots := uint32(0), 0, 0
	for _, c := range s {
		if c == '.' {
			if digits == 0 || dots == 3 {
				return 0, false
			}
			n, octet, digits = n<<8|octet, 0, 0
			dots++
			continue
		}
		c -= '0'
		if c > 9 || digits == 3 || digits > 0 && octet == 0 {
			return 0, false
		}
		octet = octet*10 + uint32(c)
		digits++
		if octet > 255 {
			return 0, false
		}
	}
	return n<<8 | octet, dots == 3 && digits > 0
}

// parseIPv6 reads the texts of RFC 4291 section 2.2: groups, "::" once, a dotted tail. No zone.
func parseIPv6(s []byte) (a Addr, ok bool) {
	ellipsis, n := -1, 0 // where "::" stood, and how many bytes are read, both in bytes of a
	if len(s) >= 2 && s[0] == ':' && s[1] == ':' {
		ellipsis, s = 0, s[2:]
	}
	for len(s) > 0 && n < 16 {
		group, size := hexGroup(s)
		if size < len(s) && s[size] == '.' {
			v4, ok := parseDotted(s)
			if !ok || n > 12 || ellipsis < 0 && n != 12 {
				return Addr{}, false
			}
			a[n], a[n+1], a[n+2], a[n+3] = byte(v4>>24), byte(v4>>16), byte(v4>>8), byte(v4)
			n, s = n+4, nil
			break
		}
		if size == 0 || size > 4 {
			return Addr{}, false
		}
		a[n], a[n+1] = byte(group>>8), byte(group)
		n, s = n+2, s[size:]
		if len(s) == 0 {
			break
		}
		if s[0] != ':' || len(s) == 1 {
			return Addr{}, false
		}
		s = s[1:]
		if s[0] == ':' {
			if ellipsis >= 0 {
				return Addr{}, false
			}
			ellipsis, s = n, s[1:]
		}
	}
	if len(s) > 0 || ellipsis < 0 && n != 16 || ellipsis >= 0 && n == 16 {
		return Addr{}, false
	}
	if ellipsis >= 0 {
		copy(a[16-(n-ellipsis):], a[ellipsis:n])
		clear(a[ellipsis : 16-(n-ellipsis)])
	}
	return a, true
}

// hexGroup reads up to five hexadecimal digits: five are one too many.
func hexGroup(s []byte) (group uint32, size int) {
	for size < len(s) && size < 5 {
		digit := hexDigits[s[size]]
		if digit > 0xf {
			break
		}
		group = group<<4 | uint32(digit)
		size++
	}
	return group, size
}

// hexDigits are the values of the hexadecimal digits, and 255 for other characters. Asking whether one is a letter or
// a decimal digit would be answered wrongly half of the time by the processor's guess.
var hexDigits = func() (values [256]byte) {
	for c := range values {
		values[c] = 0xff
	}
	for i, c := range "0123456789abcdef" {
		values[c] = byte(i)
	}
	for i, c := range "ABCDEF" {
		values[c] = byte(10 + i)
	}
	return values
}()
