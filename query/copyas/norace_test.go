//go:build !race

package copyas_test

const raced = false
