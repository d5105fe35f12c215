package main

import (
	"os"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// mineProfile is a profile of the person's own with all that shows in the view.
const mineProfile = `description = "Name lookups"
query = "udp and dst port ?port:53"
order = ["-src_bytes"]
limit = 700
columns = ["src_ip", "dst_ip", "src_bytes", "start"]

[widths]
dst_ip = 30

[parameters.port]
prompt = "Which port is looked up"
`

// profileScreen opens the demo with a profile of the person's own and a shared one, and waits for the first rows.
func profileScreen(t *testing.T, cols, rows int) (*screen, []string) {
	t.Helper()
	env := home(t)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "profile_dirs = [\"team\"]\n", 0o600)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "profiles", "mine.toml"), mineProfile, 0o600)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "team", "web.toml"), "query = \"tcp and dst port 443\"\n", 0o400)
	return demoOf(t, env, cols, rows), env
}

// demoOf opens the demo in an environment.
func demoOf(t *testing.T, env []string, cols, rows int) *screen {
	t.Helper()
	s := openScreen(t, terminal.Options{Cols: cols, Rows: rows, Env: env}, "demo")
	s.shows("matched ·", "following new flows")
	return s
}

// findProfile puts the cursor of the list on a profile by its name.
func (s *screen) findProfile(name string) {
	s.t.Helper()
	s.press("p")
	s.shows("profiles · 1")
	s.press("/")
	if err := s.Type(name); err != nil {
		s.t.Fatal(err)
	}
	s.shows("❯ "+name, "found")
	s.press("tab")
}

// profileFile is the path of a profile of the person's own.
func profileFile(t *testing.T, env []string, name string) string {
	t.Helper()
	return under(t, env, "XDG_CONFIG_HOME", "cxlens", "profiles", name+".toml")
}

// TestProfileRunsOnTheScreen: its parameters are asked for with the error beside the field, its view is applied, and the
// tab has its name.
func TestProfileRunsOnTheScreen(t *testing.T) {
	t.Parallel()
	s, _ := profileScreen(t, 120, 40)
	s.findProfile("mine")
	s.shows("Name lookups", "asks for ?port")
	s.press("enter")
	s.shows("Which port is looked up", "?port · port", "empty is 53")
	s.press("ctrl+u")
	s.enter("names")
	s.shows("✗ ", "expected a port")
	s.press("ctrl+u")
	s.enter("53 123")
	s.shows("mine · all time · by src_bytes↓", " 700 · follow", "❯ udp and dst port in [53 123]")
	s.until(func(sc terminal.Screen) bool {
		titles := line(sc, "DESTINATION")
		source, destination, bytes := strings.Index(titles, "SOURCE"), strings.Index(titles, "DESTINATION"), strings.Index(titles, "↑BYTES")
		return source >= 0 && source < destination && bytes-destination >= 30 && strings.Contains(titles[bytes:], "START") && !strings.Contains(titles, "PROTO")
	})
	s.press("p")
	s.shows("▸mine")
	s.press("t")
	s.shows("❯ 53 123") // what was given before is offered again
	s.press("enter")
	s.shows("1 mine", "2 mine")
}

// TestProfileSavedOnTheScreen: save as, save after a change, and what another program wrote meanwhile.
func TestProfileSavedOnTheScreen(t *testing.T) {
	t.Parallel()
	s, env := profileScreen(t, 80, 24)
	s.ask("udp and port 53")
	s.shows("1,498 matched")
	s.press("p", "S")
	s.shows("save the view as a profile")
	s.enter("Lookups")
	s.shows("letters a-z, digits")
	s.press("ctrl+u")
	s.enter("lookups All of them")
	s.shows("saved as profile lookups")
	if text := read(t, profileFile(t, env, "lookups")); !strings.Contains(text, `description = "All of them"`) || !strings.Contains(text, `query = "udp and port 53"`) {
		t.Errorf("saved\n%s", text)
	}
	s.press("esc")
	s.hides("profiles ·")
	s.shows("lookups · all time")
	s.press("s")
	s.shows("lookups, changed")
	s.press("p", "s")
	s.shows("Save the view as profile lookups? Changed: order.")
	s.press("y")
	s.shows("saved as profile lookups")
	if text := read(t, profileFile(t, env, "lookups")); !strings.Contains(text, `order = ["start"]`) {
		t.Errorf("saved\n%s", text)
	}
	s.press("esc")
	s.hides("profiles ·")
	s.press("s")
	s.shows("lookups, changed")
	save(t, profileFile(t, env, "lookups"), "query = \"icmp\"\n", 0o600)
	s.press("p", "s")
	s.shows("Changed: order.")
	s.press("y")
	s.shows("Another program changed the profile lookups")
	s.press("n")
	s.hides("Another program")
	if text := read(t, profileFile(t, env, "lookups")); text != "query = \"icmp\"\n" {
		t.Errorf("the other program's is lost:\n%s", text)
	}
}

// TestProfileFilesOnTheScreen: copy a shared one, rename, number, delete after a question, and what is not the person's own
// stays.
func TestProfileFilesOnTheScreen(t *testing.T) {
	t.Parallel()
	s, env := profileScreen(t, 80, 24)
	s.findProfile("web")
	s.shows("shared")
	s.press("x")
	s.shows("only profiles of your own can be changed")
	s.press("c")
	s.shows("copy the profile web", "❯ web-copy")
	s.press("enter")
	s.shows("copied web to web-copy")
	s.press("r", "ctrl+u")
	s.enter("tls")
	s.shows("renamed web-copy to tls")
	s.press("f")
	s.shows("1-9 is its number")
	s.press("3")
	s.shows("p 3 runs tls")
	s.press("esc")
	s.hides("profiles ·")
	s.press("p", "3")
	s.shows("tls · all time", "❯ tcp and dst port 443")
	s.findProfile("tls")
	s.press("x")
	s.shows("Delete the profile tls?", "y yes   n no")
	s.press("n")
	s.hides("Delete the profile")
	if _, err := os.Stat(profileFile(t, env, "tls")); err != nil {
		t.Error("deleted without a yes")
	}
	s.press("x")
	s.shows("Delete the profile tls?")
	s.press("y")
	s.shows("deleted the profile tls")
	if _, err := os.Stat(profileFile(t, env, "tls")); err == nil {
		t.Error("the file is there still")
	}
	if text := read(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "favourites.toml")); strings.Contains(text, "tls") {
		t.Errorf("the favourites have it still:\n%s", text)
	}
}

// TestProfileOnStart: the profile that was chosen runs when the program begins the next time.
func TestProfileOnStart(t *testing.T) {
	t.Parallel()
	s, env := profileScreen(t, 80, 24)
	s.findProfile("web")
	s.press("D")
	s.shows("web runs when the program begins without a query", " start")
	s.press("esc") // ends the search
	s.hides("found")
	s.press("esc")
	s.hides("profiles ·")
	s.press("q")
	s.ends(exitFine)
	next := demoOf(t, env, 80, 24)
	next.shows("❯ tcp and dst port 443", "web · all time", "1,243 matched")
	other := openScreen(t, terminal.Options{Env: env}, "demo", "--last", "24h")
	other.shows("last 24h", "❯ any")
}

// TestGroupedProfileOnTheScreen: a profile that groups shows its groups, the same as on the command line.
func TestGroupedProfileOnTheScreen(t *testing.T) {
	t.Parallel()
	s, _ := profileScreen(t, 120, 40)
	s.press("ctrl+k")
	s.enter("run scans")
	s.shows("At most this many packets from the source")
	s.press("enter")
	s.shows("scans · all time", "SRC_IP")
	s.until(func(sc terminal.Screen) bool {
		row := line(sc, "10.20.0.66 ")
		return strings.Contains(row, " 910 ")
	})
	s.press("ctrl+k")
	s.enter("run top-talkers")
	s.shows("Only with these hosts")
	s.press("enter")
	s.shows("top-talkers · all time", "the 20 with most flows of 45 values of all ")
}
