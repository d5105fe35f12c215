package table

import "time"

// SetZone sets the time zone of the times on the screen; copies and exports stay in UTC.
func (m *Model) SetZone(zone *time.Location) {
	m.zone, m.fresh = zone, false
	m.years = years{}
	m.widest = [len(m.widest)][2]int{}
}

// Zone is the time zone of the times on the screen.
func (m *Model) Zone() *time.Location {
	if m.zone == nil {
		return time.UTC
	}
	return m.zone
}
