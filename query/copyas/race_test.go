//go:build race

package copyas_test

const raced = true // the race detector watches
