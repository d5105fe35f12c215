package config

import (
	"fmt"
	"strings"
	"time"
)

// Zone is the time zone of time_zone; UTC where it is not set.
func (c *Config) Zone() (*time.Location, error) {
	zone, err := ParseZone(c.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("time_zone: %w", err)
	}
	return zone, nil
}

// ParseZone reads a time zone: UTC, also for "", local, or a name of the time zone database.
func ParseZone(name string) (*time.Location, error) {
	switch strings.ToLower(name) {
	case "", "utc":
		return time.UTC, nil
	case "local":
		return time.Local, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q: a name is such as Europe/Paris, UTC or local", name)
	}
	return zone, nil
}
