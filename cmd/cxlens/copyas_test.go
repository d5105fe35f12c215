package main

import (
	"path/filepath"
	"testing"
	"time"

	"cxlens/internal/terminal"
)

// TestCopyAsOnTheSample copies a query as BPF and as nfdump's filter through the terminal's clipboard, by
// its key and by its name in the palette.
func TestCopyAsOnTheSample(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := terminal.Start(t.Context(), terminal.Options{
		Cmd: binary, Args: []string{"demo"}, Dir: dir, Cols: 120, Rows: 40, Timeout: 30 * time.Second,
		Env: []string{
			"HOME=" + dir, "XDG_CONFIG_HOME=" + filepath.Join(dir, "config"), "XDG_STATE_HOME=" + filepath.Join(dir, "state"),
			"CXLENS_SERVER=", "CXLENS_CLIENT=", "CXLENS_SECRET=",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	press := func(keys ...string) {
		t.Helper()
		if err := s.Send(keys...); err != nil {
			t.Fatal(err)
		}
	}
	write := func(text string) {
		t.Helper()
		if err := s.Type(text); err != nil {
			t.Fatal(err)
		}
	}
	shows := func(texts ...string) {
		t.Helper()
		for _, text := range texts {
			if err := s.WaitText(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	shows("5,192 matched ·")
	press(":", "ctrl+u")
	write("tcp and src ip 10.20.0.77 and dst port https and state SF")
	press("enter")
	shows("matched ·", "203.0.113.67")

	press("C")
	shows("copy the query as", "left out: state SF", "a packet does not tell how its flow ends")
	press("enter")
	shows("copied as BPF")
	if got, want := s.Clipboard(), "tcp and ((src host 10.20.0.77 and dst port 443) or (dst host 10.20.0.77 and src port 443))"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}

	press("ctrl+k")
	write("nfdump")
	shows("copy the query as BPF")
	press("enter")
	shows("left out: state SF")
	press("down", "down")
	shows("proto tcp and src ip 10.20.0.77 and dst port 443")
	press("enter")
	shows("copied as nfdump")
	if got, want := s.Clipboard(), "proto tcp and src ip 10.20.0.77 and dst port 443"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	press("q")
	if code, err := s.Wait(t.Context()); err != nil || code != exitFine {
		t.Errorf("exit code %d, %v", code, err)
	}
}
