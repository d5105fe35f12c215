package terminal

import (
	"slices"
	"strings"
)

// foreign are the variables that describe another terminal or change what
// programs write to one; a name that ends in * is a prefix.
var foreign = []string{
	"TERM", "TERM_PROGRAM*", "COLORTERM", "COLORFGBG", "NO_COLOR", "CLICOLOR*", "FORCE_COLOR", "TMUX*", "STY",
	"WT_SESSION", "VTE_VERSION", "KITTY_*", "WEZTERM_*", "ITERM_*", "LINES", "COLUMNS", "SSH_TTY", "TEA_*", "TTY_FORCE",
}

// environment is base without the foreign variables, then those of a
// terminal, then extra, which wins.
func environment(base, extra []string) []string {
	env := slices.DeleteFunc(slices.Clone(base), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.ContainsFunc(foreign, func(f string) bool {
			prefix, isPrefix := strings.CutSuffix(f, "*")
			return name == f || isPrefix && strings.HasPrefix(name, prefix)
		})
	})
	env = append(env, "TERM=xterm-256color", "COLORTERM=truecolor")
	return append(env, extra...)
}
