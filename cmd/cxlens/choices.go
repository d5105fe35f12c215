package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"cxlens/internal/config"
	"cxlens/tui"
)

// choose fills what a person chooses about the screen: by a flag, else the configuration, else as it
// was chosen on the screen before. It returns a notice where the last cannot be read, else "".
func (f *screenFlags) choose(cfg *config.Config, opts *tui.Options) (notice string) {
	store := config.NewChoiceStore(config.ChoicesPath())
	before, err := store.Load()
	if err != nil {
		notice = err.Error()
	}
	opts.Theme = f.theme
	if opts.Theme == "" {
		opts.Theme = cfg.Theme
	}
	if opts.Theme == "" {
		opts.Theme = before.Theme
		// A file of the user may be gone since; that is no reason not to start.
		if _, err := opts.Themes.Load(opts.Theme); err != nil && opts.Theme != "" && opts.Theme != "auto" {
			notice, opts.Theme = "the theme from before is not used: "+err.Error(), ""
		}
	}
	opts.Accessible = f.aloud || cfg.Accessible
	if set := os.Getenv("CXLENS_ACCESSIBLE"); set != "" && !f.aloud {
		on, err := strconv.ParseBool(set)
		opts.Accessible = on || err != nil // any other word is meant to switch it on
	}
	switch {
	case f.set.Changed(slowFlag):
		opts.LowBandwidth, opts.KeepBandwidth = f.slow, true
	case cfg.LowBandwidth != nil:
		opts.LowBandwidth, opts.KeepBandwidth = *cfg.LowBandwidth, true
	}
	switch {
	case f.noMouse:
		opts.NoMouse = true
	case cfg.Mouse != nil:
		opts.NoMouse = !*cfg.Mouse
	case before.Mouse != nil:
		opts.NoMouse = !*before.Mouse
	}
	opts.Exact = before.Exact
	if cfg.TimeZone == "" {
		if opts.Zone, err = config.ParseZone(before.TimeZone); err != nil {
			notice = "the time zone from before is not used: " + err.Error()
		}
	}
	opts.Keep = func(what, value string) error { return keepChoice(store, what, value) }
	return notice
}

// keepChoice keeps a choice for the next time, unless the configuration says otherwise then.
func keepChoice(store *config.ChoiceStore, what, value string) error {
	cfg, err := config.Load(config.Path())
	if err != nil {
		return fmt.Errorf("the choice is not kept for the next time: %w", err)
	}
	on := value == "on"
	switch {
	case what == "theme" && cfg.Theme != "" && cfg.Theme != value:
		return fmt.Errorf("theme %s is for now only: %s says theme = %q", value, config.Path(), cfg.Theme)
	case what == "mouse" && cfg.Mouse != nil && *cfg.Mouse != on:
		return nil // the key is pressed to select a text, and pressed again; a notice would be in the way
	case what == "zone" && cfg.TimeZone != "":
		return nil // it is turned and turned back as well
	}
	return store.Keep(func(c *config.Choices) {
		switch what {
		case "theme":
			c.Theme = value
		case "mouse":
			c.Mouse = &on
		case "zone":
			c.TimeZone = value
		case "numbers":
			c.Exact = value == "exact"
		}
	})
}

// watchThemes tells when the user's themes change. Without a way to watch them they are read at the start only.
func watchThemes(ctx context.Context) <-chan struct{} {
	changes := make(chan struct{}, 1)
	err := config.WatchFolder(ctx, config.ThemesDir(), func() {
		select {
		case changes <- struct{}{}:
		default: // one is told of already, and reads all
		}
	})
	if err != nil {
		return nil
	}
	return changes
}
