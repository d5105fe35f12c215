package flow

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestChunkKeepsValues packs columns of all widths, with few and with many values that stick out.
func TestChunkKeepsValues(t *testing.T) {
	noise := make([]uint64, 1<<18)
	source := rand.NewPCG(1, 1)
	for i := range noise {
		noise[i] = source.Uint64()
	}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		part := func() []uint64 { return noise[rng.IntN(len(noise)-chunkRows+1):][:chunkRows] }
		full := newTail(chunkRows)
		for s := range numStored {
			values, chances := part(), part()
			usual := rapid.SampledFrom([]uint64{1, 2, 255, 256, 257, 65535, 65536, 65537, 1 << 24, 1 << 40, 1<<64 - 1}).Draw(t, "usual")
			large := rapid.SampledFrom([]uint64{255, 256, 257, 65535, 65536, 1 << 30, 1<<64 - 1}).Draw(t, "large")
			every := rapid.SampledFrom([]uint64{1, 10, 17, 1000, 1 << 30}).Draw(t, "every")
			base := rapid.SampledFrom([]uint64{0, 7, 1 << 63, 1<<64 - 3}).Draw(t, "base")
			col := full.cols[s]
			for i := range col {
				v := values[i] % usual
				if chance := chances[i]; chance%every == 0 {
					v = large - chance>>63
				}
				col[i] = base + v
			}
		}
		checkChunk(t, seal(full, nil), full, rng)
	})
}

func checkChunk(t *rapid.T, c *chunk, want *tail, rng *rand.Rand) {
	dst := make([]uint64, chunkRows)
	for s := range numStored {
		from := rng.IntN(chunkRows)
		part := dst[:rng.IntN(chunkRows-from+1)]
		unpack(part, c, s, from)
		for i, v := range part {
			if v != want.cols[s][from+i] {
				t.Fatalf("column %d, row %d: %d, want %d", s, from+i, v, want.cols[s][from+i])
			}
		}
		for range 50 {
			if i := rng.IntN(chunkRows); c.at(s, i) != want.cols[s][i] {
				t.Fatalf("column %d, row %d alone: %d, want %d", s, i, c.at(s, i), want.cols[s][i])
			}
		}
	}
}

// TestChunkKeepsRareBeside: one heavy flow does not make a column wide, and a full byte is no reason to keep anything.
func TestChunkKeepsRareBeside(t *testing.T) {
	full := newTail(chunkRows)
	for i := range chunkRows {
		full.cols[stSrcBytes][i], full.cols[stProto][i] = uint64(i%200), uint64(i%256)
	}
	full.cols[stSrcBytes][77] = 1 << 40
	c := seal(full, nil)
	if w := c.cols[stSrcBytes].width; w != 1 || len(c.rare.rows) != 1 || c.at(stSrcBytes, 77) != 1<<40 {
		t.Errorf("width %d, %d rare values", w, len(c.rare.rows))
	}
}

// TestWidthIsLeast holds the width of a column against all widths tried, whatever the chunk before took.
func TestWidthIsLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		usual := rapid.SampledFrom([]int{1, 8, 9, 16, 24, 40, 63, 64}).Draw(t, "usual bits")
		heavy := rapid.SampledFrom([]int{1, 9, 17, 33, 64}).Draw(t, "heavy bits")
		many := rapid.SampledFrom([]int{0, 1, rareMax - 1, rareMax, rareMax + 1, chunkRows / 2}).Draw(t, "heavy values")
		values := make([]uint64, chunkRows)
		for i := range values {
			values[i] = rng.Uint64() >> (64 - usual)
			if i < many {
				values[i] = ^uint64(0) >> (64 - heavy)
			}
		}
		rng.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		base, span := frame(values, rapid.Bool().Draw(t, "signed"))
		wantWidth, wantRare := widthPlainly(values, base, span)
		best, rare := width(values, base, span, rapid.IntRange(0, 8).Draw(t, "likely"))
		if best != wantWidth || rare != wantRare {
			t.Fatalf("width %d with %d rare values, want %d with %d", best, rare, wantWidth, wantRare)
		}
	})
}

// widthPlainly tries all widths from the full one, which has no rare values, down.
func widthPlainly(values []uint64, base, span uint64) (best, rare int) {
	for best < 8 && span>>(8*best) > 0 {
		best++
	}
	least := best*chunkRows + 1
	for w := best; w > 0; w-- {
		n := 0
		for _, v := range values {
			if limit := uint64(1)<<(8*w) - 1; v-base >= limit && span > limit {
				n++
			}
		}
		if n > rareMax {
			break
		}
		if size := w*chunkRows + n*rareBytes; size < least {
			best, rare, least = w, n, size
		}
	}
	return best, rare
}
