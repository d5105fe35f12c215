package transcript

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

func script(t *testing.T, text string) *Script {
	t.Helper()
	s, err := Parse("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// converse plays both sides of two scripts against each other.
func converse(t *testing.T, c, s string, chunk int) (clientErr, serverErr error) {
	t.Helper()
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	done := make(chan error, 1)
	server := script(t, s)
	go func() {
		err := server.Play(ctx, b, Player{Side: "S"})
		b.Close()
		done <- err
	}()
	clientErr = script(t, c).Play(ctx, a, Player{Side: "C", Chunk: chunk})
	a.Close()
	return clientErr, <-done
}

func TestPlayBothSides(t *testing.T) {
	const text = `# a comment

C: POST DATA
S: 200 OK ACCEPTED
C: a\x62c|\\\0
C: .\r
S: no line end\c
S: 204 DATA RECIEVE ERROR
C: {{close}}
S: {{close}}
`
	for _, chunk := range []int{0, 1, 3} {
		if c, s := converse(t, text, text, chunk); c != nil || s != nil {
			t.Errorf("chunks of %d: %v, %v", chunk, c, s)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	const (
		client = "C: PING now\nS: PONG {{d=any}} {{n=number}}\nC: {{=d}} {{=n}}\n" +
			`S= {"id":"{{id=number}}","name":"{{string}}","list":[1,"{{any}}"],"...":true}` + "\n" +
			`C= {"id":"{{=id}}"}` + "\nS: {{=d}}\n"
		server = "C: PING now\nS: PONG a b -1.5e3\nC: a b -1.5e3\n" +
			`S: { "list" : [1,{"x":null}], "name":"n \\" m","more":1, "id":7}` + "\n" +
			`C= {"id":7}` + "\nS: a b\n"
	)
	if c, s := converse(t, client, server, 0); c != nil || s != nil {
		t.Errorf("%v, %v", c, s)
	}
}

func TestDifferences(t *testing.T) {
	for _, tt := range []struct{ want, says, err string }{
		{"S: 200 OK ACCEPTED", "S: 200 OK", `test:1: want "200 OK ACCEPTED", got "200 OK"`},
		{"S: 200 OK", `S: 200 OK\r`, `got "200 OK\r"`},
		{"S: {{number}}", "S: 1x", `got "1x"`},
		{"S: {{string}}", `S: a"b`, "want"},
		{"S: {{close}}", "S: x", `want the connection closed, got "x"`},
		{"S: x", "S: {{close}}", "EOF"},
		{`S: ab\c`, "S: ac", `got "ac"`},
		{"S: {{=nothing}}", "S: x", "nothing was remembered as nothing"},
		{"C: {{any}}", "C: x", "this side says"},
		{`S= {"a":1}`, `S: {"a":2}`, "at /a/: want 1, got 2"},
		{`S= {"a":1}`, `S: {"a":1.0}`, "at /a/"},
		{`S= {"a":1}`, `S: {"a":1,"b":2}`, "member b is not expected"},
		{`S= {"a":1}`, `S: {}`, "member a is missing"},
		{`S= {"a":1}`, `S: [1]`, "not an object"},
		{`S= [1,2]`, `S: [1]`, "not an array of 2"},
		{`S= {"a":"{{number}}"}`, `S: {"a":"1"}`, "want a number"},
		{`S= {"a":"{{string}}"}`, `S: {"a":1}`, "want a string"},
		{`S= {"a":1}`, `S: {"a":1} x`, "want JSON"},
	} {
		c, _ := converse(t, tt.want+"\n", tt.says+"\n", 0)
		if c == nil || !strings.Contains(c.Error(), tt.err) {
			t.Errorf("%s against %s: %v; want %q", tt.want, tt.says, c, tt.err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"POST":            "want a side",
		"C: a\nx: b":      "test:2: want a side",
		`C: a\`:           "lone backslash",
		`C: a\q`:          `no escape \q`,
		`C: a\x1`:         "two digits",
		`C: a\xzz`:        "two digits",
		"C" + "\x00" + "": "want a side",
	} {
		if _, err := Parse("test", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}

func TestHooks(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	ran := 0
	hooks := map[string]func() error{"count": func() error { ran++; return nil }, "fail": func() error { return net.ErrClosed }}
	for text, want := range map[string]string{"! count\n! count\n": "", "! fail\n": `hook "fail": use`, "! none\n": `no hook "none"`} {
		err := script(t, text).Play(context.Background(), a, Player{Side: "C", Hooks: hooks})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
	if ran != 2 {
		t.Errorf("the hook ran %d times", ran)
	}
}

// TestDeadline: a peer that says nothing ends the play with the context.
func TestDeadline(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := script(t, "S: x\n").Play(ctx, a, Player{Side: "C"})
	if err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("got %v", err)
	}
}
