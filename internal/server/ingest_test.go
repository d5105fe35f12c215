package server

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/crypto/blake2b"
	"pgregory.net/rapid"

	"cxlens/internal/store"
	"cxlens/internal/wire"
)

func isAck(err error, code int) bool {
	var ack *wire.AckError
	return errors.As(err, &ack) && ack.Code == code
}

func (r *rig) stored() uint64 {
	r.t.Helper()
	totals, err := r.store.Store.Count(context.Background(), store.Query{})
	if err != nil {
		r.t.Fatal(err)
	}
	return totals.Flows
}

func TestParseBlock(t *testing.T) {
	a, b := line(1), line(2)
	for name, tt := range map[string]struct {
		data      string
		good, bad int
		badLine   int
	}{
		"good":              {a + b, 2, 0, 0},
		"no last LF":        {a + strings.TrimSpace(b), 2, 0, 0},
		"NUL and CR":        {strings.TrimSpace(a) + "\x00\r\n" + b + "\r\n", 2, 0, 0},
		"blank lines":       {"\n" + a + "\n\n" + b + "\n", 2, 0, 0},
		"one bad":           {a + "nonsense\n" + b, 2, 1, 2},
		"cut short":         {a + b[:30], 1, 1, 2},
		"all bad":           {"x\ny\n", 0, 2, 1},
		"control bytes":     {"\x01\x02\x03\n", 0, 1, 1},
		"nothing":           {"", 0, 0, 0},
		"NULs":              {"\x00\x00\n", 0, 0, 0},
		"a lone dot":        {".\n" + a, 1, 1, 1},
		"a number too long": {strings.Replace(a, "|", "99999999999999999999|", 1), 0, 1, 1},
	} {
		block := parseBlock([]byte(tt.data), 7)
		if len(block.Records) != tt.good || len(block.Rejected) != tt.bad {
			t.Errorf("%s: %d good, %d bad", name, len(block.Records), len(block.Rejected))
			continue
		}
		if tt.bad > 0 && (block.Rejected[0].Line != tt.badLine || block.Rejected[0].Reason == "") {
			t.Errorf("%s: rejected %+v", name, block.Rejected[0])
		}
		for _, rec := range block.Records {
			if rec.Node != 7 {
				t.Errorf("%s: node %d", name, rec.Node)
			}
		}
	}
}

func TestRejectedIsClean(t *testing.T) {
	b := parseBlock([]byte("a\x1b[31m\xff"+strings.Repeat("é", maxRejected)+"\n"+line(0)), 1)
	got := b.Rejected[0]
	if strings.Contains(got.Text+got.Reason, "\x1b") || !utf8.ValidString(got.Text) || len(got.Text) > 2*maxRejected {
		t.Errorf("text %q, reason %q", got.Text, got.Reason)
	}
}

// TestBlockInPieces: on how many goroutines a block is read makes no difference.
func TestBlockInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SampledFrom([]string{line(1), line(2), strings.TrimSpace(line(3)) + "\r\n", "\n", "bad\n", "\x00\n", ".\n"})
		data := strings.Join(rapid.SliceOfN(kinds, 0, 60).Draw(t, "lines"), "")
		data = data[:len(data)-rapid.IntRange(0, min(len(data), 40)).Draw(t, "cut")]
		want := parsePieces([]byte(data), 7, 1)
		got := parsePieces([]byte(data), 7, rapid.IntRange(2, 9).Draw(t, "pieces"))
		if !slices.Equal(got.Records, want.Records) || !slices.Equal(got.Rejected, want.Rejected) {
			t.Fatalf("%d good and %d bad lines, want %d and %d", len(got.Records), len(got.Rejected), len(want.Records), len(want.Rejected))
		}
	})
	large := []byte(strings.Repeat(line(1)+"bad\n", 4*pieceBytes/len(line(1))))
	got, want := parseBlock(large, 7), parsePieces(large, 7, 1)
	if got.Hash != blake2b.Sum256(large) || len(want.Rejected) == 0 || !slices.Equal(got.Records, want.Records) || !slices.Equal(got.Rejected, want.Rejected) {
		t.Errorf("%d good and %d bad lines, want %d and %d", len(got.Records), len(got.Rejected), len(want.Records), len(want.Rejected))
	}
}

func FuzzParseBlock(f *testing.F) {
	f.Add([]byte(line(0) + "x\n" + line(1)))
	f.Add([]byte("\x00\n\r\n.\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b := parsePieces(data, 1, 3)
		number := 0
		for _, r := range b.Rejected {
			if r.Line <= number || strings.ContainsAny(r.Text, "\n\x00\x1b") {
				t.Errorf("rejected %+v after line %d", r, number)
			}
			number = r.Line
		}
		if most := strings.Count(string(data), "\n") + 1; len(b.Records)+len(b.Rejected) > most || number > most {
			t.Errorf("%d good and %d bad of %d lines", len(b.Records), len(b.Rejected), most)
		}
	})
}

// TestBlockIsStoredBeforeItsAck: with 200 the flows are there, once, and the bad line does not poison the block.
func TestBlockIsStoredBeforeItsAck(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	data := block(0, 100) + "nonsense\n" + block(100, 100)
	for range 3 {
		if err := n.post("DATA", data); err != nil {
			t.Fatal(err)
		}
		if got := r.stored(); got != 200 {
			t.Fatalf("%d flows stored", got)
		}
	}
	st := r.status(1)
	if st.Flows != 200 || st.Oldest != microStamp(record(0).Start) || st.Newest != microStamp(record(199).Start) || st.Rate != 200 {
		t.Errorf("status %+v", st)
	}
	if err := n.post("DATA", "\x01\x00\n\x00\n"); !isAck(err, 204) {
		t.Errorf("a damaged block: %v", err)
	}
	if err := n.post("DATA", ""); err != nil {
		t.Errorf("an empty block: %v", err)
	}
	if got := r.stored(); got != 200 {
		t.Errorf("%d flows stored", got)
	}
}

// TestStoreFailure: what cannot be stored is refused, and taken when the store is well again.
func TestStoreFailure(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	r.store.set(func(h *hooked) { h.onAppend = func(context.Context) error { return errors.New("disk full") } })
	if err := n.post("DATA", line(0)); !isAck(err, 204) {
		t.Errorf("post: %v", err)
	}
	if got := n.call("cxtracker.save", []string{line(0)}); !strings.Contains(got, "(code -32603)") || strings.Contains(got, "disk") {
		t.Errorf("save: %s", got)
	}
	r.store.set(func(h *hooked) { h.onAppend = nil })
	if err := n.post("DATA", line(0)); err != nil || r.stored() != 1 {
		t.Errorf("afterwards: %v, %d flows", err, r.stored())
	}
}

// TestSave: the method stores what POST stores, also as a notification, and knows a block that was posted.
func TestSave(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	n.walk([]step{
		{"cxtracker.save", []string{line(0), strings.TrimSpace(line(1))}, "[1,2]"},
		{"cxtracker.save", []string{strings.TrimSpace(line(0)), line(1)}, "[1,2]"},
		{"cxtracker.save", []string{line(2), "nonsense", line(3)}, "[3,4]"},
	})
	if err := n.post("DATA", line(0)+line(1)); err != nil || r.stored() != 4 {
		t.Errorf("the saved lines posted: %v, %d flows", err, r.stored())
	}
	if err := n.Notify(context.Background(), "cxtracker.save", []string{line(9)}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the notification's flow", func() bool { return r.stored() == 5 })
	big := record(0)
	big.ID = 1<<64 - 1
	var ids []uint64
	got := n.call("cxtracker.save", []string{strings.Replace(line(10), "11|", "18446744073709551615|", 1)})
	if err := json.Unmarshal([]byte(got), &ids); err != nil || len(ids) != 1 || ids[0] != big.ID {
		t.Errorf("ids %s", got)
	}
}

// TestKilledInBlock: a node that dies in the middle of a block has stored nothing of it, and can come back at once.
func TestKilledInBlock(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	release := make(chan struct{})
	reached := make(chan struct{}, 1)
	r.store.set(func(h *hooked) {
		h.onAppend = func(ctx context.Context) error {
			reached <- struct{}{}
			select {
			case <-release:
			case <-ctx.Done():
			}
			return ctx.Err()
		}
	})
	go func() { _ = n.post("DATA", block(0, 1000)) }()
	receive(t, "the block", reached)
	n.Close()
	wait(t, "the node to be offline", func() bool { return r.status(1).State == stateOffline })
	close(release)
	r.store.set(func(h *hooked) { h.onAppend = nil })
	if got := r.stored(); got != 0 {
		t.Fatalf("%d flows stored", got)
	}
	again := r.node("eth1")
	if err := again.post("DATA", block(0, 1000)); err != nil || r.stored() != 1000 {
		t.Errorf("again: %v, %d flows", err, r.stored())
	}
}

// TestKilledBetweenLines: the bytes of half a block, then the end.
func TestKilledBetweenLines(t *testing.T) {
	r := newRig(t)
	nc := connect(t, r.nodes)
	for _, s := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"authenticate","params":{"agent":"sensor-a","secret":"agent secret"}}`,
	} {
		if _, err := nc.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	buf := make([]byte, 4096)
	if _, err := nc.Read(buf); err != nil {
		t.Fatal(err)
	}
	if _, err := nc.Write([]byte(`{"jsonrpc":"2.0","id":2,"method":"identify","params":{"name":"eth1","type":"CXTRACKER"}}`)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the node", func() bool { return r.status(1).State == stateOnline })
	if _, err := nc.Read(buf); err != nil {
		t.Fatal(err)
	}
	if _, err := nc.Write([]byte("POST DATA\n" + block(0, 10))); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	wait(t, "the node's end", func() bool { return r.status(1).State == stateOffline })
	if got := r.stored(); got != 0 {
		t.Errorf("%d flows stored", got)
	}
}
