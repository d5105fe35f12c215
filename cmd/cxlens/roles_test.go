package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// follower keeps what a process writes and lets others wait for it.
type follower struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
}

func newFollower() *follower { return &follower{changed: make(chan struct{})} }

// Write keeps p.
func (f *follower) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.changed)
	f.changed = make(chan struct{})
	return f.text.Write(p)
}

func (f *follower) look() (string, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.text.String(), f.changed
}

// process is a server or a node: the program without a terminal.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	log   *follower // standard error
	ended chan struct{}
}

func startProcess(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := newProcess(t, env, args...)
	p.begin()
	return p
}

func newProcess(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(binary, args...), log: newFollower(), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stderr, p.cmd.Dir = environ(env), p.log, t.TempDir()
	return p
}

// begin starts the process, which is killed at the end of the test.
func (p *process) begin() {
	t := p.t
	t.Helper()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			text, _ := p.log.look()
			t.Logf("cxlens %q wrote:\n%s", p.cmd.Args[1:], text)
		}
	})
}

// piped is a process whose input and output are pipes of the test.
type piped struct {
	*process
	in, out *os.File
}

func startPiped(t *testing.T, args ...string) *piped {
	t.Helper()
	p := &piped{process: newProcess(t, home(t), args...)}
	input, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, output, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out = in, out
	p.cmd.Stdin, p.cmd.Stdout = input, output
	p.begin()
	for _, theirs := range []*os.File{input, output} {
		if err := theirs.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() {
		_ = in.Close()  // either may be
		_ = out.Close() // closed already
	})
	return p
}

// mark is how much was logged by now.
func (p *process) mark() int {
	text, _ := p.log.look()
	return len(text)
}

// logs waits until every text stands in one line of the log and returns that line.
func (p *process) logs(texts ...string) string {
	p.t.Helper()
	return p.logsAfter(0, texts...)
}

// logsAfter is logs for what comes after a mark.
func (p *process) logsAfter(mark int, texts ...string) string {
	p.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		text, changed := p.log.look()
		for l := range strings.Lines(text[mark:]) {
			if strings.HasSuffix(l, "\n") && containsAll(l, texts) {
				return strings.TrimSuffix(l, "\n")
			}
		}
		select {
		case <-changed:
		case <-p.ended:
			if now, _ := p.log.look(); now == text {
				p.t.Fatalf("the process ended before it logged %q", texts)
			}
		case <-deadline.C:
			p.t.Fatalf("not logged within %s: %q", patience, texts)
		}
	}
}

func containsAll(s string, texts []string) bool {
	for _, text := range texts {
		if !strings.Contains(s, text) {
			return false
		}
	}
	return true
}

func (p *process) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// kill is kill -9.
func (p *process) kill() {
	p.t.Helper()
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// awaits waits for the end of the process.
func (p *process) awaits() {
	p.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	select {
	case <-p.ended:
	case <-deadline.C:
		p.t.Fatalf("the process did not end within %s", patience)
	}
}

// ends waits for the end of the process and checks its exit code.
func (p *process) ends(code int) {
	p.t.Helper()
	p.awaits()
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.t.Errorf("exit code %d, want %d", got, code)
	}
}

// runs tells that the process has not ended.
func (p *process) runs() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// The accounts of the servers of these tests. The secrets must turn up nowhere.
const (
	clientName, clientSecret = "analyst", "blue-7c9e-harbour"
	agentName, agentSecret   = "sensor-a", "green-51fa-lantern"
)

// testServer is a `cxlens serve` with one client and one agent.
type testServer struct {
	*process
	dir, clientAddr, nodeAddr string
	clientSecret, agentSecret string // their files
	env                       []string
}

// startServer makes the server's folder and its accounts and starts it on free ports.
func startServer(t *testing.T) *testServer {
	t.Helper()
	dir := t.TempDir()
	s := &testServer{
		dir: filepath.Join(dir, "server"), clientAddr: "127.0.0.1:0", nodeAddr: "127.0.0.1:0", env: home(t),
		clientSecret: save(t, filepath.Join(dir, "client-secret"), clientSecret+"\n", 0o600),
		agentSecret:  save(t, filepath.Join(dir, "agent-secret"), agentSecret+"\n", 0o600),
	}
	succeed(t, s.env, "admin", "client", "add", clientName, "--level", "1", "--description", "day shift", "--secret-file", s.clientSecret, "--dir", s.dir)
	succeed(t, s.env, "admin", "agent", "add", agentName, "--secret-file", s.agentSecret, "--dir", s.dir)
	s.start(t)
	return s
}

// start starts the server, again on the ports that it had before.
func (s *testServer) start(t *testing.T) {
	t.Helper()
	s.process = startProcess(t, s.env, "serve", "--dir", s.dir, "--client-addr", s.clientAddr, "--node-addr", s.nodeAddr)
	s.nodeAddr = field(s.logs("msg=listening", "for=nodes"), "addr")
	s.clientAddr = field(s.logs("msg=listening", "for=clients"), "addr")
}

// field is the value of a key in a log line.
func field(line, key string) string {
	_, rest, _ := strings.Cut(line, " "+key+"=")
	value, _, _ := strings.Cut(rest, " ")
	return value
}

// asClient are the arguments that log in.
func (s *testServer) asClient(more ...string) []string {
	return append([]string{"--server", s.clientAddr, "--client", clientName, "--secret-file", s.clientSecret}, more...)
}

// query runs a query on the server and returns the rows of its CSV.
func (s *testServer) query(t *testing.T, env []string, args ...string) []string {
	t.Helper()
	out := succeed(t, env, append(append([]string{"query"}, s.asClient("--output", "csv")...), args...)...)
	rows := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	return rows[1:]
}

// startNode starts a node that watches folder.
func (s *testServer) startNode(t *testing.T, name, folder string) *process {
	t.Helper()
	return startProcess(t, home(t), "node", "--server", s.nodeAddr, "--agent", agentName, "--secret-file", s.agentSecret,
		"--name", name, "--netgroup", "dmz", "cxtracker", folder)
}

// gone tells that a file is not there.
func gone(path string) bool {
	_, err := os.Lstat(path)
	return os.IsNotExist(err)
}
