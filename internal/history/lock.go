package history

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockPatience bounds the wait for other programs; lockRest is between two tries.
const (
	lockPatience = 3 * time.Second
	lockRest     = 5 * time.Millisecond
)

// errHeld is what tryLock returns while another one has the lock.
var errHeld = errors.New("the lock is held")

// lock waits until the lock at path is this program's.
func lock(path string) (unlock func(), err error) {
	deadline := time.Now().Add(lockPatience)
	for {
		unlock, err = tryLock(path)
		if !errors.Is(err, errHeld) {
			return unlock, err
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("another program has held %s for longer than %s", path, lockPatience)
		}
		time.Sleep(lockRest)
	}
}

// tryLock takes the lock at path, which the system gives back when the program ends in any way. The
// lock has a file of its own, because the history's file is another one after it was written anew.
func tryLock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	switch err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK), errors.Is(err, unix.EINTR):
		_ = f.Close() // nothing was written
		return nil, errHeld
	case err != nil:
		_ = f.Close()
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() { _ = f.Close() }, nil // closing gives the lock back
}
