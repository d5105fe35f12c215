package lookup

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"

	"cxlens/internal/smallfile"
)

// maxDatabase is the largest database file that is read: it is held in memory, because a file that
// is mapped and then cut short ends the program.
const maxDatabase = 512 << 20

// Place is what database files say of an address; what none of them says is empty.
type Place struct {
	Country     string // two letters, ISO 3166-1
	CountryName string // in English
	City        string // in English
	GeoSource   string // the file that says so, and of when it is

	ASN       uint64 // the number of the autonomous system, 0 for none
	Org       string // who runs it
	ASNSource string
}

// Databases are MaxMind DB files. They are safe for concurrent use.
type Databases struct {
	mu    sync.Mutex
	files []*database
}

// database is one file as it was read last.
type database struct {
	key, path string
	stamp     string // of the file that was read, or that could not be
	source    string
	reader    *maxminddb.Reader // nil for none
}

// NewDatabases returns the files of settings; nothing is read before Load.
func NewDatabases(s Settings) *Databases {
	d := &Databases{}
	for _, f := range []database{{key: "geoip", path: s.Geo}, {key: "asn", path: s.ASN}} {
		if f.path != "" {
			d.files = append(d.files, &f)
		}
	}
	return d
}

// Empty tells whether there are no files.
func (d *Databases) Empty() bool { return len(d.files) == 0 }

// Load reads the files that are not what they were when they were read last, and tells whether any was. A file
// that cannot be read is an error once, which names it and what to do; the one before it stays in
// use. One goroutine at a time may call it.
func (d *Databases) Load() (changed bool, errs []error) {
	for _, f := range d.files {
		stamp := stampOf(f.path)
		if stamp == f.stamp {
			continue
		}
		f.stamp = stamp
		reader, err := openDatabase(f.path)
		if err != nil {
			errs = append(errs, fmt.Errorf("names.%s: %w", f.key, err))
			continue
		}
		built := time.Unix(int64(reader.Metadata.BuildEpoch), 0).UTC().Format("2006-01-02")
		d.mu.Lock()
		f.reader, f.source = reader, shown(filepath.Base(f.path))+" of "+built
		d.mu.Unlock()
		changed = true
	}
	return changed, errs
}

// stampOf tells one state of a file from another; "none" is that there is no file.
func stampOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "none"
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

func openDatabase(path string) (*maxminddb.Reader, error) {
	data, err := smallfile.Read(path, maxDatabase)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s: put it there, or change the path in the configuration", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s may not be read: change its permissions", path)
	case err != nil:
		return nil, fmt.Errorf("%w: it cannot be used", err)
	}
	r, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, fmt.Errorf("%s is no MaxMind DB file (%s): download it again, unpacked, as .mmdb", path, oneLine(err))
	}
	return r, nil
}

// oneLine is an error's text in one line that is not too long.
func oneLine(err error) string { return shown(strings.Join(strings.Fields(err.Error()), " ")) }

// Of returns what the files say of an address. A record that cannot be read says nothing.
func (d *Databases) Of(a netip.Addr) Place {
	var p Place
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.files {
		if f.reader == nil {
			continue
		}
		r := f.reader.Lookup(a)
		if r.Err() != nil || !r.Found() {
			continue
		}
		if p.GeoSource == "" {
			p.geo(r, f.source)
		}
		if p.ASNSource == "" {
			p.system(r, f.source)
		}
	}
	return p
}

// geo takes in the country and the city, as MaxMind and DB-IP lay them out, else as IPinfo does.
func (p *Place) geo(r maxminddb.Result, source string) {
	p.Country, p.CountryName = text(r, "country", "iso_code"), text(r, "country", "names", "en")
	p.City = text(r, "city", "names", "en")
	if p.Country == "" {
		p.Country, p.CountryName, p.City = text(r, "country_code"), text(r, "country"), text(r, "city")
	}
	if p.Country != "" || p.City != "" {
		p.GeoSource = source
	}
}

// system takes in the autonomous system.
func (p *Place) system(r maxminddb.Result, source string) {
	var n uint64
	if r.DecodePath(&n, "autonomous_system_number") == nil && n > 0 {
		p.ASN, p.Org = n, text(r, "autonomous_system_organization")
	} else if as, ok := strings.CutPrefix(text(r, "asn"), "AS"); ok {
		if n, err := strconv.ParseUint(as, 10, 32); err == nil {
			p.ASN, p.Org = n, text(r, "as_name")
		}
	}
	if p.ASN > 0 {
		p.ASNSource = source
	}
}

// text is a text of a record, "" when it has none there.
func text(r maxminddb.Result, path ...any) string {
	var s string
	if r.DecodePath(&s, path...) != nil {
		return ""
	}
	return shown(s)
}
