package main

import (
	"context"
	"os"

	"cxlens/internal/config"
	"cxlens/internal/heap"
	"cxlens/internal/ttyguard"
	"cxlens/tui"
)

// runScreen shows the screen with the named networks of the configuration, which are read again when
// the file changes.
func runScreen(ctx context.Context, opts tui.Options) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	changes := make(chan tui.NamesChanged, 1)
	tell := func(c *config.Config, err error) {
		msg := tui.NamesChanged{Err: err}
		if err == nil {
			msg.Names = c.Named()
			msg.Lookup, msg.Err = c.Lookup()
		}
		select {
		case changes <- msg:
		case <-watching.Done():
		}
	}
	if err := config.Watch(watching, config.Path(), tell); err != nil {
		changes <- tui.NamesChanged{Err: err}
	}
	if c, err := config.Load(config.Path()); err == nil { // it may have changed before the watch began
		opts.Names = c.Named()
		if opts.Lookup, err = c.Lookup(); err != nil {
			return err
		}
	}
	opts.NamesChanged = changes
	defer heap.Keep()()
	opts.ThemesChanged = watchThemes(watching)
	if !opts.Accessible {
		// Without a guard, which a full table of processes may prevent, the screen is as good.
		guard, _ := ttyguard.Start(os.Stdout)
		defer guard.Release()
	}
	return tui.Run(ctx, opts)
}
