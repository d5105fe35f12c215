package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/prompt"
)

// zones are the time zones that the screen can show its times in. Copies, exports and spans stay in UTC.
type zones struct {
	shown *time.Location
	local *time.Location
	named *time.Location // nil before one was named
}

func newZones(opts Options) zones {
	z := zones{shown: time.UTC, local: opts.Now().Location(), named: opts.Zone}
	if opts.Zone != nil {
		z.shown = opts.Zone
	}
	return z
}

// name is what the zone that is shown is called.
func (z zones) name() string {
	if z.shown == z.local && z.shown != time.UTC {
		return "local"
	}
	return z.shown.String()
}

// besideUTC is the zone that a flow's detail shows beside UTC: the one on the screen, else local time.
func (z zones) besideUTC() *time.Location {
	if z.shown == time.UTC {
		return z.local
	}
	return z.shown
}

// nextZone turns from UTC to local time, to the zone that was named, and back.
func (m *model) nextZone() tea.Cmd {
	turn := []*time.Location{time.UTC}
	for _, zone := range []*time.Location{m.zone.local, m.zone.named} {
		if zone != nil && zone.String() != "UTC" && zone != turn[len(turn)-1] {
			turn = append(turn, zone)
		}
	}
	at := 0
	for i, zone := range turn {
		if zone == m.zone.shown {
			at = i
		}
	}
	if len(turn) == 1 {
		m.warn("the local time is UTC; " + m.keys.rows.KeyOf(actZoneName) + " names another zone")
	}
	return m.showZone(turn[(at+1)%len(turn)])
}

// showZone shows the times of all tabs in a zone, and at the next start as well.
func (m *model) showZone(zone *time.Location) tea.Cmd {
	var keep tea.Cmd
	if m.zone.shown != zone {
		m.zone.shown = zone
		m.tell("times in " + m.clockZone() + "; copies and exports stay in UTC")
		keep = m.keep(keptZone, m.zone.name())
	}
	for _, t := range m.tabs.open {
		t.table.SetZone(zone)
	}
	return keep
}

// clockZone is the zone beside the clock: its name, and how far it is from UTC now.
func (m *model) clockZone() string {
	if m.zone.shown == time.UTC {
		return "UTC"
	}
	return flow.Clean(m.zone.name()) + " " + strings.TrimSuffix(m.now().In(m.zone.shown).Format("-07:00"), ":00")
}

// openZone asks for a zone by its name.
func (m *model) openZone() {
	m.prompt = prompt.New(m.keys.prompt, "times in the zone", m.zone.shown.String(),
		"UTC, local, or a name of the time zone database such as Europe/Paris;", "copies, exports and spans of time stay in UTC")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		zone, err := ParseZone(strings.TrimSpace(text), m.zone.local)
		if err != nil {
			return nil, err
		}
		if zone != time.UTC && zone != m.zone.local {
			m.zone.named = zone
		}
		m.toFlows()
		return m.showZone(zone), nil
	}
	m.mode = modePrompt
}

// ParseZone reads the name of a time zone: UTC, local, or one of the time zone database.
func ParseZone(name string, local *time.Location) (*time.Location, error) {
	switch strings.ToLower(name) {
	case "", "utc":
		return time.UTC, nil
	case "local":
		return local, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q: a name is such as Europe/Paris, UTC or local", flow.Clean(name))
	}
	return zone, nil
}
