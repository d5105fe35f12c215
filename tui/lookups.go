package tui

import (
	"net/netip"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/lookup"
)

const (
	// restLookup is how long the screen has to stand still before its addresses are asked for, so
	// that scrolling by asks for nothing, and restlessLookup how long one that does not is waited for.
	restLookup     = 200 * time.Millisecond
	restlessLookup = 2 * time.Second
	// lookAgain is how often database files are looked at, and addresses asked for again that failed.
	lookAgain = time.Minute
)

// lookups is what fetches what is known of addresses.
type lookups struct {
	hosts *lookup.Hosts
	files *lookup.Databases
	dns   bool // look-ups in the DNS are on
	told  bool // that look-ups leave this machine
	seen  []netip.Addr
	seq   uint64    // of the newest rest; those of earlier ones are dropped
	since time.Time // since when addresses wait for a rest, zero when none do
}

// Facts of the look-ups.
type (
	screenRested  struct{ seq uint64 }
	hostsAnswered struct{}
	filesRead     struct {
		files   *lookup.Databases
		changed bool
		errs    []error
	}
	lookedAway struct{ files *lookup.Databases } // it is time to look again
)

func (m *model) newLookups() lookups {
	s := m.opts.Lookup
	return lookups{hosts: lookup.NewHosts(m.opts.Resolver, m.now), files: lookup.NewDatabases(s), dns: s.DNS}
}

// beginLookups reads the database files and waits for names.
func (m *model) beginLookups() tea.Cmd {
	return tea.Batch(m.readFiles(m.lookups.files), m.waitHosts())
}

// readFiles reads the database files that are new.
func (m *model) readFiles(files *lookup.Databases) tea.Cmd {
	return func() tea.Msg {
		changed, errs := files.Load()
		return filesRead{files, changed, errs}
	}
}

func (m *model) waitHosts() tea.Cmd {
	ctx, answered := m.ctx, m.lookups.hosts.Changed()
	return func() tea.Msg {
		select {
		case <-answered:
		case <-ctx.Done():
			return nil
		}
		if !rested(ctx, restAnswers) {
			return nil
		}
		return hostsAnswered{}
	}
}

// lookedUp takes in what the look-ups found.
func (m *model) lookedUp(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case hostsAnswered:
		m.forgetLabels()
		return m.waitHosts()
	case screenRested:
		m.askHosts(msg.seq)
	case filesRead:
		return m.filesRead(msg)
	case lookedAway:
		if msg.files == m.lookups.files {
			m.lookups.seen = nil
			return m.readFiles(msg.files)
		}
	}
	return nil
}

func (m *model) filesRead(msg filesRead) tea.Cmd {
	if msg.files != m.lookups.files {
		return nil // the configuration names others by now
	}
	for _, err := range msg.errs {
		m.notice(err.Error())
	}
	if msg.changed {
		m.forgetLabels()
	}
	if msg.files.Empty() && !m.opts.Lookup.DNS {
		return nil
	}
	return tea.Tick(lookAgain, func(time.Time) tea.Msg { return lookedAway{msg.files} })
}

// asksDNS tells whether the addresses on the screen are asked for.
func (m *model) asksDNS() bool {
	return m.lookups.dns && (m.labels.show == lookup.ShowAll || m.table.ShowsNames()) && m.src != nil
}

// lookUp has the addresses on the screen asked for as soon as it stands still.
func (m *model) lookUp() tea.Cmd {
	l := &m.lookups
	if !m.asksDNS() || len(m.grouping) > 0 { // with groups in their place the rows are not on the screen
		return nil
	}
	addrs := m.table.Addresses()
	if slices.Equal(addrs, l.seen) {
		return nil
	}
	l.seen = addrs
	switch now := m.now(); {
	case l.since.IsZero():
		l.since = now
	case now.Sub(l.since) > restlessLookup:
		return nil // the rest that is waited for is not put off once more
	}
	l.seq++
	seq := l.seq
	return tea.Tick(restLookup, func(time.Time) tea.Msg { return screenRested{seq} })
}

// askHosts asks for the addresses on the screen. The first time in a run it says so.
func (m *model) askHosts(seq uint64) {
	l := &m.lookups
	if seq != l.seq || !m.asksDNS() {
		return
	}
	l.since = time.Time{}
	if l.hosts.Want(l.seen) > 0 && !l.told {
		l.told = true
		m.notice("DNS look-ups of the addresses on the screen leave this machine; the action \"" + dnsHelp + "\" (" +
			m.keys.screen.KeyOf(actPalette) + ") ends them")
	}
}

// stopLookups ends the look-ups at once; names that are known stay.
func (m *model) stopLookups() {
	m.lookups.hosts.Stop()
	m.lookups.seen = nil
	m.lookups.seq++
	m.lookups.since = time.Time{}
}

// toggleDNS switches the look-ups off, or on again where the configuration allows them.
func (m *model) toggleDNS() bool {
	l := &m.lookups
	switch {
	case l.dns:
		l.dns = false
		m.stopLookups()
		m.tell("DNS look-ups are off; names that are known stay")
	case !m.opts.Lookup.DNS:
		return false
	default:
		l.dns = true
		text := "DNS look-ups are on"
		if m.labels.show != lookup.ShowAll && !m.table.ShowsNames() {
			text += " when all names are shown: " + m.keys.names.KeyOf(actNames)
		}
		m.tell(text)
	}
	return true
}

// lookupChanged takes in other settings. What the person chose on the screen stays.
func (m *model) lookupChanged(s lookup.Settings) tea.Cmd {
	old := m.opts.Lookup
	m.opts.Lookup = s
	if m.labels.show == old.Show {
		m.labels.show = s.Show
	}
	if old.DNS != s.DNS {
		m.lookups.dns = s.DNS
	}
	if !m.asksDNS() {
		m.stopLookups()
	}
	m.relabel()
	if old.Geo == s.Geo && old.ASN == s.ASN && old.DNS == s.DNS {
		return m.reAround()
	}
	m.lookups.files = lookup.NewDatabases(s)
	return tea.Batch(m.reAround(), m.readFiles(m.lookups.files))
}
