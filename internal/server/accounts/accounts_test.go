package accounts

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var cheap = Params{MemoryKiB: 64, Passes: 1, Threads: 1}

// open returns the accounts of a folder with cheap hashes.
func open(t *testing.T, dir string) *File {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	f.checker = newChecker(cheap)
	f.now = func() time.Time { return time.Date(2026, 11, 22, 13, 0, 0, 123, time.UTC) }
	return f
}

func add(t *testing.T, f *File, kind Kind, s Account, given string) (Account, string) {
	t.Helper()
	a, got, err := f.Add(kind, s, given)
	if err != nil {
		t.Fatal(err)
	}
	return a, got
}

func auth(f interface {
	Authenticate(context.Context, Kind, string, string) (Account, error)
}, kind Kind, name, given string,
) (Account, error) {
	return f.Authenticate(context.Background(), kind, name, given)
}

func TestFileLife(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	a, generated := add(t, f, Client, Account{Name: "ann", Description: "first shift", Level: 3}, "")
	want := Account{
		Kind: Client, ID: 1, Name: "ann", Level: 3, Description: "first shift",
		Created: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC),
	}
	if d := cmp.Diff(want, a); d != "" || generated == "" {
		t.Fatalf("secret %q, account %s", generated, d)
	}
	add(t, f, Agent, Account{Name: "ann"}, "other kind, same name")

	// Another File on the same folder, as a running server has it, sees everything from now on.
	server := open(t, dir)
	if got, err := auth(server, Client, "ann", generated); err != nil || got != want {
		t.Fatalf("got %+v, %v", got, err)
	}
	for _, wrong := range []struct {
		kind        Kind
		name, given string
	}{
		{Client, "ann", generated + "x"},
		{Client, "ann", ""},
		{Client, "bob", generated},
		{Client, "", generated},
		{Agent, "ann", generated},
		{Client, "ann\n", generated},
		{Client, "ann", strings.Repeat("x", 1<<20)},
	} {
		if a, err := auth(server, wrong.kind, wrong.name, wrong.given); !errors.Is(err, ErrRefused) || a != (Account{}) {
			t.Errorf("%s %q: got %+v, %v", wrong.kind, wrong.name, a, err)
		}
	}

	rotated, err := f.Rotate(Client, "ann", "")
	if err != nil || rotated == generated {
		t.Fatal(rotated, err)
	}
	if _, err := auth(server, Client, "ann", generated); !errors.Is(err, ErrRefused) {
		t.Errorf("the old secret gave %v", err)
	}
	if _, err := auth(server, Client, "ann", rotated); err != nil {
		t.Errorf("the new secret gave %v", err)
	}
	if err := f.Remove(Client, "ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := auth(server, Client, "ann", rotated); !errors.Is(err, ErrRefused) {
		t.Errorf("a removed account gave %v", err)
	}
	// Ids are not given out again, because logs and stores remember them.
	if again, _ := add(t, f, Client, Account{Name: "ann"}, "x"); again.ID != 2 {
		t.Errorf("id %d after 1 was removed", again.ID)
	}
}

func TestFileErrors(t *testing.T) {
	f := open(t, t.TempDir())
	if a, _ := add(t, f, Agent, Account{Name: "sensor-a", Level: 1}, "s"); a.Level != 0 {
		t.Errorf("an agent has level %d", a.Level)
	}
	if _, _, err := f.Add(Agent, Account{Name: "sensor-a"}, "s"); !errors.Is(err, ErrExists) {
		t.Errorf("twice: %v", err)
	}
	if err := f.Remove(Agent, "sensor-b"); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "sensor-b") {
		t.Errorf("remove: %v", err)
	}
	if _, err := f.Rotate(Agent, "sensor-b", ""); !errors.Is(err, ErrUnknown) {
		t.Errorf("rotate: %v", err)
	}
	if _, err := f.Rotate(Agent, "sensor-a", "two\nlines"); err == nil || strings.Contains(err.Error(), "two") {
		t.Errorf("rotate to a bad secret: %v", err)
	}
	bad := []struct {
		kind Kind
		spec Account
		want string
	}{
		{Agent, Account{Name: ""}, "1 to 64"},
		{Agent, Account{Name: strings.Repeat("x", 65)}, "1 to 64"},
		{Agent, Account{Name: "a b"}, `' '`},
		{Agent, Account{Name: "a\x1b[31m"}, `\x1b`},
		{Agent, Account{Name: "a\u202eb"}, `\u202e`},
		{Agent, Account{Name: "a\xff"}, "UTF-8"},
		{Client, Account{Name: "a", Level: -1}, "0 to 255"},
		{Client, Account{Name: "a", Level: 256}, "0 to 255"},
		{Client, Account{Name: "a", Description: "x\ny"}, `\n`},
		{Client, Account{Name: "a", Description: strings.Repeat("x", 257)}, "256"},
	}
	for _, tt := range bad {
		if _, _, err := f.Add(tt.kind, tt.spec, "s"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v; want %q", tt.spec, err, tt.want)
		}
	}
	if list, err := f.List(Agent); err != nil || len(list) != 1 {
		t.Errorf("after the refusals: %v, %v", list, err)
	}
}

func TestListIsOrderedAndModeIsPrivate(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	for _, n := range []string{"c", "a", "b"} {
		add(t, f, Agent, Account{Name: n}, "s")
	}
	list, err := f.List(Agent)
	if err != nil || len(list) != 3 || list[0].Name != "a" || list[2].Name != "c" {
		t.Errorf("got %v, %v", list, err)
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil || strings.Contains(string(data), "\"s\"") {
		t.Errorf("the file shows a secret: %s, %v", data, err)
	}
}

// TestConcurrentAdmins has several processes' worth of Files add at once: none is lost, no id stands twice.
func TestConcurrentAdmins(t *testing.T) {
	dir := t.TempDir()
	files := []*File{open(t, dir), open(t, dir), open(t, dir), open(t, dir)}
	var wg sync.WaitGroup
	for i, f := range files {
		wg.Go(func() {
			for j := range 8 {
				if _, _, err := f.Add(Agent, Account{Name: string(rune('a'+i)) + string(rune('0'+j))}, "s"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	list, err := files[0].List(Agent)
	if err != nil || len(list) != 32 {
		t.Fatalf("%d accounts, %v", len(list), err)
	}
	ids := map[uint32]bool{}
	for _, a := range list {
		ids[a.ID] = true
	}
	if len(ids) != 32 {
		t.Errorf("%d ids for 32 accounts", len(ids))
	}
}

// TestDamagedFile: what cannot be read lets nobody in, names the file and the place, and a repair heals it.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	add(t, f, Agent, Account{Name: "a"}, "s")
	add(t, f, Agent, Account{Name: "b"}, "s")
	path := filepath.Join(dir, FileName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damages := map[string]struct{ old, new, want string }{
		"not TOML":      {"[[agent]]", "[[agent", "line"},
		"empty":         {string(good), "", "version 0"},
		"version":       {"version = 1", "version = 2", "version 2"},
		"unknown key":   {"version = 1", "version = 1\nsecrte = 1", "secrte"},
		"hash":          {"m=64", "m=640000000", "agent a: hash"},
		"hash kind":     {"$argon2id", "$argon2i", "agent a: hash"},
		"name twice":    {`"b"`, `"a"`, "stands twice"},
		"id twice":      {"id = 2", "id = 1", "stands twice"},
		"agent's level": {"name = \"a\"", "name = \"a\"\n  level = 1", "only clients"},
		"id missing":    {"id = 2\n", "", "missing"},
		"control chars": {`"b"`, `"b\u001b"`, "agent number 2"},
	}
	for name, d := range damages {
		t.Run(name, func(t *testing.T) {
			// The last id's line holds "id = 2" as well.
			bad := strings.Replace(strings.Replace(string(good), "last_agent_id = 2", "last_agent_id = 9", 1), d.old, d.new, 1)
			if d.new == "" && d.old == string(good) {
				bad = ""
			}
			if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := auth(f, Agent, "a", "s")
			if err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), d.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v; want %q", err, d.want)
			}
			if _, err := Open(dir); err == nil {
				t.Error("Open took it")
			}
			if _, _, err := f.Add(Agent, Account{Name: "c"}, "s"); err == nil {
				t.Error("Add wrote over it")
			}
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := auth(f, Agent, "a", "s"); err != nil {
				t.Errorf("after the repair: %v", err)
			}
		})
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := auth(f, Agent, "a", "s"); !errors.Is(err, ErrRefused) {
		t.Errorf("without a file: %v", err)
	}
}

func TestOpenNeedsFolder(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("got %v", err)
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("got %v", err)
	}
}

func TestMemory(t *testing.T) {
	m := NewMemory()
	if err := m.Add(Client, Account{Name: "ann", Level: 1}, "s"); err != nil {
		t.Fatal(err)
	}
	if err := m.Add(Client, Account{Name: "ann"}, "s"); !errors.Is(err, ErrExists) {
		t.Errorf("twice: %v", err)
	}
	if err := m.Add(Client, Account{Name: "bob"}, ""); err == nil {
		t.Error("an empty secret was taken")
	}
	if got, err := auth(m, Client, "ann", "s"); err != nil || got.ID != 1 || got.Level != 1 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := auth(m, Client, "ann", "t"); !errors.Is(err, ErrRefused) {
		t.Errorf("wrong secret: %v", err)
	}
	if err := m.Remove(Client, "ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := auth(m, Client, "ann", "s"); !errors.Is(err, ErrRefused) {
		t.Errorf("removed: %v", err)
	}
	if err := m.Remove(Client, "ann"); !errors.Is(err, ErrUnknown) {
		t.Errorf("removed twice: %v", err)
	}
}

// TestChecksAreLimited: with every slot taken a check waits for its turn and no longer than its context.
func TestChecksAreLimited(t *testing.T) {
	c := newChecker(cheap)
	for range maxChecks {
		c.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.check(ctx, entry{}, false, "s"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	done := make(chan error)
	go func() {
		_, err := c.check(context.Background(), entry{}, false, "s")
		done <- err
	}()
	<-c.slots
	if err := <-done; !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
}

// TestUnknownCostsTheSame: an unknown name's secret goes through a hash of the same costs.
func TestUnknownCostsTheSame(t *testing.T) {
	c := newChecker(DefaultParams)
	if c.decoy.Params != DefaultParams || len(c.decoy.key) != keyLen || c.decoy.matches("") {
		t.Errorf("decoy %v", c.decoy.Params)
	}
	e := entry{hash: newHash("s", DefaultParams)}
	measure := func(known bool) time.Duration {
		start := time.Now()
		c.check(context.Background(), e, known, "wrong")
		return time.Since(start)
	}
	known, unknown := time.Hour, time.Hour
	for range 50 { // a busy machine makes single ones slow, and never the fastest of one kind fast
		known, unknown = min(known, measure(true)), min(unknown, measure(false))
		if unknown >= known/3 && known >= unknown/3 {
			return
		}
	}
	t.Errorf("known %v, unknown %v", known, unknown)
}
