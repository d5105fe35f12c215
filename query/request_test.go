package query

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestDecodeRequest(t *testing.T) {
	// The example of protocol.md section 5.
	got, err := DecodeRequest([]byte(`{"id":12,"query":"dst port 443 and src bytes > 1M","from":"2026-11-01T00:00:00Z","to":null,
     "kind":"flows","order":["-src_bytes"],"limit":100000,"follow":false,"unknown":[1]}` + "\r\n"))
	want := Request{
		ID: 12, Query: "dst port 443 and src bytes > 1M", From: "2026-11-01T00:00:00Z",
		Kind: KindFlows, Order: []string{"-src_bytes"}, Limit: 100000,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = DecodeRequest([]byte(" dst port 443\r\n\x00"))
	if err != nil || !reflect.DeepEqual(got, Request{Query: "dst port 443"}) {
		t.Errorf("bare line: %+v, %v", got, err)
	}
	got, err = DecodeRequest(nil)
	if err != nil || got.Query != "" {
		t.Errorf("empty: %+v, %v", got, err)
	}
	got, err = DecodeRequest([]byte(`{"cancel":12}`))
	if err != nil || got.Cancel == nil || *got.Cancel != 12 {
		t.Errorf("cancel: %+v, %v", got, err)
	}
	got, err = DecodeRequest([]byte(`{"id":1,"kind":"top","by":["dst_port"],"metric":"bytes"}`))
	if err != nil || got.Kind != KindTop {
		t.Errorf("top: %+v, %v", got, err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		data    string
		code    int
		message string
		id      int64
		hasID   bool
	}{
		{`{"id":3,"kind":"all"}`, CodeInvalidParams, `unknown kind "all"`, 3, true},
		{`{"id":3,"limit":-1}`, CodeInvalidParams, "limit -1 is negative", 3, true},
		{`{"id":3,"limit":"10"}`, CodeInvalidParams, `the member "limit" cannot be a string`, 3, true},
		{`{"id":3,"limit":1.5}`, CodeInvalidParams, `the member "limit" cannot be a number 1.5`, 3, true},
		{`{"id":3,"order":["-src_byte"]}`, CodeInvalidParams, `order: no column "-src_byte", did you mean "src_bytes"?`, 3, true},
		{`{"id":3,"kind":"top"}`, CodeInvalidParams, "by is empty", 3, true},
		{`{"id":3,"order":["-direction"]}`, CodeInvalidParams, `order: column direction is of the screen only, which knows names and networks; leave it out`, 3, true},
		{`{"id":3,"kind":"top","by":["x"]}`, CodeInvalidParams, `by: no column "x"`, 3, true},
		{`{"id":3,"kind":"top","by":["id"],"metric":"flow"}`, CodeInvalidParams, "unknown metric", 3, true},
		{`{"id":3,"kind":"timeline","buckets":10001}`, CodeInvalidParams, "buckets 10001 is out of range", 3, true},
		{`{"id":3,"kind":"timeline","buckets":-1}`, CodeInvalidParams, "buckets -1 is out of range", 3, true},
		{`{"id":3,"kind":"count","follow":true}`, CodeInvalidParams, "follow is for", 3, true},
		{`{"id":3,"from":"yesterday"}`, CodeInvalidParams, `from "yesterday" is not an RFC 3339 time`, 3, true},
		{`{"id":3,"from":"2026-11-02T00:00:00Z","to":"2026-11-01T00:00:00Z"}`, CodeInvalidParams, "is before from", 3, true},
		{`{"id":3,"order":[` + strings.Repeat(`"id",`, 16) + `"id"]}`, CodeInvalidParams, "at most 16", 3, true},
		{`{"id":"3"}`, CodeInvalidParams, `the member "id" cannot be a string`, 0, false},
		{`{"id":3`, CodeParse, "no JSON object", 0, false},
		{`{"id":3}{}`, CodeParse, "more text follows", 3, true},
		{`{"query":7}`, CodeInvalidParams, `the member "query"`, 0, false},
		{"tcp\nudp", CodeBadRequest, "one line", 0, true},
		{"tcp \xff", CodeBadRequest, "not UTF-8", 0, true},
		{strings.Repeat("tcp ", MaxText), CodeBadRequest, "too long", 0, true},
	} {
		_, err := DecodeRequest([]byte(tt.data))
		var e *RequestError
		if !errors.As(err, &e) || e.Code != tt.code || !strings.Contains(e.Message, tt.message) {
			t.Errorf("%.80s: %v", tt.data, err)
		}
		if id, ok := RequestID([]byte(tt.data)); id != tt.id || ok != tt.hasID {
			t.Errorf("%.80s: id %d, %v", tt.data, id, ok)
		}
	}
}

func TestRequestErrorOfAQuery(t *testing.T) {
	_, err := Parse("tcp and prot 443")
	e := AsRequestError(err)
	if e.Code != CodeBadRequest || e.Offset != 8 || !strings.Contains(e.Message, "proto") {
		t.Errorf("%+v", e)
	}
	if e := AsRequestError(errors.New("disk full")); e.Code != CodeInternal || e.Offset != -1 {
		t.Errorf("%+v", e)
	}
}

func TestPart(t *testing.T) {
	h := PartHeader{ID: 12, Part: 3, Columns: []string{"id"}, Matched: 1<<64 - 1, Rows: 2, Done: true, ElapsedMS: 1.5, Error: &RequestError{-1, "a\nb", 7}}
	line, err := h.MarshalLine()
	if err != nil || strings.Count(string(line), "\n") != 1 {
		t.Fatalf("%q, %v", line, err)
	}
	got, rows, ok, err := ParsePart(append(line, "1|2\n3|4\n"...))
	if err != nil || !ok || string(rows) != "1|2\n3|4\n" || !reflect.DeepEqual(got, h) {
		t.Errorf("%+v %q %v %v", got, rows, ok, err)
	}
	for _, tt := range []struct {
		data, rows string
		ok, bad    bool
	}{
		{"", "", false, false},
		{"1|2\n", "1|2\n", false, false},
		{`{"id":1}`, "", true, false},
		{"{\"id\":1}\r\nx\n", "x\n", true, false},
		{"{\"id\":1\nx\n", "", true, true},
		{`{"id":1,"rows":-1}` + "\n", "", true, true},
	} {
		_, rows, ok, err := ParsePart([]byte(tt.data))
		if string(rows) != tt.rows || ok != tt.ok || (err != nil) != tt.bad {
			t.Errorf("%q: %q %v %v", tt.data, rows, ok, err)
		}
	}
}

func TestParseSpan(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Skip("no time zone database: ", err)
	}
	now := time.Date(2026, 11, 22, 0, 30, 0, 0, rome)
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct{ text, from, to string }{
		{"", "", ""},
		{"all", "", ""},
		{"24h", "2026-11-20T23:30:00Z", ""},
		{"last 90m", "2026-11-21T22:00:00Z", ""},
		{"Last 90", "2026-11-21T23:28:30Z", ""},
		{"1w", "2026-11-14T23:30:00Z", ""},
		{"1000w", "2007-09-22T23:30:00Z", ""},
		{"today", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"},
		{"yesterday", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z"},
		{"2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}, // 23 hours: summer time begins
		{"2026-11-21 13:00", "2026-11-21T12:00:00Z", ""},
		{"2026-11-21T13:00:00Z", "2026-11-21T13:00:00Z", ""},
		{"1764000000", "2025-11-24T16:00:00Z", ""},
		{"now-2h .. now-1h", "2026-11-21T21:30:00Z", "2026-11-21T22:30:00Z"},
		{"2026-11-20..2026-11-21", "2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z"},
		{"2026-11-20 ..", "2026-11-19T23:00:00Z", ""},
		{".. now", "", "2026-11-21T23:30:00Z"},
	} {
		from, to, err := ParseSpan(tt.text, now, rome)
		if err != nil || !from.Equal(at(tt.from)) || !to.Equal(at(tt.to)) {
			t.Errorf("%q: %v .. %v, %v", tt.text, from, to, err)
		}
	}
	for _, text := range []string{"24", "last", "last x", "0h", "last -5m", "5x", "soon", "now .. now-1h", "2026-13-01", "2026-11-21 .. soon", "1.5.5h", "h"} {
		if from, to, err := ParseSpan(text, now, rome); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v .. %v, %v", text, from, to, err)
		}
	}
}
