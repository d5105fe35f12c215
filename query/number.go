package query

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// multipliers are the decimal multipliers of numbers, as powers of ten.
var multipliers = []struct {
	letter byte
	zeros  int
}{{'T', 12}, {'G', 9}, {'M', 6}, {'K', 3}}

// numberMost bounds the text of a number: more digits than any value has.
const numberMost = 64

var (
	errNotNumber  = errors.New("is not a number")
	errWhole      = errors.New("is not a whole number")
	errLongNumber = fmt.Errorf("is longer than %d characters", numberMost)
)

// plainNumber writes out a number and its multiplier: "1.5M" is "1500000", "0.0005K" is "0.5".
func plainNumber(s string) (string, error) {
	if len(s) > numberMost {
		return "", errLongNumber
	}
	zeros := 0
	for _, m := range multipliers {
		if n := len(s) - 1; n > 0 && s[n]&^0x20 == m.letter {
			s, zeros = s[:n], m.zeros
			break
		}
	}
	whole, frac, dotted := strings.Cut(s, ".")
	if !digits(whole) || dotted && !digits(frac) {
		return "", errNotNumber
	}
	shift := min(zeros, len(frac))
	whole += frac[:shift] + strings.Repeat("0", zeros-shift)
	frac = strings.TrimRight(frac[shift:], "0")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if frac == "" {
		return whole, nil
	}
	return whole + "." + frac, nil
}

// digits tells whether s is one decimal digit or more.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// parseUint reads a whole number up to most, with a multiplier when scaled.
func parseUint(s string, most uint64, scaled bool) (uint64, error) {
	if !scaled && !digits(s) {
		return 0, errNotNumber
	}
	plain, err := plainNumber(s)
	if err != nil {
		return 0, err
	}
	if strings.Contains(plain, ".") {
		return 0, errWhole
	}
	n, err := strconv.ParseUint(plain, 10, 64)
	if err != nil || n > most {
		return 0, fmt.Errorf("is out of range, the largest is %d", most)
	}
	return n, nil
}

// parseDecimal reads a number with an optional multiplier.
func parseDecimal(s string) (float64, error) {
	plain, err := plainNumber(s)
	if err != nil {
		return 0, err
	}
	// numberMost keeps it far below the largest float64.
	return strconv.ParseFloat(plain, 64)
}

// uintText prints n, with a multiplier where that is shorter.
func uintText(n uint64) string { return shortNumber(strconv.FormatUint(n, 10)) }

// decimalText prints f so that parseDecimal reads the same value.
func decimalText(f float64) string {
	if f == math.Trunc(f) && f < 1<<63 {
		return uintText(uint64(f))
	}
	return shortNumber(strconv.FormatFloat(f, 'f', -1, 64))
}

// shortNumber returns the shortest text for a plain number, the plain one if none is shorter.
func shortNumber(plain string) string {
	best := plain
	whole, frac, _ := strings.Cut(plain, ".")
	for _, m := range multipliers {
		if len(whole) <= m.zeros {
			continue
		}
		cut := len(whole) - m.zeros
		rest := strings.TrimRight(whole[cut:]+frac, "0")
		text := whole[:cut]
		if rest != "" {
			text += "." + rest
		}
		if text += string(m.letter); len(text) < len(best) {
			best = text
		}
	}
	return best
}
