package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// keepsSecrets checks that no secret of the test's accounts stands in any file of an
// environment, in the server's log, or in a process's arguments.
func keepsSecrets(t *testing.T, env []string, logs ...*process) {
	t.Helper()
	secrets := []string{clientSecret, agentSecret}
	look := func(where string, data []byte) {
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("a secret stands in %s", where)
			}
		}
	}
	err := filepath.WalkDir(under(t, env, "HOME"), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			look(path, []byte(read(t, path)))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for _, p := range logs {
		text, _ := p.log.look()
		look("the log of "+strings.Join(p.cmd.Args[1:2], ""), []byte(text))
	}
	if runtime.GOOS != "linux" {
		return
	}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(files) == 0 {
		t.Fatalf("no processes in /proc (%v)", err)
	}
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil {
			look(f, data)
		}
	}
}

// TestLoginForm: a wrong secret is refused beside its field, the right one logs in.
func TestLoginForm(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	env := home(t)
	var record bytes.Buffer
	s := openScreen(t, terminal.Options{Env: env, Record: &record}, "--server", srv.clientAddr)
	s.shows("log in to a server", srv.clientAddr, "of the analyst's account")
	s.enter(clientName)
	s.shows("not shown while it is typed")
	s.enter("wrong-" + clientSecret)
	s.shows("✗ log in to "+srv.clientAddr, "refused the name or the secret")
	lines := s.Screen().Lines()
	for i, l := range lines {
		if strings.Contains(l, "✗ log in") && !strings.Contains(lines[i-1], "│ secret ") {
			t.Errorf("the refusal is not beside the secret:\n%s", s.Screen().Frame())
		}
	}
	s.enter(clientSecret)
	s.shows(clientName+"@"+srv.clientAddr, "● online", "no node has brought flows to this server yet")
	keepsSecrets(t, env, srv.process)
	s.done()
	s.press("q")
	s.ends(exitFine)
	s.restored()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(record.String(), clientSecret) {
		t.Error("the secret was written to the terminal")
	}
	srv.logs("level=WARN", clientName)
}

// TestLoginNowhere: a server that is not there is said beside its address, and the form stays.
func TestLoginNowhere(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	srv.kill()
	s := openScreen(t, terminal.Options{}, "--server", srv.clientAddr, "--client", clientName)
	s.shows("log in to a server", "not shown while it is typed")
	s.enter(clientSecret)
	s.shows("✗ ", "connection refused")
	srv.start(t)
	s.press("tab", "tab")
	s.enter(clientSecret)
	s.shows("● online")
	s.done()
	s.press("q")
	s.ends(exitFine)
}

// TestConfiguredServer goes straight in with the secret of a file or a command.
func TestConfiguredServer(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	for name, secret := range map[string]string{
		"secret_file":    fmt.Sprintf("secret_file = %q", srv.clientSecret),
		"secret_command": fmt.Sprintf("secret_command = [\"cat\", %q]", srv.clientSecret),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := home(t)
			save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"),
				fmt.Sprintf("[servers.lab]\naddress = %q\nclient = %q\n%s\n", srv.clientAddr, clientName, secret), 0o600)
			s := openScreen(t, terminal.Options{Env: env})
			s.shows(clientName+"@"+srv.clientAddr, "● online")
			if s.Screen().Contains("log in") {
				t.Errorf("the form is shown:\n%s", s.Screen().Frame())
			}
			s.done()
			s.press("q")
			s.ends(exitFine)
			keepsSecrets(t, env, srv.process)
			if rows := succeed(t, env, "query", "--server", "lab", "--output", "csv", "--columns", "id", "any"); rows != "id\n" {
				t.Errorf("query --server lab: %q", rows)
			}
		})
	}
}

// TestLoginErrors: every way in which a login from the command line fails, with its exit code and its one line.
func TestLoginErrors(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	dir := t.TempDir()
	wrong := save(t, filepath.Join(dir, "wrong"), "not-"+clientSecret+"\n", 0o600)
	open := save(t, filepath.Join(dir, "open"), clientSecret+"\n", 0o600)
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	server := []string{"--server", srv.clientAddr}
	for name, c := range map[string]struct {
		args []string
		env  []string
		code int
		says []string
	}{
		"wrong secret":        {append(server, "--client", clientName, "--secret-file", wrong), nil, exitAuth, []string{clientName, "refused the name or the secret"}},
		"wrong name":          {append(server, "--client", "nobody", "--secret-file", srv.clientSecret), nil, exitAuth, []string{"nobody", "refused the name or the secret"}},
		"secret for others":   {append(server, "--client", clientName, "--secret-file", open), nil, exitFailed, []string{open, "0644", "chmod 600"}},
		"no secret file":      {append(server, "--client", clientName, "--secret-file", dir+"/none"), nil, exitFailed, []string{dir + "/none", "no such file"}},
		"no secret":           {append(server, "--client", clientName), nil, exitUsage, []string{"--secret-file"}},
		"by environment":      {nil, []string{"CXLENS_SERVER=" + srv.clientAddr, "CXLENS_CLIENT=" + clientName, "CXLENS_SECRET=" + clientSecret}, exitFine, nil},
		"wrong environment":   {nil, []string{"CXLENS_SERVER=" + srv.clientAddr, "CXLENS_CLIENT=" + clientName, "CXLENS_SECRET=no"}, exitAuth, []string{"refused"}},
		"flag before env":     {append(server, "--client", clientName, "--secret-file", srv.clientSecret), []string{"CXLENS_SERVER=127.0.0.1:1", "CXLENS_CLIENT=x", "CXLENS_SECRET=no"}, exitFine, nil},
		"not a server":        {[]string{"--server", srv.nodeAddr, "--client", clientName, "--secret-file", srv.clientSecret}, nil, exitFailed, []string{srv.nodeAddr}},
		"not on this machine": {[]string{"--server", "192.0.2.1:10201", "--client", clientName, "--secret-file", srv.clientSecret}, nil, exitFailed, []string{"192.0.2.1:10201 is not this machine", "fingerprint", "--insecure"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := append(home(t), c.env...)
			o := runProgram(t, env, append(append([]string{"query"}, c.args...), "--output", "csv", "--columns", "id", "any")...)
			if o.code != c.code {
				t.Errorf("exit code %d, want %d", o.code, c.code)
			}
			if c.code == exitFine {
				if o.out != "id\n" || o.stderr != "" {
					t.Errorf("%+v", o)
				}
				return
			}
			if o.out != "" || strings.Count(o.stderr, "\n") != 1 || !containsAll(o.stderr, c.says) || strings.Contains(o.stderr, clientSecret) {
				t.Errorf("want one line with %q: %+v", c.says, o)
			}
		})
	}
}

// TestScreenRefused: with a wrong secret from a file the screen is not opened.
func TestScreenRefused(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	wrong := save(t, filepath.Join(t.TempDir(), "wrong"), "not-"+clientSecret+"\n", 0o600)
	s := openScreen(t, terminal.Options{}, "--server", srv.clientAddr, "--client", clientName, "--secret-file", wrong)
	s.shows("cxlens: ", "refused the name or the secret")
	s.ends(exitAuth)
	if err := os.Chmod(wrong, 0o640); err != nil {
		t.Fatal(err)
	}
	s = openScreen(t, terminal.Options{}, "--server", srv.clientAddr, "--client", clientName, "--secret-file", wrong)
	s.shows("cxlens: ", "chmod 600")
	s.ends(exitFailed)
}
