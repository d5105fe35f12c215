package capture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cxlens/internal/node/capture"
	"cxlens/internal/node/nodetest"
	"cxlens/internal/node/packed"
)

type appendOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// readAll copies the packets of a capture up to its end or damage.
func readAll(file []byte) ([]capture.Packet, error) {
	r, err := capture.NewReader("x.pcap", bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	var out []capture.Packet
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		c := *p
		c.Data = bytes.Clone(p.Data)
		out = append(out, c)
	}
}

var frames = []nodetest.Frame{
	{Micros: 1_700_000_000_123_456, Data: []byte("first frame")},
	{Micros: 1_700_000_001_000_000, Data: []byte("second"), Length: 1500},
	{Micros: 0, Data: nil},
}

// check holds packets against frames.
func check(t *testing.T, got []capture.Packet, link capture.LinkType) {
	t.Helper()
	if len(got) != len(frames) {
		t.Fatalf("%d packets, want %d", len(got), len(frames))
	}
	for i, p := range got {
		f := frames[i]
		want := uint32(max(f.Length, len(f.Data)))
		if p.Number != uint64(i+1) || p.Time != f.Micros || p.Length != want || !bytes.Equal(p.Data, f.Data) || p.Link != link {
			t.Errorf("packet %d: %+v, want %+v", i, p, f)
		}
	}
}

func TestPcap(t *testing.T) {
	for name, o := range map[string]appendOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		for _, magic := range []uint32{0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34} {
			file := nodetest.Pcap(o, magic, 113, frames...)
			got, err := readAll(file)
			if err != nil {
				t.Fatalf("%s %x: %v", name, magic, err)
			}
			check(t, got, capture.LinkSLL)
			header := int64(16)
			if magic == 0xa1b2cd34 {
				header = 24
			}
			if got[0].Offset != 24 || got[0].End != 24+header+11 || got[1].Offset != got[0].End || got[2].End != int64(len(file)) {
				t.Errorf("%s %x: offsets %d-%d, %d-%d, %d-%d of %d", name, magic,
					got[0].Offset, got[0].End, got[1].Offset, got[1].End, got[2].Offset, got[2].End, len(file))
			}
		}
	}
}

// TestOldPcap: before version 2.3 the two lengths stand the other way round.
func TestOldPcap(t *testing.T) {
	for minor, swapped := range map[byte]bool{2: true, 3: true, 4: false} {
		file := nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, nodetest.Frame{Data: []byte("abc"), Length: 9})
		file[6] = minor
		if swapped {
			file[32], file[36] = file[36], file[32]
		}
		got, err := readAll(file)
		if err != nil || len(got) != 1 || got[0].Length != 9 || string(got[0].Data) != "abc" {
			t.Errorf("version 2.%d: %+v, %v", minor, got, err)
		}
	}
}

func TestPcapng(t *testing.T) {
	for name, o := range map[string]appendOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		file := nodetest.Cat(
			nodetest.Section(o),
			nodetest.Interface(o, 1),
			nodetest.Interface(o, 113, nodetest.Option(o, 2, []byte("eth0")), nodetest.Option(o, 9, []byte{9}), nodetest.Option(o, 0, nil)),
			nodetest.Block(o, 5, make([]byte, 20)), // statistics: passed over
			nodetest.Enhanced(o, 1, 1_700_000_000_123_456_789, frames[0]),
			nodetest.Enhanced(o, 1, 1_700_000_001_000_000_999, frames[1]),
			nodetest.Enhanced(o, 1, 0, frames[2]),
		)
		got, err := readAll(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		check(t, got, capture.LinkSLL)
		last := got[len(got)-1]
		if last.End != int64(len(file)) || last.Offset != last.End-32 || got[0].End != got[1].Offset {
			t.Errorf("%s: offsets %d to %d of %d", name, last.Offset, last.End, len(file))
		}
	}
}

// TestPcapngSections: a later section has its own byte order and interfaces, and the old kinds of packets are read.
func TestPcapngSections(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	old := be.AppendUint16(be.AppendUint16(nil, 0), 7) // interface 0, 7 drops
	old = be.AppendUint32(be.AppendUint32(old, 0), 5)
	old = append(be.AppendUint32(be.AppendUint32(old, 3), 60), "old"...)
	file := nodetest.Cat(
		nodetest.Section(le), nodetest.Interface(le, 1), nodetest.Enhanced(le, 0, 7, nodetest.Frame{Data: []byte("a")}),
		nodetest.Section(be), nodetest.Interface(be, 101),
		nodetest.Block(be, 3, append(be.AppendUint32(nil, 6), "simple"...)),
		nodetest.Block(be, 2, old),
	)
	got, err := readAll(file)
	if err != nil || len(got) != 3 {
		t.Fatalf("%d packets, %v", len(got), err)
	}
	simple, obsolete := got[1], got[2]
	if got[0].Link != 1 || simple.Link != 101 || string(simple.Data) != "simple" || simple.Length != 6 || simple.Time != 0 {
		t.Errorf("simple packet: %+v", simple)
	}
	if string(obsolete.Data) != "old" || obsolete.Length != 60 || obsolete.Time != 5 || obsolete.Number != 3 {
		t.Errorf("obsolete packet: %+v", obsolete)
	}
	if _, err := readAll(nodetest.Cat(nodetest.Section(le), nodetest.Interface(le, 1), nodetest.Section(be), nodetest.Enhanced(be, 0, 7, nodetest.Frame{}))); err == nil {
		t.Error("an interface of the section before was found")
	}
}

func TestPcapngClocks(t *testing.T) {
	o := binary.LittleEndian
	seconds := func(n int64) []byte { return o.AppendUint64(nil, uint64(n)) }
	const end = 9_223_372_036 * 1_000_000
	for name, tc := range map[string]struct {
		resolution []byte
		offset     []byte
		stamp      uint64
		want       int64
	}{
		"default":          {nil, nil, 1_500_000, 1_500_000},
		"milliseconds":     {[]byte{3}, nil, 1500, 1_500_000},
		"seconds":          {[]byte{0}, nil, 15, 15_000_000},
		"nanoseconds":      {[]byte{9}, nil, 1_500_000_999, 1_500_000},
		"attoseconds":      {[]byte{18}, nil, 1_500_000_000_000_000_000, 1_500_000},
		"10^-20":           {[]byte{20}, nil, 1 << 63, 92233},
		"10^-127":          {[]byte{127}, nil, 1<<64 - 1, 0},
		"2^-10":            {[]byte{0x80 | 10}, nil, 3 << 9, 1_500_000},
		"2^-0":             {[]byte{0x80}, nil, 3, 3_000_000},
		"2^-63":            {[]byte{0x80 | 63}, nil, 3 << 62, 1_500_000},
		"2^-64":            {[]byte{0x80 | 64}, nil, 1 << 63, 500_000},
		"2^-127":           {[]byte{0x80 | 127}, nil, 1<<64 - 1, 0},
		"offset":           {nil, seconds(1_700_000_000), 42, 1_700_000_000_000_042},
		"negative offset":  {nil, seconds(-1), 1_500_000, 500_000},
		"before 1970":      {nil, seconds(-2), 1_500_000, 0},
		"far future":       {nil, nil, 1<<64 - 1, end},
		"far offset":       {nil, seconds(1 << 62), 1, end},
		"far past":         {nil, seconds(-1 << 63), 1<<64 - 1, 0},
		"seconds too many": {[]byte{0}, nil, 1<<64 - 1, end},
	} {
		var options [][]byte
		if tc.resolution != nil {
			options = append(options, nodetest.Option(o, 9, tc.resolution))
		}
		if tc.offset != nil {
			options = append(options, nodetest.Option(o, 14, tc.offset))
		}
		got, err := readAll(nodetest.Cat(nodetest.Section(o), nodetest.Interface(o, 1, options...), nodetest.Enhanced(o, 0, tc.stamp, nodetest.Frame{})))
		if err != nil || len(got) != 1 || got[0].Time != tc.want {
			t.Errorf("%s: %+v, %v, want %d", name, got, err, tc.want)
		}
	}
}

// TestDamage: the packets before the damage are read, and the error names file, packet and offset.
func TestDamage(t *testing.T) {
	o := binary.LittleEndian
	good := nodetest.Frame{Data: []byte("good")}
	file := nodetest.Pcap(o, 0xa1b2c3d4, 1, good, good)
	huge := bytes.Clone(file)
	o.PutUint32(huge[24+20+8:], 3_000_000_000)
	ng := nodetest.Cat(nodetest.Section(o), nodetest.Interface(o, 1), nodetest.Enhanced(o, 0, 1, good))
	trailer := nodetest.Enhanced(o, 0, 1, good)
	trailer[len(trailer)-4]++
	captured := nodetest.Enhanced(o, 0, 1, good)
	o.PutUint32(captured[20:], 1<<20)
	for name, tc := range map[string]struct {
		file    []byte
		packets int
		want    string
	}{
		"cut header":        {file[:20], 0, "x.pcap: offset 0: the file header is cut short after 20 of 24 bytes; the file is damaged from here"},
		"cut record header": {file[:24+20+7], 1, "x.pcap: packet 2 at offset 44: the record header is cut short after 7 of 16 bytes"},
		"cut packet":        {file[:len(file)-1], 1, "x.pcap: packet 2 at offset 44: the packet is cut short after 3 of 4 bytes"},
		"no packet":         {file[:24+20+16], 1, "x.pcap: packet 2 at offset 44: the packet is cut short after 0 of 4 bytes"},
		"huge":              {huge, 1, "x.pcap: packet 2 at offset 44: record says 3.0 GB captured"},
		"cut block":         {ng[:len(ng)-5], 0, "packet 1 at offset 48: the block is cut short"},
		"cut block header":  {append(bytes.Clone(ng), 6, 0), 1, "packet 2 at offset 84: the block header is cut short after 2 of 8 bytes"},
		"trailer":           {append(bytes.Clone(ng), trailer...), 1, "packet 2 at offset 84: block says it is 36 bytes long at its head and 37 at its end"},
		"captured":          {append(bytes.Clone(ng), captured...), 1, "packet 2 at offset 84: record says 1.0 MB captured, its block has 4 bytes"},
		"interface":         {append(bytes.Clone(ng), nodetest.Enhanced(o, 1, 1, good)...), 1, "packet 2 at offset 84: packet of interface 1, 1 are described"},
		"option":            {append(bytes.Clone(ng), nodetest.Interface(o, 1, []byte{9, 0, 200, 0})...), 1, "option 9 of the interface says it is 200 bytes long, 0 are left"},
		"length":            {append(bytes.Clone(ng), 9, 0, 0, 0, 13, 0, 0, 0), 1, "block of type 0x9 says it is 13 bytes long"},
		"skipped block cut": {append(bytes.Clone(ng), 9, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff), 1, "the block is cut short after 0 of 4294967272 bytes"},
		"byte order":        {[]byte("\n\r\r\n\x1c\x00\x00\x00ABCD"), 0, "section header has the byte-order magic 41 42 43 44"},
		"section length":    {append([]byte("\n\r\r\n\xfc\xff\xff\xff"), 0x4d, 0x3c, 0x2b, 0x1a), 0, "section header says it is 4.3 GB long"},
	} {
		got, err := readAll(tc.file)
		var damage *capture.DamageError
		if !errors.As(err, &damage) || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
		if len(got) != tc.packets {
			t.Errorf("%s: %d packets, want %d", name, len(got), tc.packets)
		}
	}
}

func TestNotCapture(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "short": "ab", "text": "Lorem ipsum dolor"} {
		if _, err := readAll([]byte(content)); !errors.Is(err, capture.ErrNotCapture) || !strings.HasPrefix(err.Error(), "x.pcap: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	version := nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1)
	version[4] = 1
	if _, err := readAll(version); err == nil || !strings.Contains(err.Error(), "x.pcap: offset 4: pcap version 1.4") {
		t.Errorf("version 1: %v", err)
	}
}

// TestErrorStays: after damage Next says the same again.
func TestErrorStays(t *testing.T) {
	file := nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, frames...)
	r, err := capture.NewReader("x", bytes.NewReader(file[:30]))
	if err != nil {
		t.Fatal(err)
	}
	_, first := r.Next()
	_, second := r.Next()
	if first == nil || first != second || r.Packets() != 0 {
		t.Errorf("%v, then %v after %d packets", first, second, r.Packets())
	}
}

// malformed says of each damaged file how many packets it gives and what its error says, "" for none.
var malformed = map[string]struct {
	packets uint64
	want    string
}{
	"amp.UDP.snmp.src161.pcapng.gz":        {4373, ""},
	"babel_update_oobr.pcap":               {107, ""},
	"bad.pcapng":                           {27, "bad.pcapng: packet 28 at offset 12400: the block header is cut short after 1 of 8 bytes"},
	"be_test901.pcapng":                    {1, "be_test901.pcapng: offset 480: pcapng version 2.0, only version 1 can be read"},
	"bug-6875-01_fuzz.pcap":                {1, "bug-6875-01_fuzz.pcap: packet 2 at offset 228: record says 1.4 GB captured"},
	"defrag-af-confusion-spray-h8.pcap.gz": {16384, ""},
	"empty.pcap":                           {0, ""},
	"empty.pcapng":                         {0, ""},
	"hoobr_juniper3.pcap":                  {1, ""},
	"http-mime-truncated_input.pcap.gz":    {2696, "http-mime-truncated_input.pcap.gz: packet 2697 at offset 2715459: the record header is cut short after 1 of 16 bytes"},
	"ipv6_mobility_1.pcap":                 {16, ""},
	"llc.pcap":                             {1333, ""},
	"microsecs_big_endian.pcap":            {13, ""},
	"pcap-invalid-version-1.pcap":          {0, "pcap-invalid-version-1.pcap: offset 4: pcap version 1.4, only version 2 can be read"},
	"pcapng-example.pcapng":                {159, ""},
	"shb-option-too-long.pcapng":           {0, "shb-option-too-long.pcapng: offset 0: block says it is 52 bytes long at its head and 808464432 at its end"},
	"truncated-header.pcap":                {24, ""},
}

// TestMalformed reads files that broke other programs: packets, or one line that names the place, and soon.
func TestMalformed(t *testing.T) {
	dir := nodetest.Data(t, "malformed")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		began := time.Now()
		in, err := packed.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Error(err)
			continue
		}
		r, err := capture.NewReader(e.Name(), in)
		var n uint64
		for err == nil {
			_, err = r.Next()
			n = r.Packets()
		}
		in.Close()
		want, ok := malformed[e.Name()]
		switch {
		case !ok:
			t.Errorf("%s is not in the list: %d packets, %v", e.Name(), n, err)
		case n != want.packets:
			t.Errorf("%s: %d packets, want %d", e.Name(), n, want.packets)
		case want.want == "" && !errors.Is(err, io.EOF):
			t.Errorf("%s: %v", e.Name(), err)
		case !strings.HasPrefix(err.Error(), want.want):
			t.Errorf("%s: %v, want %s", e.Name(), err, want.want)
		}
		if d := time.Since(began); d > time.Minute {
			t.Errorf("%s took %v", e.Name(), d)
		}
	}
}

// TestReadsThrough reads all real captures to their end.
func TestReadsThrough(t *testing.T) {
	dir := nodetest.Data(t, "pcap")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		in, err := packed.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		r, err := capture.NewReader(e.Name(), in)
		last := int64(0)
		for err == nil {
			var p *capture.Packet
			if p, err = r.Next(); err == nil {
				if p.Offset < last || p.End <= p.Offset {
					t.Fatalf("%s: packet %d at %d to %d, the one before ended at %d", e.Name(), p.Number, p.Offset, p.End, last)
				}
				last = p.End
			}
		}
		if !errors.Is(err, io.EOF) || r.Packets() == 0 {
			t.Errorf("%s: %d packets, %v", e.Name(), r.Packets(), err)
		}
		in.Close()
	}
}
