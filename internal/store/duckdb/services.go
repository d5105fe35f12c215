package duckdb

import (
	"fmt"
	"strings"
	"sync"

	"cxlens/internal/flow"
)

// serviceJoin returns from with the column service_name, which is flow.Service. The
// names are part of the statement: a table of them could be older than the program.
func serviceJoin(from string) string {
	return "(SELECT f.*, coalesce(sd.name, ss.name, '') AS service_name FROM " + from + " f" +
		" LEFT JOIN " + serviceValues() + " sd ON sd.proto = f.proto AND sd.port = f.dst_port" +
		" LEFT JOIN " + serviceValues() + " ss ON ss.proto = f.proto AND ss.port = f.src_port)"
}

var serviceValues = sync.OnceValue(func() string {
	var b strings.Builder
	b.WriteString("(SELECT col0::UTINYINT AS proto, col1::USMALLINT AS port, col2 AS name FROM (VALUES ")
	first := true
	for _, name := range flow.ServiceNames() {
		for proto, ports := range flow.ServicePorts(name) {
			for _, port := range ports {
				if !first {
					b.WriteString(", ")
				}
				first = false
				fmt.Fprintf(&b, "(%d, %d, '%s')", proto, port, strings.ReplaceAll(name, "'", "''"))
			}
		}
	}
	b.WriteString("))")
	return b.String()
})
