package difference

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Setting is what a person asks for: with what the flows here are compared, and how.
type Setting struct {
	Ago    time.Duration // the same query so much earlier; 0 with a tab
	Tab    int           // the tab of this number, from 1; 0 with a time
	By     []flow.Column
	Metric string // of package query: what the server orders keys by
}

// Default is yesterday by hosts and destination port.
func Default() Setting {
	return Setting{Ago: 24 * time.Hour, By: []flow.Column{flow.ColSrcIP, flow.ColDstIP, flow.ColDstPort}, Metric: query.MetricBytes}
}

// Parse reads a setting: "1d", "tab 2", and after it "by src_ip,dst_port" and a metric, which are the defaults' otherwise.
func Parse(text string) (Setting, error) {
	s := Default()
	words := strings.Fields(strings.ReplaceAll(text, ",", " , "))
	if len(words) == 0 {
		return s, errors.New("with what? such as 1d (a day earlier), 1w, or tab 2")
	}
	words, err := s.against(words)
	if err != nil {
		return s, err
	}
	if len(words) > 0 && isMetric(words[len(words)-1]) && !commaBefore(words) {
		s.Metric = strings.ToLower(words[len(words)-1])
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return s, nil
	}
	if !strings.EqualFold(words[0], "by") {
		return s, fmt.Errorf("%.40q is not understood: expected by and columns, or bytes, flows or packets", words[0])
	}
	var names []string
	for _, w := range words[1:] {
		if w != "," {
			names = append(names, w)
		}
	}
	if len(names) == 0 || len(names) > query.MaxKeys {
		return s, fmt.Errorf("by: expected 1 to %d columns such as src_ip,dst_ip,dst_port", query.MaxKeys)
	}
	if s.By, err = query.ParseColumns(names); err != nil {
		return s, fmt.Errorf("by: %w", err)
	}
	for i, c := range s.By {
		if slices.Contains(s.By[:i], c) {
			return s, fmt.Errorf("by: column %s stands twice", c)
		}
	}
	return s, nil
}

// commaBefore tells whether the last word is one of a list.
func commaBefore(words []string) bool { return len(words) > 1 && words[len(words)-2] == "," }

func isMetric(word string) bool {
	return slices.Contains([]string{query.MetricBytes, query.MetricFlows, query.MetricPackets}, strings.ToLower(word))
}

// against reads what is compared with and returns the words after it.
func (s *Setting) against(words []string) ([]string, error) {
	if strings.EqualFold(words[0], "tab") {
		if len(words) < 2 {
			return nil, errors.New("tab: expected its number, such as tab 2")
		}
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 1 {
			return nil, fmt.Errorf("tab: %.40q is not the number of a tab", words[1])
		}
		s.Ago, s.Tab = 0, n
		return words[2:], nil
	}
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // any: only the length counts
	from, _, err := query.ParseSpan("last "+words[0], now, time.UTC)
	if err != nil {
		return nil, fmt.Errorf("%.40q is not a time earlier: expected 1h, 1d, 1w or tab 2", words[0])
	}
	s.Ago = now.Sub(from)
	if s.Ago < time.Second || s.Ago%time.Second != 0 {
		return nil, errors.New("a time earlier is in whole seconds")
	}
	return words[1:], nil
}

// String returns the setting as Parse reads it.
func (s Setting) String() string {
	names := make([]string, len(s.By))
	for i, c := range s.By {
		names[i] = c.String()
	}
	return s.Against() + " by " + strings.Join(names, ",") + " " + s.Metric
}

// Against is what is compared with: 1d, 36h, tab 2.
func (s Setting) Against() string {
	if s.Tab > 0 {
		return "tab " + strconv.Itoa(s.Tab)
	}
	for _, u := range []struct {
		d    time.Duration
		name string
	}{{7 * 24 * time.Hour, "w"}, {24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if s.Ago%u.d == 0 {
			return strconv.FormatInt(int64(s.Ago/u.d), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s.Ago/time.Second), 10) + "s"
}
