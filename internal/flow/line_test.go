package flow

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const (
	line15 = "5343839945096828433|2009-06-05 13:48:14|2009-06-05 13:48:15|1|6|2130706433|51234|167772167|443|10|1800|8|4500|27|27"
	line19 = line15 + "|em1.1244209694|24|em1.1244209695|9000"
	line20 = line15 + "|2|em1.1244209694|24|em1.1244209695|9000"
)

func TestParseLineForms(t *testing.T) {
	plain := Record{
		ID: 5343839945096828433, Start: 1244209694_000000, End: 1244209695_000000, Proto: TCP, IPVersion: 4,
		Src: AddrFrom4(2130706433), SrcPort: 51234, Dst: AddrFrom4(167772167), DstPort: 443,
		SrcPackets: 10, SrcBytes: 1800, DstPackets: 8, DstBytes: 4500, SrcFlags: FIN | SYN | PSH | ACK, DstFlags: FIN | SYN | PSH | ACK,
		Offset: -1, EndOffset: -1,
	}
	indexed := plain
	indexed.File, indexed.Offset, indexed.EndFile, indexed.EndOffset = "em1.1244209694", 24, "em1.1244209695", 9000
	six := plain
	six.IPVersion, six.Src, six.Dst = 6, AddrFromNumbers(0x20010db8<<32, 7), Addr{15: 1}
	negative := plain
	negative.End = plain.Start - 3_000000
	for _, test := range []struct {
		name, line string
		form       Form
		want       Record
	}{
		{"15 fields", line15, Form15, plain},
		{"a CR at the end", line15 + "\r", Form15, plain},
		{"19 fields", line19, Form19, indexed},
		{"20 fields", line20, Form20, indexed},
		{"dotted addresses", strings.Replace(strings.Replace(line15, "2130706433", "127.0.0.1", 1), "167772167", "10.0.0.7", 1), Form15, plain},
		{"ip version 4", line15 + "|4||-1||-1", Form20, plain},
		{"IPv6 by its text", sixLine(""), Form15, six},
		{"IPv6 on Linux", sixLine("|10||-1||-1"), Form20, six},
		{"IPv6 on FreeBSD", sixLine("|28||-1||-1"), Form20, six},
		{"IPv6 on macOS", sixLine("|30||-1||-1"), Form20, six},
		{"IPv6 as 6", sixLine("|6||-1||-1"), Form20, six},
		{"a negative duration", strings.Replace(line15, "13:48:15|1|", "13:48:11|-3|", 1), Form15, negative},
		{"microseconds", strings.Replace(line15, "13:48:15|", "13:48:15.000000|", 1), Form15, plain},
	} {
		r := Record{File: "old", Node: 7, Offset: 3}
		form, err := ParseLine([]byte(test.line), &r)
		if err != nil || form != test.form {
			t.Errorf("%s: form %d, %v", test.name, form, err)
		}
		if diff := cmp.Diff(test.want, r); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// sixLine is line15 between IPv6 addresses, and more fields.
func sixLine(more string) string {
	return strings.Replace(strings.Replace(line15, "2130706433", "2001:db8::7", 1), "167772167", "::1", 1) + more
}

func TestParseLineErrors(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{line20, "", "line has 1 fields separated by |, want 15, 19 or 20"},
		{line20, strings.Repeat("|", 20), "line has 21 fields separated by |, want 15, 19 or 20"},
		{"5343839945096828433", "", `field 1 (id): not a number from 0 up: ""`},
		{"5343839945096828433", "18446744073709551616", `field 1 (id): above 18446744073709551615: "18446744073709551616"`},
		{"5343839945096828433", "-5", `field 1 (id): not a number from 0 up: "-5"`},
		{"2009-06-05 13:48:14", "2009-02-29 13:48:14", `field 2 (start): not a date and time (YYYY-MM-DD HH:MM:SS[.ffffff]): "2009-02-29 13:48:14"`},
		{"13:48:15|", "13:48:60|", `field 3 (end): not a date`},
		{"13:48:15|", "13:48:15.5|", `field 3 (end): not a date`},
		{"|1|6|", "|1.5|6|", `field 4 (duration): not a whole number of 64 bits: "1.5"`},
		{"|1|6|", "|-|6|", `field 4 (duration): not a whole number of 64 bits: "-"`},
		{"|1|6|", "|1|256|", `field 5 (protocol): above 255: "256"`},
		{"2130706433", "4294967296", `field 6 (source address): not an IP address: "4294967296"`},
		{"2130706433", "fe80::1%eth0", `field 6 (source address): not an IP address: "fe80::1%eth0"`},
		{"2130706433", "::1", `field 8 (destination address): not of the source's ip version: "10.0.0.7"`},
		{"|51234|", "|65536|", `field 7 (source port): above 65535: "65536"`},
		{"|51234|", "| 80|", `field 7 (source port): not a number from 0 up: " 80"`},
		{"|27|27", "|27|256", `field 15 (destination flags): above 255: "256"`},
		{"|2|em1", "|9|em1", `field 16 (ip version): not 2, 4 (IPv4) or 6, 10, 28, 30 (IPv6): "9"`},
		{"|2|em1", "|10|em1", `field 16 (ip version): IPv6, the addresses are IPv4: "10"`},
		{"em1.1244209694", "em\x1b[2J", `field 17 (pcap file): control character in a file name: "em\x1b[2J"`},
		{"|24|", "|9223372036854775808|", `field 18 (pcap offset): not a whole number of 64 bits: "9223372036854775808"`},
		{"|9000", "|", `field 20 (last pcap offset): not a whole number of 64 bits: ""`},
		{"2130706433", strings.Repeat("9", 999), `field 6 (source address): not an IP address: "` + strings.Repeat("9", 64) + `…"`},
	} {
		line := strings.Replace(line20, test.old, test.new, 1)
		if _, err := ParseLine([]byte(line), new(Record)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: error %v, want %s", line, err, test.want)
		}
	}
	if _, err := NewTable().AppendResult([]byte(line20 + "|1\n" + line20 + "|4294967296\n")); err == nil ||
		err.Error() != `result line 2: field 21 (node): above 4294967295: "4294967296"` {
		t.Error(err)
	}
	if err := ParseResultLine([]byte(line20), new(Record)); err == nil || err.Error() != "row has 20 fields separated by |, want 21" {
		t.Error(err)
	}
}

// TestLineRoundTrip: what AppendLine writes, the parsers read, less what a form does not hold.
func TestLineRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRecord().Draw(t, "record")
		form := rapid.SampledFrom([]Form{Form15, Form19, Form20, FormResult}).Draw(t, "form")
		line := AppendLine([]byte("before"), &want, form)
		line, ok := bytes.CutSuffix(bytes.TrimPrefix(line, []byte("before")), []byte("\n"))
		if !ok || bytes.ContainsAny(line, "\n\r\x00") {
			t.Fatalf("broken line %q", line)
		}
		if form != FormResult {
			want.Node = 0
		}
		if form == Form15 {
			want.File, want.EndFile, want.Offset, want.EndOffset = "", "", -1, -1
		}
		var got Record
		if form == FormResult {
			if err := ParseResultLine(line, &got); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
		} else if f, err := ParseLine(line, &got); err != nil || f != form {
			t.Fatalf("%q: form %d, %v", line, f, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q: %s", line, diff)
		}
	})
}

// TestAppendLineCannotBreak: whatever a file name holds, the line has its fields and its LF.
func TestAppendLineCannotBreak(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRecord().Draw(t, "record")
		want.File = string(rapid.SliceOf(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("|\n\r.\x00")))).Draw(t, "file"))
		line := AppendLine(nil, &want, Form20)
		var got Record
		if _, err := ParseLine(bytes.TrimSuffix(line, []byte("\n")), &got); err != nil || bytes.Count(line, []byte("\n")) != 1 {
			t.Fatalf("%q: %v", line, err)
		}
		want.Node = 0
		want.File = string(regexp.MustCompile(`[\x00-\x1f\x7f|]`).ReplaceAll([]byte(want.File), []byte(Mark)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestParseLineAllocatesNothing: once a file name was seen, a line costs no allocation.
func TestParseLineAllocatesNothing(t *testing.T) {
	var r Record
	var out []byte
	for _, line := range []string{line15, line19, line20, sixLine("|10|a|1|b|2")} {
		text := []byte(line)
		if n := testing.AllocsPerRun(100, func() {
			if _, err := ParseLine(text, &r); err != nil {
				t.Fatal(err)
			}
			out = AppendLine(out[:0], &r, Form20)
		}); n > 0 {
			t.Errorf("%s: %v allocations", line, n)
		}
	}
}

func TestTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		micros := rapid.Int64Range(MinTime, MaxTime).Draw(t, "micros")
		at := time.UnixMicro(micros).UTC()
		if got, want := string(AppendTime(nil, micros)), at.Format("2006-01-02T15:04:05.000000Z"); got != want {
			t.Fatalf("%d is %s, want %s", micros, got, want)
		}
		text := at.Format("2006-01-02 15:04:05.000000")
		days, ok := parseDate([]byte(text[:10]))
		clock, ok2 := parseClock([]byte(text[11:]))
		if !ok || !ok2 || days*microsPerDay+clock != micros {
			t.Fatalf("%s is read as day %d (%v), %d µs (%v)", text, days, ok, clock, ok2)
		}
	})
	for _, test := range []struct {
		micros int64
		want   string
	}{{MinTime - 1, "0000-01-01T00:00:00.000000Z"}, {MaxTime + 1, "9999-12-31T23:59:59.999999Z"}, {-1, "1969-12-31T23:59:59.999999Z"}} {
		if got := string(AppendTime(nil, test.micros)); got != test.want {
			t.Errorf("%d is %s, want %s", test.micros, got, test.want)
		}
	}
}

func TestAppendDuration(t *testing.T) {
	for micros, want := range map[int64]string{
		0: "0.000000", 12_400_000: "12.400000", -1: "-0.000001", 1<<63 - 1: "9223372036854.775807", -1 << 63: "-9223372036854.775808",
	} {
		if got := string(AppendDuration(nil, micros)); got != want {
			t.Errorf("%d µs is %s, want %s", micros, got, want)
		}
	}
}

// FuzzParseLine: no panic, and what parses prints and parses to the same again.
func FuzzParseLine(f *testing.F) {
	for _, line := range []string{line15, line19, line20, line20 + "|3", sixLine("|10|a|-1|b|-17"), line15 + "\r", "", "|"} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var first, second Record
		form, err := ParseLine(line, &first)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return isDirty(r) }) {
				t.Errorf("control character in the error %q", err)
			}
			if ParseResultLine(line, &first) != nil {
				return
			}
			form = FormResult
		}
		text := bytes.TrimSuffix(AppendLine(nil, &first, form), []byte("\n"))
		if form == FormResult {
			err = ParseResultLine(text, &second)
		} else {
			_, err = ParseLine(text, &second)
		}
		if err != nil || first != second {
			t.Errorf("%q is printed as %q: %v", line, text, err)
		}
		table := NewTable()
		if _, err := table.AppendResult(AppendLine(nil, &first, FormResult)); err != nil {
			t.Fatal(err)
		}
		if table.View().Record(0, &second); first != second {
			t.Errorf("the table returns %+v for %+v", second, first)
		}
	})
}

// FuzzParseAddr compares the parser of lines with net/netip.
func FuzzParseAddr(f *testing.F) {
	for _, s := range []string{"1.2.3.4", "2130706433", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "fe80::1%e", "01.2.3.4", ":::", "1::2::3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, version, ok := parseAddrBytes([]byte(s))
		want, wantVersion, err := ParseAddr(s)
		if ok != (err == nil) || ok && (a != want || version != wantVersion) {
			t.Errorf("%q is %v %d %v, netip says %v %d %v", s, a, version, ok, want, wantVersion, err)
		}
		if !ok {
			return
		}
		if ip, err := netip.ParseAddr(a.Text(version)); err != nil || ip != a.Netip(version) {
			t.Errorf("%q prints as %s", s, a.Text(version))
		}
	})
}
