package export

import (
	"strings"
	"testing"
)

func TestWriteValues(t *testing.T) {
	columns := []string{"dst_ip", "dst_port", "node", "bps", "flows"}
	rows := [][]string{{"10.0.0.7", "443", `a "b", c`, "", "12"}, {"::1", "8", "x", "1.500", "3"}}
	for format, want := range map[Format]string{
		CSV: "dst_ip,dst_port,node,bps,flows\n10.0.0.7,443,\"a \"\"b\"\", c\",,12\n::1,8,x,1.500,3\n",
		JSONL: `{"dst_ip":"10.0.0.7","dst_port":443,"node":"a \"b\", c","bps":null,"flows":12}` + "\n" +
			`{"dst_ip":"::1","dst_port":8,"node":"x","bps":1.500,"flows":3}` + "\n",
		Table: "DST_IP    DST_PORT  NODE        BPS  FLOWS\n10.0.0.7       443  a \"b\", c            12\n::1              8  x         1.500      3\n",
	} {
		var b strings.Builder
		if err := WriteValues(&b, format, columns, rows); err != nil || b.String() != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", format, err, b.String(), want)
		}
	}
}

func TestWriteValuesOfBadPeer(t *testing.T) {
	var b strings.Builder
	if err := WriteValues(&b, Table, []string{"flows", "bytes"}, [][]string{{"1"}}); err == nil || b.Len() > 0 {
		t.Errorf("a short row was written: %q", b.String())
	}
	if err := WriteValues(&b, JSONL, []string{"flows"}, [][]string{{`1},{"a":2`}}); err != nil || b.String() != `{"flows":"1},{\"a\":2"}`+"\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
