// Package transport is how cxlens programs reach each other: TLS with pinned
// certificates, and plain TCP where that is safe (protocol.md section 8).
//
// It imports the standard library and renameio. Its one surprising thing: trust
// is in the certificate's SHA-256 fingerprint and in nothing else, because servers
// make their own certificates; names and dates in it are not looked at.
package transport
