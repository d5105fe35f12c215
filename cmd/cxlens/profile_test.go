package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cxlens/internal/config"
	"cxlens/internal/embedded"
	"cxlens/internal/node/sources"
	"cxlens/internal/terminal"
	"cxlens/query/profile"
	"cxlens/testdata"
)

// profileHome is a home folder with the sample in it.
type profileHome struct {
	t   *testing.T
	dir string
}

func newProfileHome(t *testing.T) profileHome {
	t.Helper()
	h := profileHome{t, t.TempDir()}
	h.write("office.pcap.zst", string(testdata.Sample))
	return h
}

func (h profileHome) write(path, text string) {
	h.t.Helper()
	save(h.t, filepath.Join(h.dir, path), text, 0o600)
}

func (h profileHome) env() []string {
	return []string{
		"HOME=" + h.dir, "XDG_CONFIG_HOME=" + filepath.Join(h.dir, "config"),
		"XDG_STATE_HOME=" + filepath.Join(h.dir, "state"), "CXLENS_SERVER=", "CXLENS_CLIENT=", "CXLENS_SECRET=",
	}
}

// cxlens runs the program and returns its exit code and what it wrote.
func (h profileHome) cxlens(stdin string, args ...string) (code int, out, stderr string) {
	h.t.Helper()
	cmd := exec.CommandContext(h.t.Context(), binary, args...)
	var o, e bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = h.dir, append(os.Environ(), h.env()...), strings.NewReader(stdin), &o, &e
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		h.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// succeeds runs the program and returns its output.
func (h profileHome) succeeds(stdin string, args ...string) string {
	h.t.Helper()
	code, out, stderr := h.cxlens(stdin, args...)
	if code != exitFine || stderr != "" {
		h.t.Fatalf("cxlens %q: exit code %d\n%s", args, code, stderr)
	}
	return out
}

// TestShippedOnTheSample: what each profile that comes with the program finds in the capture that does, as the page says.
func TestShippedOnTheSample(t *testing.T) {
	e, err := embedded.Start(t.Context(), embedded.Options{
		Sources: []sources.Source{sources.PcapBytes(testdata.SampleName, testdata.Sample)}, NodeName: "lab", Netgroup: "local",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	<-e.Read
	if err := e.ReadErr(); err != nil {
		t.Fatal(err)
	}
	told := foundOnTheSample(t)
	for _, c := range []struct {
		name   string
		set    map[string]string
		header string
		first  string // begins the first line of rows, "" for no rows
		rows   int
	}{
		{"scans", nil, "src_ip,flows", "10.20.0.66,910,", 7},
		{"beacons", nil, "src_ip,dst_ip,dst_port,src_bytes,flows", "10.20.0.77,203.0.113.67,443,1507,", 50},
		{"large-uploads", nil, "start,duration", "2026-11-20T09:25:08.048138Z,3.372120,tcp,10.20.0.77,", 1},
		{"long-sessions", nil, "start,duration", "2026-11-20T08:12:56.527253Z,5798.274842,tcp,fd00:20::20,", 1},
		{"unanswered-syns", nil, "start,", "2026-11-20T09:57:06.766321Z,", 283},
		{"odd-ports", nil, "dst_ip,dst_port,proto,flows", "203.0.113.10,33434,udp,1,", 24},
		{"odd-ports", map[string]string{"since": "2026-11-20T08:30:00Z"}, "dst_ip,", "", 0},
		{"dns-to-strangers", nil, "src_ip,dst_ip,proto,flows", "", 0},
		{"dns-to-strangers", map[string]string{"servers": "10.20.1.53 fd00:20:1::53"}, "src_ip,", "10.20.0.66,", 9},
		{"failed-by-target", nil, "dst_ip,dst_port,flows", "10.20.1.99,445,31,", 100},
		{"ssh-from-outside", nil, "start,", "", 0},
		{"ssh-from-outside", map[string]string{"inside": "10.20.1.0/24 fd00:20:1::/64"}, "start,", "2026-11-20T08:50:40.080122Z,", 47},
		{"top-talkers", nil, "src_ip,flows,bytes,packets", "10.20.0.13,338,4510451,", 20},
	} {
		entry, err := profile.Store{}.Get(c.name)
		if err != nil {
			t.Fatal(err)
		}
		lines := func(whole bool) []string {
			var out bytes.Buffer
			r := profileRun{given: func(flag string) bool { return whole && flag == "limit" }, out: &out, queryFlags: queryFlags{quiet: true, output: "csv"}}
			j, err := r.job(entry, &config.Config{}, c.set)
			if err == nil {
				err = printResult(t.Context(), r.queryFlags, e.Client, j)
			}
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		}
		printed, all := lines(false), lines(true)
		first := ""
		if len(printed) > 1 {
			first = printed[1]
		}
		if !strings.HasPrefix(printed[0], c.header) || !strings.HasPrefix(first, c.first) || (c.first == "") != (first == "") || len(printed)-1 != c.rows {
			t.Errorf("%s %v: %d rows, want %d\n%s\n%s", c.name, c.set, len(printed)-1, c.rows, printed[0], first)
		}
		run := []string{c.name}
		for k, v := range c.set {
			run = append(run, "--set", k+"="+v)
		}
		found := strconv.Itoa(len(printed) - 1)
		if len(all) > len(printed) {
			found += " of " + strconv.Itoa(len(all)-1)
		}
		if got := told[strings.Join(run, "\n")]; got != found {
			t.Errorf("%q finds %s; the page has %q", run, found, got)
		}
		delete(told, strings.Join(run, "\n"))
	}
	if len(told) > 0 {
		t.Errorf("the page tells more: %q", told)
	}
}

// foundOnTheSample is the table of the page: how many lines each run prints, and of how many groups, by its words.
func foundOnTheSample(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "profiles.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, part, ok := strings.Cut(string(text), "### What they find on the sample\n")
	if !ok {
		t.Fatal("the page does not say what the profiles find")
	}
	part, _, _ = strings.Cut(part, "\n## ")
	told := make(map[string]string)
	for line := range strings.Lines(part) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		told[strings.Join(words(strings.Trim(cells[1], " `")), "\n")] = strings.TrimSpace(cells[2])
	}
	return told
}

func TestProfileCommands(t *testing.T) {
	h := newProfileHome(t)
	h.write("config/cxlens/config.toml", "profile_dirs = [\"team\"]\n[networks]\nscanner = [\"10.20.0.66\"]\n")
	h.write("config/cxlens/team/pair.toml", "query = \"ip $scanner and ip ?other\"\ngroup = [\"dst_ip\"]\nlimit = 1\n")
	if out := h.succeeds("", "profile", "list"); !strings.Contains(out, "\npair              shared") {
		t.Errorf("%s", out)
	}
	text := h.succeeds("", "profile", "export", "pair")
	h.succeeds(text+"colour = 'red'\n", "profile", "import", "--name", "mine", "-")
	if out := h.succeeds("", "profile", "show", "mine"); !strings.Contains(out, "own, "+h.dir) || !strings.Contains(out, "unknown keys  colour") {
		t.Errorf("%s", out)
	}
	h.succeeds("", "profile", "export", "mine", "copy.toml")
	h.succeeds("", "profile", "import", "copy.toml")
	if out := h.succeeds("", "profile", "export", "copy"); !strings.Contains(out, `colour = "red"`) {
		t.Errorf("an unknown key is lost:\n%s", out)
	}
	out := h.succeeds("", "profile", "run", "mine", "--set", "other=10.20.1.53", "--open", "office.pcap.zst", "--output", "csv", "--quiet")
	if !strings.HasPrefix(out, "dst_ip,flows,bytes,packets\n10.20.1.53,") {
		t.Errorf("%s", out)
	}
	out = h.succeeds("", "profile", "run", "mine", "--set", "other=10.20.1.53", "--open", "office.pcap.zst", "--output", "csv", "--quiet", "--flows", "--limit", "3", "--columns", "dst_ip")
	if strings.Count(out, "\n") != 4 {
		t.Errorf("three flows and a head:\n%s", out)
	}
	code, _, stderr := h.cxlens("", "profile", "run", "pair", "--set", "other=$scanner", "--open", "office.pcap.zst")
	if code != exitFine || !strings.Contains(stderr, "the first 1 groups are printed, as the profile's limit says; --limit none prints all") {
		t.Errorf("%d %s", code, stderr)
	}
	h.write("config/cxlens/profiles/named.toml", "query = \"any\"\norder = [\"dst_name\"]\nlimit = 1\n")
	run := []string{"profile", "run", "named", "--open", "office.pcap.zst", "--output", "csv", "--quiet"}
	code, _, stderr = h.cxlens("", run...)
	if code != exitUsage || !strings.Contains(stderr, "profile named: order: column dst_name is of the screen only") || !strings.Contains(stderr, "--order") {
		t.Errorf("%d %s", code, stderr)
	}
	if out := h.succeeds("", append(run, "--order", "-bytes")...); strings.Count(out, "\n") != 2 {
		t.Errorf("a flow and a head:\n%s", out)
	}
}

func TestProfileErrors(t *testing.T) {
	h := newProfileHome(t)
	h.write("config/cxlens/profiles/bad.toml", `query = "prot 5"`)
	h.write("config/cxlens/profiles/who.toml", `query = "ip ?host"`)
	h.write("x.toml", `query = "any"`)
	for _, c := range []struct {
		stdin string
		args  string
		code  int
		want  string
	}{
		{"", "profile list", exitFailed, "bad.toml: query: column 1"},
		{"", "profile show nothing", exitFailed, `no such profile as "nothing"; there are beacons, `},
		{"", "profile show ../x", exitFailed, "letters a-z, digits"},
		{"", "profile show", exitUsage, "takes one NAME"},
		{"", "profile export scans a b", exitUsage, "at most one FILE"},
		{"", "profile export scans x.toml", exitFailed, "x.toml exists; --force replaces it"},
		{"", "profile import -", exitUsage, "--name NAME"},
		{"", "profile import --name A x.toml", exitUsage, "letters a-z, digits"},
		{"", "profile import --name who x.toml", exitFailed, "--force replaces it"},
		{"", "profile import gone.toml", exitFailed, "gone.toml"},
		{"query = 'prot 5'", "profile import --name a -", exitRefused, "standard input: query: column 1"},
		{"", "profile run bad --open office.pcap.zst", exitRefused, "bad.toml: query: column 1"},
		{"", "profile run who --open office.pcap.zst", exitUsage, "the parameter host (host) has no value"},
		{"", "profile run who --set host --open office.pcap.zst", exitUsage, "expected name=value"},
		{"", "profile run who --set host=here --open office.pcap.zst", exitUsage, "parameter host: "},
		{"", "profile run who --set hots=10.0.0.1 --open office.pcap.zst", exitUsage, `no parameter "hots"; the profile has host`},
		{"", "profile run who --set host=$lab --open office.pcap.zst", exitRefused, "$lab is not defined"},
		{"", "profile run scans", exitUsage, "which server?"},
		{"", "query --open office.pcap.zst ip $dmz", exitRefused, "$dmz is not defined"},
	} {
		code, out, stderr := h.cxlens(c.stdin, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("cxlens %s: exit code %d, want %d and %q\n%s%s", c.args, code, c.code, c.want, stderr, out)
		}
	}
}

// TestProfileAsks: a parameter without a value is asked for in a terminal, until the answer fits.
func TestProfileAsks(t *testing.T) {
	h := newProfileHome(t)
	h.write("config/cxlens/profiles/who.toml", "query = \"ip ?host\"\ngroup = [\"src_ip\"]\n[parameters.host]\nprompt = \"Which host?\"")
	s := h.screen("profile", "run", "who", "--open", "office.pcap.zst", "--quiet")
	s.shows("Which host? (network):")
	s.enter("here")
	s.shows("expected a network such as 10.0.0.0/8")
	s.enter("10.20.0.77")
	s.shows("SRC_IP", "10.20.0.77")
}

// TestNamedNetworksInTheScreen: they are used in the query line, and read again when they change.
func TestNamedNetworksInTheScreen(t *testing.T) {
	h := newProfileHome(t)
	h.write("config/cxlens/config.toml", "[networks]\nsuspect = [\"10.20.0.77\"]\n")
	s := h.screen("open", "office.pcap.zst")
	s.shows("matched")
	s.ask("src ip $suspect and dst port https")
	s.shows("119 matched", "src ip $suspect and dst port https")
	s.ask("src ip $suspekt")
	s.shows("$suspekt is not defined", `did you mean "$suspect"?`)
	s.press("esc")
	s.hides("$suspekt") // a key that comes later takes the next message away
	s.shows("src ip $suspect and dst port https")
	h.write("config/cxlens/config.toml", "[networks]\nsuspect = [\"10.20.0.12\", \"10.20.0.16\"]\n")
	s.shows("the named networks were read again")
	s.press("r")
	s.shows("286 matched")
	h.write("config/cxlens/config.toml", "[networks]\nsuspect = [\"10.20.0\"]\n")
	s.shows("the named networks stay as they were: ")
}

// screen runs the program in a terminal.
func (h profileHome) screen(args ...string) *screen {
	h.t.Helper()
	return openScreen(h.t, terminal.Options{Dir: h.dir, Env: h.env()}, args...)
}

// TestProfileDocs runs every command of docs/profiles.md and reads its files.
func TestProfileDocs(t *testing.T) {
	h := newProfileHome(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "profiles.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]int{}
	parts := strings.Split(string(text), "\n```")
	for i := 1; i+1 < len(parts); i += 2 {
		kind, body, _ := strings.Cut(parts[i], "\n")
		blocks[kind]++
		switch kind {
		case "toml profile":
			if _, err := profile.Parse([]byte(body)); err != nil {
				t.Error(err)
			}
		case "toml favourites":
			path := filepath.Join(t.TempDir(), "favourites.toml")
			save(t, path, body, 0o600)
			if m, err := (profile.Store{MarksFile: path}).Marks(); err != nil || m.Start == "" || m.Number("large-uploads") != 2 {
				t.Errorf("%+v, %v", m, err)
			}
		case "toml config":
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := config.Load(path); err != nil {
				t.Error(err)
			}
		case "console":
			command, want, _ := strings.Cut(body, "\n")
			_, out, stderr := h.cxlens("", words(strings.TrimPrefix(command, "$ cxlens "))...)
			if got := stderr + out; strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s\n%s\nthe page has\n%s", command, got, want)
			}
		default:
			t.Errorf("a block of kind %q", kind)
		}
	}
	named := slices.Concat(profile.Keys(), profile.ShippedNames())
	for _, cmd := range newProfile().Commands() {
		named = append(named, "profile "+cmd.Name())
	}
	for _, name := range named {
		if !strings.Contains(string(text), name) {
			t.Errorf("the page does not name %s", name)
		}
	}
	if blocks["console"] < 5 || blocks["toml profile"] < 1 || blocks["toml config"] < 1 {
		t.Errorf("too few blocks: %v", blocks)
	}
}

// words cuts a command line at blanks; what stands in single quotes is one word.
func words(line string) []string {
	var out []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}
