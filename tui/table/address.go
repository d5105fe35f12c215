package table

import "strings"

// FitAddress shortens an address to w columns as the table does, an IPv6 address at a group.
func FitAddress(s string, w int) string { return fitAddress(s, w) }

// fitAddress shortens an address to w columns. An IPv6 address is shortened at a group, never within
// one: the first groups (the network) and the last ones (the host) stay, an ellipsis stands for the rest.
func fitAddress(s string, w int) string {
	if len(s) <= w {
		return s
	}
	if w < 1 {
		return ""
	}
	if !strings.Contains(s, ":") {
		return s[:w-1] + "…"
	}
	return fitGroups(s, w)
}

// fitGroups keeps as many groups as fit, from the front and the back in turn.
func fitGroups(s string, w int) string {
	groups := strings.Split(s, ":")
	front, back := 0, 0
	best := "…"
	for front+back < len(groups) {
		f, b := front, back
		if f <= b {
			f++
		} else {
			b++
		}
		text := joinGroups(groups, f, b)
		if len(text)-len("…")+1 > w {
			break
		}
		front, back, best = f, b, text
	}
	return best
}

func joinGroups(groups []string, front, back int) string {
	var b strings.Builder
	for _, g := range groups[:front] {
		b.WriteString(g)
		b.WriteByte(':')
	}
	b.WriteString("…")
	for _, g := range groups[len(groups)-back:] {
		b.WriteByte(':')
		b.WriteString(g)
	}
	return b.String()
}
