// Package smallfile reads files that are small enough to be held in memory, most of them written
// by people: themes, profiles. It imports nothing of cxlens. The surprising thing: it refuses what is no regular file,
// because a pipe would be waited for without end.
package smallfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// Read returns the content of the regular file at path, of at most limit bytes. Errors name the path.
func Read(path string, limit int) ([]byte, error) {
	info, err := os.Stat(path) // before it is opened: opening a pipe waits already
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	b.Grow(int(min(info.Size(), int64(limit))) + bytes.MinRead)
	_, err = b.ReadFrom(io.LimitReader(f, int64(limit)+1))
	data := b.Bytes()
	if err == nil && len(data) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", path, limit)
	}
	return data, err
}
