//go:build race

package tui

// raced tells that the race detector watches, under which everything takes ten times as long.
const raced = true
