package tui

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	iexport "cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/export"
)

// closePatience is how long the screen waits, when it is left, for an export to take its unfinished file away.
const closePatience = 5 * time.Second

// openExport asks which rows go where; while rows are written it shows how far they are.
func (m *model) openExport() bool {
	if m.exporting() || m.export != nil && m.export.Asks() {
		m.mode = modeExport
		return true
	}
	view, rows, n := m.table.Present()
	if n == 0 {
		return false
	}
	choices := []export.Choice{{Rows: export.Here, Count: uint64(n)}}
	marked := m.table.Marked()
	if marked != nil {
		choices = slices.Insert(choices, 0, export.Choice{Rows: export.Marked, Count: uint64(len(marked))})
	}
	whole, err := m.wholeMatch()
	if err == nil {
		all := export.Choice{Rows: export.Whole}
		if m.refined == "" { // else only the server can count them
			all.Count = max(m.run.progress.Matched, uint64(n))
		}
		choices = append(choices, all)
	}
	path := filepath.Join(m.opts.ExportDir, "cxlens-"+m.now().UTC().Format("20060102-150405")+".csv")
	e := export.New(m.keys.export, path, choices)
	m.export = e
	e.Context, e.Now, e.Warn = m.ctx, m.now, m.warn
	e.Leave = func() {
		if m.mode == modeExport && m.export == e {
			m.toFlows()
		}
	}
	e.Say = m.news
	e.Copy = m.toClipboard
	here := iexport.Job{View: view, Rows: rows, Columns: m.table.Columns()}
	if rows == nil && n < view.Len() { // rows that came meanwhile are not in the order on the screen
		here.Rows = firstRows(n)
	}
	job := exporter{here: here, n: n, marked: marked, whole: whole, src: m.src, around: m.surroundings()}
	e.Write = func(ctx context.Context, req export.Request, progress export.Progress) (export.Written, error) {
		m.exports.Lock()
		defer m.exports.Unlock()
		return job.write(ctx, req, progress)
	}
	m.mode = modeExport
	return true
}

// exporting tells whether rows are being written.
func (m *model) exporting() bool { return m.export != nil && m.export.Writing() }

// exportFinished takes in the end of an export; one that waits for an answer behind another part of the screen says so.
func (m *model) exportFinished(msg export.Finished) tea.Cmd {
	if m.export == nil {
		return nil
	}
	cmd := m.export.Update(msg)
	if m.export.Asks() && m.mode != modeExport {
		m.notice("the export was not written yet; " + m.keys.screen.KeyOf(actExport) + " says why")
	}
	return cmd
}

// closeExport waits until an export that the end of the screen has cancelled took its unfinished file away.
func (m *model) closeExport() {
	if !m.exporting() {
		return
	}
	done := make(chan struct{})
	go func() {
		m.exports.Lock()
		defer m.exports.Unlock()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closePatience): // a disk that hangs
	}
}

// wholeMatch asks for all rows of which those here are a part: the query that brought them and the
// refinement, at their time and in their present order.
func (m *model) wholeMatch() (query.Request, error) { return m.matchRefined(m.refined) }

// matchRefined asks for all matches that pass a refinement, "" for none.
func (m *model) matchRefined(by string) (query.Request, error) {
	q, err := query.Parse(m.run.sent)
	if err != nil {
		return query.Request{}, err
	}
	if by != "" {
		text, err := m.written(by)
		if err != nil {
			return query.Request{}, err
		}
		refined, err := query.Parse(text)
		if err != nil {
			return query.Request{}, err
		}
		q = query.And(q, refined)
	}
	from, to := m.run.span.Ends(m.run.began)
	return query.Request{Query: q.String(), From: from, To: to, Kind: query.KindFlows, Order: m.order()}, nil
}

// exporter is what an export needs, kept as it was when the box was opened.
type exporter struct {
	here  iexport.Job
	n     int // rows here
	whole query.Request
	src   source
	// around fills the columns of the screen where rows come that are not here.
	around *flow.Around

	marked []uint32
}

// write writes what a request asks for. It takes time and is for a command.
func (x exporter) write(ctx context.Context, req export.Request, progress export.Progress) (export.Written, error) {
	job, total := x.here, uint64(x.n)
	job.Format = req.Format
	if req.AllColumns {
		job.Columns = flow.OutputColumns()
	}
	written := 0
	job.Progress = func(rows int) {
		written = rows
		progress(rows, total)
	}
	if req.Rows == export.Marked {
		job.Rows, total = x.marked, uint64(len(x.marked))
	}
	if req.Rows == export.Whole {
		job.Parts = func(write func(*flow.View) error) error {
			return x.src.Stream(ctx, x.whole, func(v *flow.View, p client.Progress) error {
				total = p.Expect
				return write(v.With(x.around))
			})
		}
	}
	if !req.Clipboard {
		err := iexport.ToFile(ctx, req.Path, req.Overwrite, job)
		return export.Written{Rows: written}, err
	}
	text, err := iexport.ToText(ctx, export.MostCopied, job)
	return export.Written{Rows: written, Text: text}, err
}

func firstRows(n int) []uint32 {
	rows := make([]uint32, n)
	for i := range rows {
		rows[i] = uint32(i)
	}
	return rows
}
