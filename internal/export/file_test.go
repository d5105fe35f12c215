package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cxlens/internal/flow"
)

func job(v *flow.View) Job {
	return Job{View: v, Format: CSV, Columns: []flow.Column{flow.ColID, flow.ColPcapFile}}
}

// only asserts that the folder of path holds nothing else, no left-over temporary file above all.
func only(t *testing.T, path string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %v, want %v", got, names)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestToFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flows.csv")
	reported := 0
	j := job(manyFlows(3))
	j.Rows = []uint32{2, 0}
	j.Progress = func(rows int) { reported = rows }
	if err := ToFile(t.Context(), path, false, j); err != nil {
		t.Fatal(err)
	}
	want := "id,pcap_file\n2,em1.0\n0,em1.0\n"
	if got := read(t, path); got != want || reported != 2 {
		t.Errorf("%q, %d rows reported", got, reported)
	}
	only(t, path, "flows.csv")

	err := ToFile(t.Context(), path, false, job(manyFlows(1)))
	if !errors.Is(err, ErrExists) || err.Error() != path+": the file exists" || read(t, path) != want {
		t.Errorf("%v, file %q", err, read(t, path))
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ToFile(t.Context(), path, true, job(manyFlows(1))); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || read(t, path) != "id,pcap_file\n0,em1.0\n" {
		t.Errorf("mode %v, %v, file %q", info.Mode(), err, read(t, path))
	}
	only(t, path, "flows.csv")
}

func TestToFileFollowsLink(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target.csv"), filepath.Join(folder, "link.csv")
	if err := errors.Join(os.WriteFile(target, []byte("old"), 0o644), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if err := ToFile(t.Context(), link, true, job(manyFlows(1))); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 || !strings.HasPrefix(read(t, target), "id,") {
		t.Errorf("link %v, %v, target %q", info.Mode(), err, read(t, target))
	}
}

func TestToFileCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flows.csv")
	ctx, cancel := context.WithCancel(t.Context())
	j := job(manyFlows(10_000))
	j.Progress = func(rows int) {
		if rows > 2000 {
			cancel()
		}
	}
	if err := ToFile(ctx, path, false, j); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	only(t, path)
}

// TestToFileAppears: a file that appears while the job runs is not replaced either.
func TestToFileAppears(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flows.csv")
	j := job(manyFlows(1))
	j.Progress = func(int) {
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Error(err)
		}
	}
	if err := ToFile(t.Context(), path, false, j); !errors.Is(err, ErrExists) || read(t, path) != "mine" {
		t.Errorf("%v, file %q", err, read(t, path))
	}
	only(t, path, "flows.csv")
}

func TestToFileErrors(t *testing.T) {
	folder := t.TempDir()
	missing := filepath.Join(folder, "no", "flows.csv")
	err := ToFile(t.Context(), missing, false, job(manyFlows(1)))
	if !errors.Is(err, fs.ErrNotExist) || err.Error() != "cannot export to "+missing+": no such file or directory (make the folder first)" {
		t.Error(err)
	}
	if err := ToFile(t.Context(), folder, true, job(manyFlows(1))); err == nil || !strings.Contains(err.Error(), "it is a folder") {
		t.Error(err)
	}
	pipe := filepath.Join(folder, "pipe.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ToFile(t.Context(), pipe, true, job(manyFlows(1))); !errors.Is(err, errNotRegular) {
		t.Error(err)
	}
	only(t, pipe, "pipe.csv")
	full := &os.PathError{Op: "write", Path: "/x/.flows123", Err: syscall.ENOSPC}
	want := "cannot export to /x/flows: no space left on device (make room or choose another disk)"
	if err := pathError("/x/flows", fmt.Errorf("renaming: %w", full)); err.Error() != want || !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
	if err := pathError("/x/a\x1bb", &os.PathError{Op: "open", Path: "/x/.a1", Err: syscall.EACCES}); err.Error() != "cannot export to /x/a�b: permission denied (choose a folder that you may write to)" {
		t.Error(err)
	}
}

// failing passes on so many bytes and then fails as a full disk does.
type failing struct {
	to   io.Writer
	room int
}

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.room {
		n, _ := f.to.Write(p[:f.room])
		f.room = 0
		return n, &os.PathError{Op: "write", Path: "/x/.flows.csv123", Err: syscall.ENOSPC}
	}
	f.room -= len(p)
	return f.to.Write(p)
}

// TestToFileFullDisk: no half file is left, and an old one stays as it was.
func TestToFileFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flows.csv")
	j := job(manyFlows(50_000))
	j.through = func(w io.Writer) io.Writer { return &failing{w, 200_000} }
	err := ToFile(t.Context(), path, false, j)
	if want := "cannot export to " + path + ": no space left on device (make room or choose another disk)"; !errors.Is(err, syscall.ENOSPC) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	only(t, path)
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := ToFile(t.Context(), path, true, j); !errors.Is(err, syscall.ENOSPC) || read(t, path) != "old" {
		t.Errorf("%v, the old file is %.20q", err, read(t, path))
	}
	only(t, path, "flows.csv")
}

// TestToFileParts: views are written one after the other under one header; an error of theirs leaves nothing.
func TestToFileParts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flows.csv")
	j := job(nil)
	broken := errors.New("the connection was lost")
	j.Parts = func(write func(*flow.View) error) error {
		return errors.Join(write(manyFlows(2)), write(manyFlows(0)), write(manyFlows(1)))
	}
	if err := ToFile(t.Context(), path, false, j); err != nil || read(t, path) != "id,pcap_file\n0,em1.0\n1,em1.0\n0,em1.0\n" {
		t.Errorf("%v, %q", err, read(t, path))
	}
	other := filepath.Join(filepath.Dir(path), "other.csv")
	j.Parts = func(write func(*flow.View) error) error { return errors.Join(write(manyFlows(2)), broken) }
	if err := ToFile(t.Context(), other, false, j); !errors.Is(err, broken) {
		t.Error(err)
	}
	only(t, path, "flows.csv")
}

func TestToText(t *testing.T) {
	if got, err := ToText(t.Context(), 100, job(manyFlows(1))); err != nil || got != "id,pcap_file\n0,em1.0\n" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := ToText(t.Context(), 20, job(manyFlows(1))); !errors.Is(err, ErrTooLong) || got != "" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := ToText(t.Context(), 50_000, job(manyFlows(20_000))); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
}
