//go:build !race

package main

// raced tells that the race detector watches: then it watches the program that the tests drive, too.
const raced = false
