package accounts

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

const documentVersion = 1

// document is accounts.toml.
type document struct {
	Version    int            `toml:"version"`
	LastAgent  uint32         `toml:"last_agent_id"`
	LastClient uint32         `toml:"last_client_id"`
	Agents     []documentItem `toml:"agent"`
	Clients    []documentItem `toml:"client"`
}

type documentItem struct {
	ID          uint32    `toml:"id"`
	Name        string    `toml:"name"`
	Level       int       `toml:"level,omitzero"`
	Description string    `toml:"description,omitempty"`
	Created     time.Time `toml:"created"`
	Hash        string    `toml:"hash"`
}

const documentHead = "# The accounts of this server. `cxlens admin` changes this file; the hashes are argon2id.\n\n"

func encode(rolls *[numKinds]roll) ([]byte, error) {
	d := document{
		Version: documentVersion, LastAgent: rolls[Agent].lastID, LastClient: rolls[Client].lastID,
		Agents: items(rolls[Agent].entries), Clients: items(rolls[Client].entries),
	}
	b := bytes.NewBufferString(documentHead)
	err := toml.NewEncoder(b).Encode(d)
	return b.Bytes(), err
}

func items(entries []entry) []documentItem {
	list := make([]documentItem, len(entries))
	for i, e := range entries {
		list[i] = documentItem{
			ID: e.ID, Name: e.Name, Level: e.Level, Description: e.Description,
			Created: e.Created, Hash: e.hash.String(),
		}
	}
	return list
}

// decode reads accounts.toml whole or not at all.
func decode(data []byte) (rolls [numKinds]roll, err error) {
	var d document
	meta, err := toml.Decode(string(data), &d)
	if err != nil {
		return rolls, fmt.Errorf("%s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if keys := meta.Undecoded(); len(keys) > 0 {
		return rolls, fmt.Errorf("unknown key %s", keys[0])
	}
	if d.Version != documentVersion {
		return rolls, fmt.Errorf("version %d is not one that this cxlens reads (it reads %d)", d.Version, documentVersion)
	}
	if rolls[Agent], err = decodeRoll(Agent, d.LastAgent, d.Agents); err != nil {
		return rolls, err
	}
	rolls[Client], err = decodeRoll(Client, d.LastClient, d.Clients)
	return rolls, err
}

func decodeRoll(kind Kind, lastID uint32, list []documentItem) (roll, error) {
	r := roll{lastID: lastID}
	ids := make(map[uint32]bool, len(list))
	for i, it := range list {
		a := Account{
			Kind: kind, ID: it.ID, Name: it.Name, Level: it.Level,
			Description: it.Description, Created: it.Created,
		}
		if err := a.check(kind); err != nil {
			return r, fmt.Errorf("%s number %d: %w", kind, i+1, err)
		}
		if _, twice := r.find(it.Name); twice || ids[it.ID] || it.ID == 0 {
			return r, fmt.Errorf("%s %s: its name or its id %d stands twice, or the id is missing", kind, it.Name, it.ID)
		}
		h, err := parseHash(it.Hash)
		if err != nil {
			return r, fmt.Errorf("%s %s: hash %w", kind, it.Name, err)
		}
		ids[it.ID] = true
		r.lastID = max(r.lastID, it.ID)
		r.entries = append(r.entries, entry{Account: a, hash: h})
	}
	return r, nil
}
