package profile

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

func mustRead(t testing.TB, text string) *Profile {
	t.Helper()
	p, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

const whole = `
description = "Uploads"
query = "src ip ?host and dst port ?port:443 and src bytes > ?min and duration > ?long and node ?node"
span = "?since .. ?until"
order = ["-src_bytes", "start"]
limit = 500
columns = ["start", "src_ip"]
frozen = 1
timeline = "off"
group = ["src_ip"]
metric = "bytes"
theme = "light"
favourite = 3
tags = ["a", "b"]

[widths]
start = 19

[parameters.host]
type = "address"
prompt = "Which host?"
colour = "red"

[parameters.min]
type = "number"
default = "1M"

[parameters.since]
default = "2026-11-20"

[parameters.until]
default = "now"

[elsewhere]
x = 1
`

func TestRoundTrip(t *testing.T) {
	p := mustRead(t, whole)
	data, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again := mustRead(t, string(data))
	if d := cmp.Diff(p, again, cmp.AllowUnexported(Profile{}, Parameter{})); d != "" {
		t.Errorf("%s\n%s", d, data)
	}
	if got := again.Unknown(); !slices.Equal(got, []string{"elsewhere", "favourite", "parameters.host.colour", "tags"}) {
		t.Errorf("unknown keys %q", got)
	}
}

// genValue draws a value that a key of somebody else's may have.
func genValue(t *rapid.T, depth int) any {
	kinds := 6
	if depth == 0 {
		kinds = 4
	}
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0:
		return rapid.Int64().Draw(t, "int")
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Float64Range(-1e9, 1e9).Draw(t, "float")
	case 5:
		return genKeys(t, depth-1)
	case 6:
		tables := []map[string]any{}
		for range rapid.IntRange(1, 3).Draw(t, "tables") {
			tables = append(tables, genKeys(t, depth-1))
		}
		return tables
	}
	return rapid.StringMatching(`[a-zäö"\\ \n\t#=\[\]]{0,12}`).Draw(t, "string")
}

func genKeys(t *rapid.T, depth int) map[string]any {
	m := make(map[string]any)
	for range rapid.IntRange(0, 3).Draw(t, "keys") {
		m["x"+rapid.StringMatching(`[a-z ."]{0,6}`).Draw(t, "key")] = genValue(t, depth)
	}
	return m
}

// TestUnknownKeysAreKept: what somebody else wrote into a profile survives a save.
func TestUnknownKeysAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Profile{Query: "ip ?a", Limit: rapid.Int64Range(-1, 9).Draw(t, "limit"), extra: genKeys(t, 2)}
		p.Parameters = map[string]Parameter{"a": {Prompt: rapid.StringMatching(`[^\r\n\x00-\x1f\x7f]*`).Draw(t, "prompt"), extra: genKeys(t, 1)}}
		data, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if d := cmp.Diff(p, again, cmp.AllowUnexported(Profile{}, Parameter{}), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s\n%s", d, data)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                     "query: it is missing",
		`query = `:                             "line 1",
		`query = 7`:                            "query",
		`query = "prot 5"`:                     "query: column 1",
		"query = \"any\"\nlimit = \"5\"":       "limit",
		"query = \"any\"\nlimit = -2":          "limit: -2",
		"query = \"any\"\nspan = \"24\"":       "span: ",
		"query = \"any\"\norder = [\"-byte\"]": `order: no column "-byte"`,
		"query = \"any\"\ncolumns = [\"start\", \"start\"]":                             `columns: "start" stands twice`,
		"query = \"any\"\ncolumns = [\"start\"]\nfrozen = 1":                            `frozen: 1: at least one`,
		"query = \"any\"\ntimeline = \"yes\"":                                           `timeline: "yes" is neither on nor off`,
		"query = \"any\"\nfrozen = -1":                                                  `frozen: -1: at least one`,
		"query = \"any\"\ncolumns = [\"sauce\"]":                                        `columns: no column "sauce"`,
		"query = \"any\"\ngroup = [\"host\"]":                                           "group: no column",
		"query = \"any\"\nmetric = \"size\"":                                            "metric: \"size\"",
		"query = \"any\"\ntheme = \"../x\"":                                             "theme: ",
		"query = \"any\"\ndescription = \"a\\nb\"":                                      "description: ",
		"query = \"any\"\n[widths]\nstart = 0":                                          "widths.start: 0",
		"query = \"any\"\n[widths]\nfoo = 3":                                            "widths: no column",
		"query = \"any\"\n[parameters.x]\ntype = \"port\"":                              "parameters.x: neither",
		"query = \"ip ?x\"\n[parameters.x]\ntype = \"host\"":                            `parameters.x.type: "host" is no type`,
		"query = \"ip ?x\"\n[parameters.x]\ntype = \"port\"":                            `parameters.x: the type port does not fit "ip"`,
		"query = \"port ?x\"\n[parameters.x]\ndefault = \"99999\"":                      "parameters.x.default: ",
		"query = \"ip ?x\"\n[parameters.x]\ntype = \"address\"\ndefault = \"10.0.0/8\"": "parameters.x.default: ",
		"query = \"ip ?x\"\nspan = \"last ?x\"":                                         "does not fit the span",
		"query = \"any\"\nspan = \"?a ..\"\n[parameters.a]\ndefault = \"soon\"":         "parameters.a.default: ",
		strings.Repeat("#", MaxFile+1):                                                  "larger than",
	} {
		_, err := Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q: %v, want %q in one line", text, err, want)
		}
	}
}

func TestAsks(t *testing.T) {
	asks, err := mustRead(t, whole).Asks()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range asks {
		got = append(got, a.Name+" "+a.Type.String()+" "+a.Prompt+" "+a.Default)
	}
	want := []string{
		"host address Which host? ", "port port port 443", "min number min 1M", "long duration long ", "node text node ",
		"since time since 2026-11-20", "until time until now",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestBind(t *testing.T) {
	p := mustRead(t, whole)
	values := map[string]string{"host": "10.0.0.7", "long": "1h30m", "node": `a "b" and tcp`, "until": "now-1h"}
	b, err := p.Bind(values, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	want := `src ip 10.0.0.7 and dst port 443 and src bytes > 1M and duration > 90m and node "a \"b\" and tcp"`
	if b.Query.String() != want {
		t.Errorf("%s\nwant %s", b.Query, want)
	}
	if !b.From.Equal(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)) || !b.To.Equal(now.Add(-time.Hour)) {
		t.Errorf("%s .. %s", b.From, b.To)
	}
}

func TestBindLists(t *testing.T) {
	p := mustRead(t, `query = "net ?n and port ?p:?q:22 and not proto ?t:udp and state ?s:SF"
span = "last ?w"
[parameters.w]
default = "2h"
[parameters.t]
type = "text"`)
	names := map[string]string{"internal": "[10.0.0.0/8]"}
	b, err := p.Bind(map[string]string{"n": "$internal, 192.0.2.1-192.0.2.9", "p": "[ssh 8000-8080]", "t": "tcp"}, names, now)
	if err != nil {
		t.Fatal(err)
	}
	if want := "ip in [10.0.0.0/8 192.0.2.1-192.0.2.9] and port in [ssh 8000-8080] and not tcp and state SF"; b.Query.String() != want {
		t.Errorf("%s\nwant %s", b.Query, want)
	}
	if !b.From.Equal(now.Add(-2*time.Hour)) || !b.To.IsZero() {
		t.Errorf("%s .. %s", b.From, b.To)
	}
}

func TestBindRefuses(t *testing.T) {
	good := map[string]string{"host": "10.0.0.7", "long": "1h", "node": "eth1"}
	for name, c := range map[string]struct{ value, want string }{
		"host":  {"10.0.0.0/8", "parameter host: it is more than one address"},
		"port":  {"99999", "parameter port: port: \"99999\""},
		"min":   {"lots", "expected a number such as 10M"},
		"long":  {"-", "expected a duration such as"},
		"node":  {"", "the value is empty"},
		"since": {"soon", `"soon" is not a time; expected a time such as`},
		"until": {"2026-11-01", "span: "},
		"other": {"1", `no parameter "other"; the profile has host, port`},
	} {
		values := maps.Clone(good)
		values[name] = c.value
		_, err := mustRead(t, whole).Bind(values, nil, now)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%q: %v, want %q", name, c.value, err, c.want)
		}
	}
	if _, err := mustRead(t, whole).Bind(nil, nil, now); err == nil || !strings.Contains(err.Error(), "the parameter host (Which host?) has no value") {
		t.Errorf("without values: %v", err)
	}
	if _, err := mustRead(t, `query = "ip $dmx"`).Bind(nil, map[string]string{"dmz": "10.0.0.1"}, now); err == nil || !strings.Contains(err.Error(), `$dmx is not defined`) {
		t.Errorf("an undefined name: %v", err)
	}
}

// TestValuesAddNoTerms: whatever a value is, the query keeps its terms.
func TestValuesAddNoTerms(t *testing.T) {
	p := mustRead(t, `query = "tcp and ip ?a and port ?b and node ?c and bytes > ?d and duration < ?e"`)
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]string{"a": "10.0.0.1", "b": "80", "c": "eth1", "d": "5", "e": "1s"}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(values))).Draw(t, "name")
		words := []string{"10.0.0.1", "80", "]", "[", " ", "or", "any", "\"", ")", "(", "and", ",", "\\", "$x", "?y", "tcp", "\n", "1s", "-", "ä"}
		values[name] = strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(t, "value"), "")
		b, err := p.Bind(values, map[string]string{"x": "10.0.0.2"}, now)
		if err != nil {
			return
		}
		kids := strings.Count(" "+withoutStrings(b.Query.String())+" ", " and ")
		if kids != 5 || strings.Contains(withoutStrings(b.Query.String()), " or ") {
			t.Fatalf("%s=%q makes %s", name, values[name], b.Query)
		}
	})
}

// withoutStrings drops what stands in double quotes.
func withoutStrings(text string) string {
	var b strings.Builder
	in := false
	for i := 0; i < len(text); i++ {
		switch {
		case in && text[i] == '\\':
			i++
		case text[i] == '"':
			in = !in
		case !in:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	for _, name := range ShippedNames() {
		data, err := shipped.ReadFile("shipped/" + name + ext)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			return
		}
		out, err := p.Marshal()
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatalf("%v\n%s\nwas written as\n%s", err, data, out)
		}
		if last, err := again.Marshal(); err != nil || string(last) != string(out) {
			t.Fatalf("%v\n%s\nis written again as\n%s", err, out, last)
		}
	})
}
