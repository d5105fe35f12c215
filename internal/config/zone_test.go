package config

import (
	"strings"
	"testing"
	"time"
)

func TestZone(t *testing.T) {
	for text, want := range map[string]string{"": "UTC", `time_zone = "utc"`: "UTC", `time_zone = "local"`: time.Local.String(), `time_zone = "Europe/Paris"`: "Europe/Paris"} {
		c, err := Load(write(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if zone, err := c.Zone(); err != nil || zone.String() != want {
			t.Errorf("%q: %v, %v; want %s", text, zone, err, want)
		}
	}
	_, err := Load(write(t, `time_zone = "Europe/Pariss"`))
	if err == nil || !strings.Contains(err.Error(), `time_zone: there is no time zone "Europe/Pariss"`) || !strings.Contains(err.Error(), "config.toml") {
		t.Errorf("a zone that there is not: %v", err)
	}
}
