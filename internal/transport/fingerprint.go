package transport

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ParseFingerprint reads a certificate's SHA-256 in hex, in either case, with or without colons
// and the prefix "sha256:", and returns it as 64 lower-case digits.
func ParseFingerprint(s string) (string, error) {
	h := strings.ToLower(strings.TrimSpace(s))
	h = strings.ReplaceAll(strings.TrimPrefix(h, "sha256:"), ":", "")
	if b, err := hex.DecodeString(h); err != nil || len(b) != sha256.Size {
		return "", fmt.Errorf("fingerprint %q: want the 64 hex digits that `cxlens serve` prints", s)
	}
	return h, nil
}

// Fingerprint returns the SHA-256 of a certificate's DER in hex.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// ClientTLS returns the configuration that trusts exactly the certificate with that fingerprint,
// in the forms that ParseFingerprint reads; with a fingerprint that is none, every handshake fails and says so.
func ClientTLS(fingerprint string) *tls.Config {
	want, parseErr := ParseFingerprint(fingerprint)
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		// The chain is not verified because VerifyConnection compares the certificate itself.
		InsecureSkipVerify: true,
		VerifyConnection: func(cs tls.ConnectionState) error {
			if parseErr != nil {
				return parseErr
			}
			if len(cs.PeerCertificates) == 0 {
				return errors.New("the server has no certificate")
			}
			got := Fingerprint(cs.PeerCertificates[0].Raw)
			if subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
				return fmt.Errorf("the server's certificate has the fingerprint %s and not the expected %s; "+
					"if the server's key was changed on purpose, configure the new one", got, want)
			}
			return nil
		},
	}
}
