package config

import (
	"fmt"
	"strings"
	"time"
)

// Zone is the time zone of time_zone: UTC where it is not set, "local", or a name of the time zone
// database.
func (c *Config) Zone() (*time.Location, error) {
	switch strings.ToLower(c.TimeZone) {
	case "", "utc":
		return time.UTC, nil
	case "local":
		return time.Local, nil
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("time_zone: there is no time zone %q: a name is such as Europe/Paris, UTC or local", c.TimeZone)
	}
	return zone, nil
}
