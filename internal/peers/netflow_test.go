package peers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cxlens/internal/flow"
)

// captureFlows makes nfdump's own file: nfcapd listens on loopback, and a small exporter sends
// it the flows as NetFlow version 9 (RFC 3954). The file must hold all of them.
func captureFlows(tb testing.TB, in *inputs) (file string, err error) {
	dir := filepath.Join(in.dir, "nfcapd")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("nfcapd", "-w", dir, "-b", "127.0.0.1", "-p", strconv.Itoa(port), "-t", "3600", "-B", "4000000")
	if err := cmd.Start(); err != nil {
		return "", err
	}
	err = exportFlows(port)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if waited := cmd.Wait(); err == nil && waited != nil {
		err = fmt.Errorf("nfcapd: %w", waited)
	}
	if err != nil {
		return "", err
	}
	files, _ := filepath.Glob(filepath.Join(dir, "nfcapd.[0-9]*"))
	if len(files) != 1 {
		return "", fmt.Errorf("nfcapd left %d files", len(files))
	}
	info, err := exec.Command("nfdump", "-I", "-r", files[0]).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("nfdump -I: %w", err)
	}
	if m := regexp.MustCompile(`(?m)^Flows: (\d+)`).FindSubmatch(info); m == nil || string(m[1]) != strconv.Itoa(peerRows) {
		return "", fmt.Errorf("nfcapd did not keep all of %d flows: %.200s", peerRows, info)
	}
	return files[0], nil
}

func freePort() (int, error) {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port, nil
}

// exporter sends flows as NetFlow version 9, each IP version with a template of its own.
type exporter struct {
	conn net.Conn
	port int
	boot int64 // milliseconds since the epoch
	now  int64
	seq  uint32
	sets [2][]byte // the records that wait, of IPv4 and IPv6
}

// The fields of both templates: type and length (RFC 3954 section 8); the addresses' come last.
var exportFields = [][2]uint16{{1, 8}, {2, 8}, {23, 8}, {24, 8}, {22, 4}, {21, 4}, {7, 2}, {11, 2}, {4, 1}, {6, 1}}

var exportAddrs = [2][][2]uint16{{{8, 4}, {12, 4}}, {{27, 16}, {28, 16}}}

const datagram = 1400

func exportFlows(port int) error {
	conn, err := net.Dial("udp4", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return err
	}
	defer conn.Close()
	e := &exporter{conn: conn, port: port, boot: 1_764_000_000_000 - 3600_000}
	if err := e.awaitListener(); err != nil {
		return err
	}
	if err := e.send(e.templates()); err != nil {
		return err
	}
	eachFlow(func(r *flow.Record) {
		if err == nil {
			err = e.add(r)
		}
	})
	for v := range e.sets {
		err = errors.Join(err, e.flush(v))
	}
	return errors.Join(err, e.drain(0))
}

func (e *exporter) templates() []byte {
	var set []byte
	for v, addrs := range exportAddrs {
		fields := append(exportFields[:len(exportFields):len(exportFields)], addrs...)
		set = binary.BigEndian.AppendUint16(set, uint16(256+v))
		set = binary.BigEndian.AppendUint16(set, uint16(len(fields)))
		for _, f := range fields {
			set = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(set, f[0]), f[1])
		}
	}
	return flowSet(0, set)
}

func flowSet(id uint16, body []byte) []byte {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	set := binary.BigEndian.AppendUint16(nil, id)
	return append(binary.BigEndian.AppendUint16(set, uint16(4+len(body))), body...)
}

func (e *exporter) add(r *flow.Record) error {
	v := 0
	if r.IPVersion == 6 {
		v = 1
	}
	set := e.sets[v]
	for _, n := range []uint64{r.SrcBytes, r.SrcPackets, r.DstBytes, r.DstPackets} {
		set = binary.BigEndian.AppendUint64(set, n)
	}
	e.now = r.End/1000 + 1
	set = binary.BigEndian.AppendUint32(set, uint32(r.Start/1000-e.boot))
	set = binary.BigEndian.AppendUint32(set, uint32(r.End/1000-e.boot))
	set = binary.BigEndian.AppendUint16(set, r.SrcPort)
	set = binary.BigEndian.AppendUint16(set, r.DstPort)
	set = append(set, r.Proto, byte(r.SrcFlags))
	if v == 0 {
		set = append(append(set, r.Src[12:]...), r.Dst[12:]...)
	} else {
		set = append(append(set, r.Src[:]...), r.Dst[:]...)
	}
	e.sets[v] = set
	if len(set) > datagram-120 {
		return e.flush(v)
	}
	return nil
}

func (e *exporter) flush(v int) error {
	if len(e.sets[v]) == 0 {
		return nil
	}
	body := flowSet(uint16(256+v), e.sets[v])
	e.sets[v] = e.sets[v][:0]
	return e.send(body)
}

func (e *exporter) send(body []byte) error {
	head := binary.BigEndian.AppendUint16(nil, 9)
	head = binary.BigEndian.AppendUint16(head, 1)
	head = binary.BigEndian.AppendUint32(head, uint32(e.now-e.boot))
	head = binary.BigEndian.AppendUint32(head, uint32(e.now/1000))
	head = binary.BigEndian.AppendUint32(head, e.seq)
	e.seq++
	if _, err := e.conn.Write(append(binary.BigEndian.AppendUint32(head, 1), body...)); err != nil {
		return err
	}
	if e.seq%32 == 0 {
		return e.drain(64 << 10)
	}
	return nil
}

// drain waits until nfcapd has read all but some bytes: what its socket cannot hold is lost.
func (e *exporter) drain(left int64) error {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Microsecond) {
		waiting, ok := e.waiting()
		switch {
		case ok && waiting <= left:
			return nil
		case !ok:
			return errors.New("nfcapd does not listen any more")
		case time.Now().After(deadline):
			return errors.New("nfcapd does not read")
		}
	}
}

// waiting is how many bytes stand in the socket that listens on the port.
func (e *exporter) waiting() (bytes int64, ok bool) {
	text, err := os.ReadFile("/proc/net/udp")
	if err != nil {
		return 0, false
	}
	local := fmt.Sprintf(":%04X", e.port)
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) > 4 && strings.HasSuffix(f[1], local) {
			_, queue, _ := strings.Cut(f[4], ":")
			n, err := strconv.ParseInt(queue, 16, 64)
			return n, err == nil
		}
	}
	return 0, false
}

func (e *exporter) awaitListener() error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, ok := e.waiting(); ok {
			return nil
		}
	}
	return errors.New("nfcapd does not listen")
}
