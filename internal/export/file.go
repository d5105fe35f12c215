package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"

	"cxlens/internal/flow"
)

// ErrExists is ToFile's answer when the file is there and must not be replaced.
var ErrExists = errors.New("the file exists")

// Job is what ToFile writes.
type Job struct {
	View *flow.View
	Rows []uint32 // in this order; nil: all of the view
	// Parts, when set, is in the place of View and Rows: it hands over views, one after the other, and
	// all rows of each are written before write returns. Its error ends the job.
	Parts func(write func(*flow.View) error) error

	Columns []flow.Column
	Format  Format
	// Progress, when set, gets the number of rows written so far, in ToFile's goroutine.
	Progress func(rows int)

	through func(io.Writer) io.Writer // for tests: stands between the rows and the file
}

// ToFile writes a job to path, whole or not at all: a reader of path sees the old
// file or the new one. A new file gets the permissions 0644 less the umask, a
// replaced one keeps its own; a symbolic link stays and its file is replaced. Without
// overwrite an existing file is ErrExists, even when it appears while the job runs.
// Every other error names the path, and what to do where that is known; when ctx is
// done it is ctx's.
func ToFile(ctx context.Context, path string, overwrite bool, job Job) error {
	return toFile(path, overwrite, func(file io.Writer) error { return job.write(ctx, file) })
}

// ValuesToFile is WriteValues to a file, in the manner of ToFile.
func ValuesToFile(path string, overwrite bool, format Format, columns []string, rows [][]string) error {
	return toFile(path, overwrite, func(file io.Writer) error { return WriteValues(file, format, columns, rows) })
}

func toFile(path string, overwrite bool, write func(file io.Writer) error) error {
	target, err := destination(path, overwrite)
	if err != nil {
		return pathError(path, err)
	}
	// Beside the target: only there it is sure to be on the same file system.
	file, err := renameio.NewPendingFile(target, renameio.WithTempDir(filepath.Dir(target)),
		renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return pathError(path, err)
	}
	err = write(file)
	if err == nil {
		err = replace(file, target, overwrite)
	}
	// Cleanup does nothing after a replacement; otherwise the first error matters more than its own.
	if cleanupErr := file.Cleanup(); err == nil {
		err = cleanupErr
	}
	return pathError(path, err)
}

func (j Job) write(ctx context.Context, out io.Writer) error {
	if j.through != nil {
		out = j.through(out)
	}
	return j.writeTo(ctx, out)
}

// writeTo writes all rows.
func (j Job) writeTo(ctx context.Context, out io.Writer) error {
	w := NewWriter(out, j.Format, j.Columns)
	w.Progress = j.Progress
	if j.Parts != nil {
		if err := j.Parts(func(v *flow.View) error { return w.Write(ctx, v, nil) }); err != nil {
			return err
		}
	} else if err := w.Write(ctx, j.View, j.Rows); err != nil {
		return err
	}
	return w.Flush()
}

// errNotRegular is a path that cannot be replaced by a file.
var errNotRegular = errors.New("it is not a regular file, choose another name")

// destination follows a symbolic link and refuses what cannot be replaced.
func destination(path string, overwrite bool) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return "", errors.New("it is a folder, add a file name")
	case !info.Mode().IsRegular():
		return "", errNotRegular
	case !overwrite:
		return "", ErrExists
	}
	return target, nil
}

// replace puts the finished file into its place. A link, unlike a rename, fails
// when something stands there already; file systems without links get the rename.
func replace(file *renameio.PendingFile, target string, overwrite bool) error {
	if overwrite {
		return file.CloseAtomicallyReplace()
	}
	if err := file.Sync(); err != nil {
		return err
	}
	err := os.Link(file.Name(), target)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	}
	if _, err := os.Lstat(target); err == nil {
		return ErrExists
	}
	return file.CloseAtomicallyReplace()
}

// pathError names the path in place of the temporary file's, and what to do.
func pathError(path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	path = flow.Clean(path)
	if errors.Is(err, ErrExists) {
		return fmt.Errorf("%s: %w", path, ErrExists)
	}
	cause := err
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		cause = p.Err
	} else if l := (*os.LinkError)(nil); errors.As(err, &l) {
		cause = l.Err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		hint = " (choose a folder that you may write to)"
	case errors.Is(err, fs.ErrNotExist):
		hint = " (make the folder first)"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		hint = " (make room or choose another disk)"
	}
	return fmt.Errorf("cannot export to %s: %w%s", path, cause, hint)
}
