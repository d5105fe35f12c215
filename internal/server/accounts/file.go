package accounts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/google/renameio/v2"

	"cxlens/internal/secret"
)

// FileName is the name of the accounts' file in the server's folder.
const FileName = "accounts.toml"

// maxFile bounds what is read: some 100,000 accounts.
const maxFile = 32 << 20

// File keeps accounts in DIR/accounts.toml. It is safe for concurrent use, also by several
// processes: a change is made under a lock on DIR/accounts.lock and replaces the file atomically.
type File struct {
	dir     string
	checker *checker
	now     func() time.Time

	mu    sync.Mutex
	seen  fs.FileInfo // of the file that rolls was read from; nil for none
	rolls [numKinds]roll
}

// Open reads the accounts of a server's folder; a folder without accounts.toml has none yet.
// Errors name the file and what is wrong in it.
func Open(dir string) (*File, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("open the accounts: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("open the accounts: %s is not a folder", dir)
	}
	f := &File{dir: dir, checker: newChecker(DefaultParams), now: time.Now}
	if err := f.refresh(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) path() string { return filepath.Join(f.dir, FileName) }

// refresh reads the file again when it is not the one that was read; f.mu is held, or f is new.
// A file that cannot be read is an error until it can: a removed account must not live on by it.
func (f *File) refresh() error {
	file, err := os.Open(f.path())
	if errors.Is(err, fs.ErrNotExist) {
		f.rolls, f.seen = [numKinds]roll{}, nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the accounts: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read the accounts: %w", err)
	}
	if f.seen != nil && os.SameFile(f.seen, info) && f.seen.ModTime().Equal(info.ModTime()) && f.seen.Size() == info.Size() {
		return nil
	}
	if info.Size() > maxFile {
		return fmt.Errorf("%s is larger than %d bytes", f.path(), maxFile)
	}
	data := make([]byte, info.Size())
	if _, err := file.ReadAt(data, 0); err != nil {
		return fmt.Errorf("read the accounts: %w", err)
	}
	rolls, err := decode(data)
	if err != nil {
		return fmt.Errorf("%s: %w", f.path(), err)
	}
	f.rolls, f.seen = rolls, info
	return nil
}

// Authenticate returns the account of that name if given is its secret, else ErrRefused.
// Other errors are of the file or of ctx.
func (f *File) Authenticate(ctx context.Context, kind Kind, name, given string) (Account, error) {
	if !acceptable(name, given) {
		return Account{}, ErrRefused
	}
	f.mu.Lock()
	err := f.refresh()
	var e entry
	i, known := f.rolls[kind].find(name)
	if known {
		e = f.rolls[kind].entries[i]
	}
	f.mu.Unlock()
	if err != nil {
		return Account{}, err
	}
	return f.checker.check(ctx, e, known, given)
}

// List returns the accounts of a kind ordered by name.
func (f *File) List(kind Kind) ([]Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.refresh(); err != nil {
		return nil, err
	}
	return f.rolls[kind].list(), nil
}

// Add adds an account with a's name, description and level, and returns it whole with its secret:
// given, or a generated one when given is empty. ErrExists: the name is taken.
func (f *File) Add(kind Kind, a Account, given string) (Account, string, error) {
	if given == "" {
		given = secret.Generate()
	}
	e, err := newEntry(kind, a, given, f.checker.params, f.now())
	if err != nil {
		return Account{}, "", err
	}
	err = f.change(func(rolls *[numKinds]roll) error {
		a, err = rolls[kind].add(e)
		return err
	})
	if err != nil {
		return Account{}, "", err
	}
	return a, given, nil
}

// Remove removes an account. Its connections stay; it cannot authenticate again. ErrUnknown: it is not there.
func (f *File) Remove(kind Kind, name string) error {
	return f.change(func(rolls *[numKinds]roll) error { return rolls[kind].remove(kind, name) })
}

// Rotate gives an account a new secret and returns it: given, or a generated one when given is
// empty. The old one is refused from the next authenticate on. ErrUnknown: it is not there.
func (f *File) Rotate(kind Kind, name, given string) (string, error) {
	if given == "" {
		given = secret.Generate()
	}
	if err := secret.Check(given); err != nil {
		return "", err
	}
	h := newHash(given, f.checker.params)
	err := f.change(func(rolls *[numKinds]roll) error { return rolls[kind].setHash(kind, name, h) })
	if err != nil {
		return "", err
	}
	return given, nil
}

// change edits the newest accounts under the lock and writes them.
func (f *File) change(edit func(*[numKinds]roll) error) error {
	unlock, err := f.lock()
	if err != nil {
		return err
	}
	defer unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	// What an edit leaves half done is read again by whoever comes next.
	defer func() { f.seen = nil }()
	f.seen = nil
	if err := f.refresh(); err != nil {
		return err
	}
	if err := edit(&f.rolls); err != nil {
		return err
	}
	data, err := encode(&f.rolls)
	if err != nil {
		return fmt.Errorf("write %s: %w", f.path(), err)
	}
	if err := renameio.WriteFile(f.path(), data, 0o600, renameio.WithStaticPermissions(0o600)); err != nil {
		return fmt.Errorf("write the accounts: %w", err)
	}
	return nil
}

// lockWait is how long a change waits for another process's change, which takes milliseconds.
const lockWait = 10 * time.Second

// lock keeps other processes from changing the file meanwhile.
func (f *File) lock() (unlock func(), err error) {
	path := filepath.Join(f.dir, "accounts.lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the accounts: %w", err)
	}
	for deadline := time.Now().Add(lockWait); ; time.Sleep(10 * time.Millisecond) {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) {
			file.Close()
			return nil, fmt.Errorf("lock the accounts with %s: %w", path, err)
		}
	}
}
