package capture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"testing"

	"cxlens/internal/node/capture"
	"cxlens/internal/node/nodetest"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/pcapgo"
	"pgregory.net/rapid"
)

// FuzzCapture reads anything: no panic, packets in order and within the file, and
// an error that names the file on one line.
func FuzzCapture(f *testing.F) {
	le, be := binary.LittleEndian, binary.BigEndian
	frame := nodetest.Frame{Micros: 1_700_000_000_000_000, Data: []byte("frame")}
	f.Add(nodetest.Pcap(le, 0xa1b2c3d4, 1, frame, frame))
	f.Add(nodetest.Pcap(be, 0xa1b23c4d, 1, frame))
	f.Add(nodetest.Pcap(be, 0xa1b2cd34, 1, frame))
	f.Add(nodetest.Cat(nodetest.Section(le), nodetest.Interface(le, 1, nodetest.Option(le, 9, []byte{0x8a}), nodetest.Option(le, 14, make([]byte, 8))), nodetest.Enhanced(le, 0, 77, frame)))
	f.Add(nodetest.Cat(nodetest.Section(be), nodetest.Interface(be, 1), nodetest.Block(be, 3, make([]byte, 9)), nodetest.Block(be, 2, make([]byte, 24)), nodetest.Section(le)))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := capture.NewReader("f", bytes.NewReader(file))
		last := int64(0)
		for err == nil {
			var p *capture.Packet
			if p, err = r.Next(); err != nil {
				break
			}
			if p.Offset < last || p.End < p.Offset+int64(len(p.Data)) || p.End > int64(len(file)) {
				t.Fatalf("packet %d at %d to %d with %d bytes", p.Number, p.Offset, p.End, len(p.Data))
			}
			if p.Time < 0 || p.Time > 9_223_372_036_000_000 {
				t.Fatalf("time %d", p.Time)
			}
			last = p.End
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if text := err.Error(); text[:3] != "f: " || bytes.ContainsRune([]byte(text), '\n') {
			t.Fatalf("error %q", text)
		}
	})
}

// TestAgainstPcapgo reads generated files of both formats with this reader and with gopacket's.
func TestAgainstPcapgo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := rapid.SampledFrom([]appendOrder{binary.LittleEndian, binary.BigEndian}).Draw(t, "order")
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) nodetest.Frame {
			f := nodetest.Frame{Micros: rapid.Int64Range(0, 4_000_000_000_000_000).Draw(t, "time"), Data: rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, "data")}
			f.Length = len(f.Data) + rapid.IntRange(0, 2000).Draw(t, "cut")
			return f
		}), 0, 8).Draw(t, "frames")
		var file []byte
		ng := rapid.Bool().Draw(t, "pcapng")
		if ng {
			file = nodetest.Cat(nodetest.Section(o), nodetest.Interface(o, 1))
			for _, f := range list {
				file = append(file, nodetest.Enhanced(o, 0, uint64(f.Micros), f)...)
			}
		} else {
			magic := rapid.SampledFrom([]uint32{0xa1b2c3d4, 0xa1b23c4d}).Draw(t, "magic")
			file = nodetest.Pcap(o, magic, 1, list...)
		}
		ours, err := readAll(file)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := readPcapgo(file, ng)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range ours {
			got = append(got, fmt.Sprintf("%d %d %x", p.Time, p.Length, p.Data))
		}
		if d := cmp.Diff(theirs, got); d != "" {
			t.Fatal(d)
		}
	})
}

func readPcapgo(file []byte, ng bool) (out []string, err error) {
	var next interface {
		ReadPacketData() ([]byte, gopacket.CaptureInfo, error)
	}
	if ng {
		next, err = pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	} else {
		next, err = pcapgo.NewReader(bytes.NewReader(file))
	}
	for err == nil {
		data, info, err := next.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprintf("%d %d %x", info.Timestamp.UnixMicro(), info.Length, data))
	}
	return nil, err
}

// BenchmarkCapture reads a generated pcap of 100,000 packets.
func BenchmarkCapture(b *testing.B) {
	file := nodetest.Pcap(binary.LittleEndian, 0xa1b2c3d4, 1, nodetest.Traffic(100_000, 1000)...)
	b.SetBytes(int64(len(file)))
	packets := uint64(0)
	for b.Loop() {
		r, err := capture.NewReader("b", bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := r.Next(); err != nil {
				break
			}
		}
		packets += r.Packets()
	}
	b.ReportMetric(float64(packets)/b.Elapsed().Seconds(), "packets/s")
}
