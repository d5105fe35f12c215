package client

import (
	"context"

	"cxlens/internal/flow"
)

// KeepFollowed is how many rows a followed query without a limit keeps, unless its first answer had more.
const KeepFollowed = 1_000_000

// keeps is how many rows a followed query keeps: its limit, or what its first answer brought.
func (r *Result) keeps() int {
	if r.req.Limit > 0 {
		return int(r.req.Limit)
	}
	return max(KeepFollowed, r.answered)
}

// keepFollowed bounds the rows of a followed query; done comes with the last part of its first answer.
func (r *Result) keepFollowed(done bool) {
	if !r.req.Follow {
		return
	}
	if done {
		r.answered = r.table.Len()
		r.asked = r.answered
	} else if r.answering() {
		return
	}
	r.trim()
}

// answering tells whether the first answer is still coming.
func (r *Result) answering() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state != Following
}

// trim cuts the oldest rows off when there are more than are kept, and some to spare, so that it is not done for
// each row. Of the rows of the first answer, which came in the order of the query, those with the
// earliest start are the oldest; rows that came later are younger, in the order of their arrival.
// It is called by the goroutine that receives parts, and only when the first answer is complete.
func (r *Result) trim() {
	keep := r.keeps()
	view := r.table.View()
	over := view.Len() - keep
	if over <= keep/4+100 {
		return
	}
	gone, err := oldest(r.ctx, view, r.asked, min(over, r.asked))
	if err != nil { // the query has ended
		return
	}
	from := over - len(gone) + r.asked // of the rows behind the first answer
	rows := make([]uint32, 0, keep)
	for row := range view.Len() {
		switch {
		case row < r.asked && gone[uint32(row)]:
		case row >= r.asked && row < from:
		default:
			rows = append(rows, uint32(row))
		}
	}
	r.asked -= len(gone)
	r.table = view.Keep(rows)
	r.set(func() { r.cut += uint64(over) })
}

// oldest are those n of the first asked rows that started first.
func oldest(ctx context.Context, v *flow.View, asked, n int) (map[uint32]bool, error) {
	rows := make([]uint32, asked)
	for i := range rows {
		rows[i] = uint32(i)
	}
	rows, err := v.Sort(ctx, rows, []flow.SortKey{{Column: flow.ColStart}})
	if err != nil {
		return nil, err
	}
	gone := make(map[uint32]bool, n)
	for _, row := range rows[:n] {
		gone[row] = true
	}
	return gone, nil
}
