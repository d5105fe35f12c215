package accounts

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Params are the costs of argon2id (RFC 9106). They are stored with every hash, so that a
// later version can raise them.
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// DefaultParams are the costs of new hashes: 19 MiB and two passes, the least that OWASP
// recommends, because a node that reconnects pays them every time.
var DefaultParams = Params{MemoryKiB: 19 * 1024, Passes: 2, Threads: 1}

// The bounds of stored costs: a damaged file must not make the server allocate without limit.
const (
	maxMemoryKiB = 256 * 1024
	maxPasses    = 16
	maxThreads   = 16
	saltLen      = 16
	keyLen       = 32
	maxKeyLen    = 64
)

var errHash = errors.New("is not an argon2id hash that cxlens wrote")

// hash is a stored argon2id hash.
type hash struct {
	Params
	salt, key []byte
}

// newHash hashes a secret with a new random salt.
func newHash(secret string, p Params) hash {
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	h := hash{Params: p, salt: salt}
	h.key = h.derive(secret, keyLen)
	return h
}

func (h hash) derive(secret string, n uint32) []byte {
	return argon2.IDKey([]byte(secret), h.salt, h.Passes, h.MemoryKiB, h.Threads, n)
}

// matches reports whether secret is the hashed one, in a time that does not depend on the answer.
func (h hash) matches(secret string) bool {
	return subtle.ConstantTimeCompare(h.key, h.derive(secret, uint32(len(h.key)))) == 1
}

// String returns h in the usual text form: $argon2id$v=19$m=,t=,p=$salt$key.
func (h hash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.MemoryKiB, h.Passes, h.Threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// parseHash reads String's form.
func parseHash(s string) (hash, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errHash
	}
	var h hash
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.MemoryKiB, &h.Passes, &h.Threads); err != nil {
		return hash{}, errHash
	}
	var saltErr, keyErr error
	h.salt, saltErr = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, keyErr = base64.RawStdEncoding.DecodeString(parts[5])
	switch {
	case saltErr != nil || keyErr != nil,
		len(h.salt) < 8 || len(h.salt) > maxKeyLen,
		len(h.key) < 16 || len(h.key) > maxKeyLen,
		h.Passes < 1 || h.Passes > maxPasses,
		h.Threads < 1 || h.Threads > maxThreads,
		h.MemoryKiB < 8*uint32(h.Threads) || h.MemoryKiB > maxMemoryKiB,
		h.String() != s: // trailing text, signs, leading zeros
		return hash{}, errHash
	}
	return h, nil
}
