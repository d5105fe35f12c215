package spoken

import (
	"strings"
	"time"
)

// names are how columns are said that are not said as they are written.
var names = map[string]string{
	"proto": "protocol", "src_ip": "source", "dst_ip": "destination", "ip_version": "IP version",
	"pcap_file": "capture file", "pcap_end_file": "last capture file",
}

// Value says the value of a column: its name first, a time without the signs of ISO 8601, a duration
// with its unit.
func Value(column, value string) string {
	name, ok := names[column]
	if !ok {
		name = strings.ReplaceAll(column, "_", " ")
		for short, long := range map[string]string{"src ": "source ", "dst ": "destination "} {
			if rest, ok := strings.CutPrefix(name, short); ok {
				name = long + rest
			}
		}
	}
	switch column {
	case "start", "end":
		if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
			value = at.UTC().Format("2006-01-02 15:04:05")
		}
	case "duration":
		value += " seconds"
	}
	if value == "" {
		value = "nothing"
	}
	return name + " " + value
}
