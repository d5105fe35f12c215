package duckdb

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

const (
	childTask = "CXLENS_DUCKDB_TEST_TASK" // what this test binary does in place of its tests
	childPath = "CXLENS_DUCKDB_TEST_PATH"
)

func TestMain(m *testing.M) {
	if os.Getenv(childTask) == "append" {
		appendUntilKilled(os.Getenv(childPath))
	}
	os.Exit(m.Run())
}

const crashBlock = 700

// appendUntilKilled appends block after block and prints the number of each one that is acknowledged.
func appendUntilKilled(path string) {
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	// Every few blocks a checkpoint, so that one is under way when the end comes as well.
	if err := s.writer.exec(context.Background(), "SET checkpoint_threshold = '512KB'"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for n := 0; ; n++ {
		b := block(n, traffic(newRand(), 1, n*crashBlock, crashBlock)...)
		if err := s.Append(context.Background(), 1, b); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

// startAppending starts such a child and returns after it acknowledged blocks blocks.
func startAppending(t *testing.T, path string, blocks int) (child *exec.Cmd, acknowledged *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child = exec.CommandContext(t.Context(), exe)
	child.Env = append(os.Environ(), childTask+"=append", childPath+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged = bufio.NewScanner(out)
	for n := range blocks {
		if !acknowledged.Scan() || acknowledged.Text() != strconv.Itoa(n) {
			t.Fatalf("block %d: the child says %q", n, acknowledged.Text())
		}
	}
	return child, acknowledged
}

// After SIGKILL every acknowledged block is there, whole, and no block in part.
func TestKilledStoreKeepsEveryAcknowledgedBlock(t *testing.T) {
	for _, blocks := range []int{1, 7, 40} {
		path := tempPath(t)
		child, out := startAppending(t, path, blocks)
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		acknowledged := blocks
		for out.Scan() { // what it still said before it died
			acknowledged++
		}
		child.Wait()
		s := openTest(t, path)
		got := all(t, s, store.Query{})
		if len(got)%crashBlock != 0 || len(got) < acknowledged*crashBlock {
			t.Fatalf("%d flows after %d acknowledged blocks of %d", len(got), acknowledged, crashBlock)
		}
		for n := range len(got) / crashBlock {
			want := traffic(newRand(), 1, n*crashBlock, crashBlock)
			if got := got[n*crashBlock : (n+1)*crashBlock]; !slices.Equal(want, got) {
				t.Fatalf("block %d: %s", n, cmp.Diff(want, got))
			}
			if err := s.Append(t.Context(), 1, block(n, want...)); !errors.Is(err, store.ErrDuplicate) {
				t.Fatalf("block %d again: %v", n, err)
			}
		}
		next := len(got) / crashBlock
		mustAppend(t, s, 1, block(next, traffic(newRand(), 1, next*crashBlock, crashBlock)...))
		if totals := mustCount(t, s, store.Query{}); totals.Flows != totals.LastSeq || totals.Flows != uint64(len(got)+crashBlock) {
			t.Errorf("%+v after %d flows", totals, len(got))
		}
	}
}

func TestStoreOfAnotherProcessIsRefused(t *testing.T) {
	path := tempPath(t)
	child, _ := startAppending(t, path, 1)
	_, err := Open(t.Context(), path, Options{})
	want := fmt.Sprintf("flow store %s is in use by process %d: stop it or name another store", path, child.Process.Pid)
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	child.Process.Kill()
	child.Wait()
	openTest(t, path)
}

func TestReopening(t *testing.T) {
	path := tempPath(t)
	s := openTest(t, path)
	if _, err := Open(t.Context(), filepath.Join(filepath.Dir(path), ".", filepath.Base(path)), Options{}); err == nil || !strings.Contains(err.Error(), "open already") {
		t.Errorf("opened twice: %v", err)
	}
	first := traffic(newRand(), 1, 0, 10)
	mustAppend(t, s, 1, block(1, first...))
	node := flow.NodeInfo{ID: 1, Name: "eth\x1b1", Agent: "a", Netgroup: "g"}
	if err := s.SaveNode(t.Context(), flow.NodeInfo{ID: 1, Name: "old"}); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveNode(t.Context(), node); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveNode(t.Context(), flow.NodeInfo{ID: 1, Name: "\xff"}); err == nil {
		t.Error("a name that is not UTF-8 was saved")
	}
	for range 2 { // the second Close does nothing
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s = openTest(t, path)
	second := traffic(newRand(), 1, 10, 10)
	mustAppend(t, s, 1, block(2, second...))
	if diff := cmp.Diff(append(first, second...), all(t, s, store.Query{})); diff != "" {
		t.Error(diff)
	}
	nodes, err := s.Nodes(t.Context())
	if diff := cmp.Diff([]flow.NodeInfo{node}, nodes); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// duckdbFile makes a database of another program, or of another time.
func duckdbFile(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("notes.txt"), []byte(strings.Repeat("these are notes, no flows\n", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	duckdbFile(t, at("foreign"), "CREATE TABLE cats (name VARCHAR)")
	duckdbFile(t, at("newer"), "CREATE TABLE cxlens_store (version INTEGER)", "INSERT INTO cxlens_store VALUES (99)")
	duckdbFile(t, at("versionless"), "CREATE TABLE cxlens_store (version INTEGER)")
	duckdbFile(t, at("torn"), "CREATE TABLE cxlens_store (version INTEGER)", "INSERT INTO cxlens_store VALUES (1)")
	for _, c := range []struct {
		name, want string
		opts       Options
	}{
		{name: "notes.txt", want: "is not a flow store: the file is of another kind"},
		{name: "notes.txt/x", want: "is not a folder"},
		{name: "nowhere/x", want: "folder cannot be used"},
		{name: ".", want: "is a folder: name a file in it"},
		{name: "foreign", want: "database of another program"},
		{name: "newer", want: "written by a newer cxlens (layout 99, this program knows 1)"},
		{name: "versionless", want: "no row"},
		{name: "torn", want: "flow"},
		{name: "x", opts: Options{Threads: -1}, want: "cannot be negative"},
	} {
		_, err := Open(t.Context(), at(c.name), c.opts)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), at(c.name)) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q and the path", c.name, err, c.want)
		}
		if _, again := Open(t.Context(), at(c.name), c.opts); again == nil || again.Error() != err.Error() {
			t.Errorf("%s: the second time %v", c.name, again)
		}
	}
}

// Text in place of a number must not be read as one.
func TestChangedTableIsAnError(t *testing.T) {
	path := tempPath(t)
	s := openTest(t, path)
	mustAppend(t, s, 1, block(1, traffic(newRand(), 1, 0, 5)...))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	duckdbFile(t, path, "DROP VIEW flows", "ALTER TABLE flow ALTER COLUMN src_lo TYPE VARCHAR")
	if _, err := Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), path+": column src_lo has another type") {
		t.Errorf("%v", err)
	}
}

// The store reaches no file but its own and loads no extension.
func TestStoreReachesNothingElse(t *testing.T) {
	path := tempPath(t)
	s := openTest(t, path)
	secret := filepath.Join(filepath.Dir(path), "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"SELECT * FROM read_csv('" + secret + "')", "COPY flow TO '" + secret + ".out'", "INSTALL httpfs", "LOAD httpfs",
		"ATTACH '" + secret + ".db'", "SET enable_external_access = true",
	} {
		err := s.write(t.Context(), func(ctx context.Context, c *conn) error { return c.exec(ctx, statement) })
		if err == nil {
			t.Errorf("%s worked", statement)
		}
	}
}

// A sort larger than the memory limit spills beside the store; in memory it is an error, not a crash.
func TestMemoryLimit(t *testing.T) {
	for _, path := range []string{tempPath(t), ""} {
		s, err := Open(t.Context(), path, Options{Threads: 1, MemoryLimit: 48 << 20})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var loaded error
		rng := newRand()
		for at := 0; at < 300_000 && loaded == nil; at += 10_000 {
			loaded = s.Append(t.Context(), 1, block(at, traffic(rng, 1, at, 10_000)...))
		}
		if path == "" {
			if loaded == nil || !strings.Contains(loaded.Error(), "MiB used") {
				t.Errorf("in memory: %v", loaded)
			}
			continue
		}
		if loaded != nil {
			t.Fatal(loaded)
		}
		n, last := 0, uint64(0)
		err = s.Flows(t.Context(), store.Query{Order: []flow.SortKey{{Column: flow.ColSrcBytes}}}, 5000, func(batch []flow.Record) error {
			for i := range batch {
				if batch[i].SrcBytes < last {
					return errors.New("out of order")
				}
				last = batch[i].SrcBytes
			}
			n += len(batch)
			return nil
		})
		if err != nil || n != 300_000 {
			t.Errorf("%d rows, %v", n, err)
		}
	}
}
