package export

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrTooLong is ToText's answer to rows whose text is longer than it may be.
var ErrTooLong = errors.New("the text is too long")

// ToText returns a job's text when it has at most most bytes, else ErrTooLong.
func ToText(ctx context.Context, most int, job Job) (string, error) {
	out := bounded{room: most}
	if err := job.writeTo(ctx, &out); err != nil {
		return "", err
	}
	return out.text.String(), nil
}

// bounded keeps a text up to its room.
type bounded struct {
	text strings.Builder
	room int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > b.room {
		return 0, fmt.Errorf("%w: more than %d bytes", ErrTooLong, b.room)
	}
	return b.text.Write(p)
}
