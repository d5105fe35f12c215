// Package accounts keeps who may speak to a server: the agents, on whose behalf nodes
// connect, and the clients, which are analysts (protocol.md section 1).
//
// It imports secret, and the libraries for argon2, TOML and atomic files. A secret is kept as its argon2id hash,
// in accounts.toml of the server's folder (File) or in memory (Memory). Its one surprising thing: a change by
// `cxlens admin` works on a running server at the next authenticate, because File looks whether accounts.toml
// changed; connections that are authenticated already stay as they are, also those of a removed account.
package accounts
