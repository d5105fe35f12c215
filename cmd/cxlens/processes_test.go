package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"cxlens/internal/terminal"
)

// spool is a folder of cxtracker session files.
type spool struct {
	t   *testing.T
	dir string
	n   int // files that were written
	at  int // number of the next session
}

func newSpool(t *testing.T) *spool { return &spool{t: t, dir: t.TempDir()} }

// add writes a file of n new sessions under another name and gives it its own when it is whole.
func (s *spool) add(n, fields int) (path string) {
	s.t.Helper()
	path = filepath.Join(s.dir, fmt.Sprintf("stats.eth1.%d", firstSession.Unix()+int64(s.n)))
	save(s.t, path+".part", sessions(s.at, n, fields), 0o600)
	if err := os.Rename(path+".part", path); err != nil {
		s.t.Fatal(err)
	}
	s.n, s.at = s.n+1, s.at+n
	return path
}

// left is how many session files are there.
func (s *spool) left() int {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "stats.*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(files)
}

// empties waits until at most n files are left.
func (s *spool) empties(n int) {
	s.t.Helper()
	eventually(s.t, fmt.Sprintf("at most %d files in the spool", n), func() bool { return s.left() <= n })
}

// holds checks that the server has each of the sessions once and nothing else.
func (s *testServer) holds(t *testing.T, env []string, n int) {
	t.Helper()
	rows := s.query(t, env, "--columns", "id", "any")
	slices.Sort(rows)
	want := make([]string, n)
	for i := range want {
		want[i], _, _ = strings.Cut(session(i, standard), "|")
	}
	slices.Sort(want)
	if slices.Equal(rows, want) {
		return
	}
	once := slices.Compact(slices.Clone(rows))
	t.Errorf("the server has %d flows, %d of them different, want each of %d once", len(rows), len(once), n)
}

// askAgain runs the query on the screen again and waits until it has n flows.
func (s *screen) askAgain(n int) {
	s.t.Helper()
	s.press("r")
	s.shows(exactly(n)+" matched", exactly(n)+" here")
	s.done()
}

// waitNode waits until the pane says the state of node eth1.
func (s *screen) waitNode(state string) {
	s.t.Helper()
	row := regexp.MustCompile(`[●◐○·] eth1 +` + state)
	s.until(func(sc terminal.Screen) bool { return slices.ContainsFunc(sc.Lines(), row.MatchString) })
}

// TestForms: session files of all three forms arrive, the same as when they are opened directly,
// and each is removed only when it is stored.
func TestForms(t *testing.T) {
	t.Parallel()
	srv, files := startServer(t), newSpool(t)
	env := home(t)
	node := srv.startNode(t, "eth1", files.dir)
	node.logs("msg=connected")
	var copies []string
	for i, fields := range []int{standard, indexed98, indexed} {
		copies = append(copies, "--open", save(t, filepath.Join(t.TempDir(), "copy"), sessions(100*i, 100, fields), 0o600))
		path := files.add(100, fields)
		eventually(t, path+" to be removed", func() bool { return gone(path) })
		if rows := srv.query(t, env, "--columns", "id", "any"); len(rows) != 100*(i+1) {
			t.Errorf("file %d was removed when %d flows were stored", i+1, len(rows))
		}
	}
	srv.holds(t, env, 300)
	const columns = "id,start,end,duration,proto,src_ip,src_port,dst_ip,dst_port,src_packets,src_bytes,dst_packets,dst_bytes," +
		"src_flags,dst_flags,state,ip_version,pcap_file,pcap_offset,pcap_end_file,pcap_end_offset"
	args := []string{"--columns", columns, "--order", "start", "any"}
	got := srv.query(t, env, args...)
	want := succeed(t, env, append(append([]string{"query", "--output", "csv"}, copies...), args...)...)
	if strings.Join(got, "\n") != strings.TrimSuffix(want[strings.Index(want, "\n")+1:], "\n") {
		t.Errorf("the flows differ from those of the files:\n%.500s\n%.500s", strings.Join(got, "\n"), want)
	}
	for _, text := range []string{"2001:db8::a:1", "10.0.0.1", "192.0.2.53", ",FSPA,", "pcap."} {
		if !strings.Contains(want, text) {
			t.Errorf("%s is nowhere", text)
		}
	}
	if rows := srv.query(t, env, "--columns", "node,agent,netgroup", "any"); rows[0] != "eth1,"+agentName+",dmz" {
		t.Errorf("the flows are from %q", rows[0])
	}
	node.signal(syscall.SIGTERM)
	node.ends(exitFine)
	keepsSecrets(t, env, srv.process, node)
}

// TestNodeKilled: the pane says what became of the node, and what it had not sent comes later.
func TestNodeKilled(t *testing.T) {
	t.Parallel()
	srv, files := startServer(t), newSpool(t)
	env := home(t)
	s := openScreen(t, terminal.Options{Env: env}, srv.asClient()...)
	s.shows("no node has brought flows to this server yet")
	node := srv.startNode(t, "eth1", files.dir)
	s.waitNode("online")
	s.shows(agentName + "/dmz")
	first := files.add(200, indexed)
	files.add(200, standard) // the one before it is whole now
	eventually(t, "the first file to be removed", func() bool { return gone(first) })

	node.kill()
	s.waitNode("offline")
	stored := len(srv.query(t, env, "--columns", "id", "any"))
	files.add(200, indexed98)
	if files.left() == 0 || stored < 200 {
		t.Errorf("%d files are left, %d flows are stored", files.left(), stored)
	}
	srv.startNode(t, "eth1", files.dir)
	s.waitNode("online")
	files.empties(0)
	s.askAgain(600)
	srv.holds(t, env, 600)
}

// TestServerKilled: both screens and the node outlive the server and are back by themselves.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	srv, files := startServer(t), newSpool(t)
	env := home(t)
	node := srv.startNode(t, "eth1", files.dir)
	node.logs("msg=connected")
	a := openScreen(t, terminal.Options{Env: env}, srv.asClient()...)
	b := openScreen(t, terminal.Options{Cols: 80, Rows: 24}, srv.asClient()...)
	files.add(500, indexed)
	files.add(500, standard)
	files.empties(0)
	a.askAgain(1000)
	b.askAgain(1000)

	mark := node.mark()
	srv.kill()
	for _, s := range []*screen{a, b} {
		s.shows("✗ lost", "connection lost", "trying again in ", "1,000 here")
	}
	a.shows("nodes unknown: not connected")
	node.logsAfter(mark, "not connected", "retry=")
	waiting := files.add(500, indexed98)
	files.add(500, indexed)
	a.press("r") // is asked when there is a server again
	a.shows("queued until connected")
	if gone(waiting) || !node.runs() {
		t.Errorf("file removed while there was no server: %v; node runs: %v", gone(waiting), node.runs())
	}

	mark = node.mark()
	srv.start(t)
	a.shows("connected again after", "● online")
	b.shows("connected again after", "● online")
	node.logsAfter(mark, "msg=connected")
	a.hides("queued until connected")
	files.empties(0)
	a.askAgain(2000)
	b.askAgain(2000)
	a.waitNode("online")
	srv.holds(t, env, 2000)

	if err := b.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b.ends(128 + int(syscall.SIGKILL))
	files.add(500, indexed)
	files.empties(0)
	a.askAgain(2500)
	a.shows("● online")
	a.press("q")
	a.ends(exitFine)
	a.restored()
	srv.holds(t, env, 2500)
	keepsSecrets(t, env, srv.process, node)
}

// TestNothingLost: server and node are killed in the middle of their work, and in the end every flow is there once.
func TestNothingLost(t *testing.T) {
	t.Parallel()
	const perFile, count = 2500, 40
	srv, files := startServer(t), newSpool(t)
	for i := range count {
		files.add(perFile, []int{standard, indexed98, indexed}[i%3])
	}
	node := srv.startNode(t, "eth1", files.dir)
	for i, left := range []int{35, 25, 15} {
		files.empties(left)
		if i == 1 {
			node.kill()
		} else {
			srv.kill()
		}
		t.Logf("killed when %d of %d files were left", files.left(), count)
		if i == 1 {
			node = srv.startNode(t, "eth1", files.dir)
		} else {
			srv.start(t)
		}
	}
	files.empties(0)
	srv.holds(t, home(t), count*perFile)
	srv.signal(syscall.SIGTERM)
	srv.ends(exitFine)
	node.logs("not connected")
	srv.start(t)
	srv.holds(t, home(t), count*perFile)
}
