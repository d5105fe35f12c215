package accounts

import (
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kind is which of the two kinds of accounts is meant. An agent and a client may have the same name.
type Kind uint8

// The kinds.
const (
	Agent Kind = iota
	Client
	numKinds
)

// String returns "agent" or "client".
func (k Kind) String() string {
	if k == Agent {
		return "agent"
	}
	return "client"
}

// The limits of an account's members.
const (
	MaxName        = 64  // bytes
	MaxDescription = 256 // bytes
	MaxLevel       = 255
)

// The errors of accounts. Others name the file and what is wrong with it.
var (
	// ErrRefused is a wrong name or secret; it never says which.
	ErrRefused = errors.New("wrong name or secret")
	// ErrExists is the adding of a name that is there.
	ErrExists = errors.New("exists already")
	// ErrUnknown is a name that is not there.
	ErrUnknown = errors.New("does not exist")
)

// Account is an agent or a client as far as others may know it.
type Account struct {
	Kind        Kind
	ID          uint32 // unique in its kind, from 1, never given out again
	Name        string
	Level       int // access level of a client, 0 to MaxLevel; agents have none, it is 0 whatever is asked for
	Description string
	Created     time.Time
}

// CheckName refuses a name that is empty, longer than MaxName bytes, or has characters that are not printable, or blanks.
func CheckName(name string) error {
	if name == "" || len(name) > MaxName {
		return fmt.Errorf("name %q: want 1 to %d bytes", clip(name), MaxName)
	}
	if !utf8.ValidString(name) {
		return fmt.Errorf("name %q is not valid UTF-8", name)
	}
	for _, r := range name {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return fmt.Errorf("name %q: %q may not stand in a name", name, r)
		}
	}
	return nil
}

// check refuses the members that a person chooses: name, description and level.
func (a Account) check(kind Kind) error {
	if err := CheckName(a.Name); err != nil {
		return err
	}
	if len(a.Description) > MaxDescription || !utf8.ValidString(a.Description) {
		return fmt.Errorf("the description of %s is longer than %d bytes or not valid UTF-8", a.Name, MaxDescription)
	}
	for _, r := range a.Description {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("the description of %s: %q may not stand in it", a.Name, r)
		}
	}
	switch {
	case kind == Agent && a.Level != 0:
		return fmt.Errorf("agent %s: only clients have a level", a.Name)
	case a.Level < 0 || a.Level > MaxLevel:
		return fmt.Errorf("level %d of %s: want 0 to %d", a.Level, a.Name, MaxLevel)
	}
	return nil
}

func clip(s string) string {
	if len(s) > MaxName {
		return s[:MaxName] + "..."
	}
	return s
}
