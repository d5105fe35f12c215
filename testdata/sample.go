// Package testdata holds the capture that cxlens brings with it, and small
// session files in cxtracker's forms for tests.
//
// It imports nothing. Its one surprising thing: the capture is no mock. It was
// recorded from real programs in a network of namespaces that lab/ builds; only
// the times between its minutes were stretched. lab/README.md tells what
// happens in it, host by host.
package testdata

import _ "embed" // for Sample

// Sample is a classic pcap file (Ethernet, microseconds, at most 96 bytes of
// each frame), compressed with zstd: two hours of a small office from
// 2026-11-20 08:00 UTC on. lab/README.md states its sizes and checksum.
//
//go:embed sample.pcap.zst
var Sample []byte

// SampleName is the name under which the sample is shown; its unpacked form
// has it without ".zst".
const SampleName = "sample.pcap.zst"
