package themes

import "math"

// Contrast is how well one colour reads on another, from 1 to 21 (WCAG 2.1, "contrast ratio"); 0 when
// one of them is not red, green and blue.
func Contrast(a, b Color) float64 {
	if a.kind != rgb || b.kind != rgb {
		return 0
	}
	return contrast(a, b)
}

func contrast(a, b Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance is the relative luminance (WCAG 2.1) of a colour; numbers from 16 count as xterm shows them.
func luminance(c Color) float64 {
	r, g, b := linear(c)
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// linear are red, green and blue as light (IEC 61966-2-1).
func linear(c Color) (r, g, b float64) {
	if c.kind == indexed && c.index >= 16 {
		c = xterm(c.index)
	}
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return lin(c.r), lin(c.g), lin(c.b)
}

// distance is how different two colours look: the CIE 1976 difference, 2.3 of which are just noticed.
func distance(a, b Color) float64 { return apart(a.lab(), b.lab()) }

func apart(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

func (c Color) lab() [3]float64 { return lab(linear(c)) }

// lab is CIE 1976 L*a*b* of linear sRGB under its white point D65.
func lab(r, g, b float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124*r + 0.3576*g + 0.1805*b) / 0.95047)
	y := f(0.2126*r + 0.7152*g + 0.0722*b)
	z := f((0.0193*r + 0.1192*g + 0.9505*b) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
