#include "textflag.h"

// What middleVectors compares and multiplies with: eight bytes each, of which an instruction fills a vector.
DATA bar<>+0(SB)/8, $0x7c7c7c7c7c7c7c7c
GLOBL bar<>(SB), RODATA|NOPTR, $8
DATA zeros<>+0(SB)/8, $0x3030303030303030
GLOBL zeros<>(SB), RODATA|NOPTR, $8
DATA nines<>+0(SB)/8, $0x0909090909090909
GLOBL nines<>(SB), RODATA|NOPTR, $8

// 10 and 1 for the two digits of a pair, 100 and 1 for two pairs, 10000 for the first four digits.
DATA tens<>+0(SB)/8, $0x010a010a010a010a
GLOBL tens<>(SB), RODATA|NOPTR, $8
DATA hundreds<>+0(SB)/8, $0x0001006400010064
GLOBL hundreds<>(SB), RODATA|NOPTR, $8
DATA myriads<>+0(SB)/8, $10000
GLOBL myriads<>(SB), RODATA|NOPTR, $8

// Two ends are a field's size and 1 apart: without two and seven, nothing is left of one to eight characters.
DATA twos<>+0(SB)/8, $0x0202020202020202
GLOBL twos<>(SB), RODATA|NOPTR, $8
DATA sevens<>+0(SB)/8, $0x0707070707070707
GLOBL sevens<>(SB), RODATA|NOPTR, $8

// BARS has a bit in to for each | of the 64 characters at SI+at.
#define BARS(at, to, tmp) \
	VPCMPEQB  at(SI), Y15, Y0 \
	VPCMPEQB  at+32(SI), Y15, Y1 \
	VPMOVMSKB Y0, to \
	VPMOVMSKB Y1, tmp \
	SHLQ      $32, tmp \
	ORQ       tmp, to

// END writes the place of the next | of marks to at(ends) and takes it away.
#define END(marks, base, at, ends) \
	TZCNTQ marks, CX \
	ADDL   $base, CX \
	MOVB   CX, at(ends) \
	BLSRQ  marks, marks

#define ENDS(marks, base, ends) \
	END(marks, base, 1, ends) \
	END(marks, base, 2, ends) \
	END(marks, base, 3, ends) \
	END(marks, base, 4, ends) \
	END(marks, base, 5, ends) \
	END(marks, base, 6, ends) \
	END(marks, base, 7, ends) \
	END(marks, base, 8, ends) \
	END(marks, base, 9, ends) \
	END(marks, base, 10, ends) \
	END(marks, base, 11, ends) \
	END(marks, base, 12, ends) \
	END(marks, base, 13, ends)

// WINDOW reads the eight characters in front of field n's end, less skip, into the lower half of chars and what
// to keep of them into that of mask; WINDOW2 does so for the upper halves.
#define WINDOW(n, skip, chars, mask) \
	MOVBLZX n+1(DI), CX \
	MOVBLZX n(DI), DX \
	VMOVQ   -8-skip(SI)(CX*1), chars \
	SUBL    DX, CX \
	VMOVQ   16-skip(R10)(CX*1), mask

#define WINDOW2(n, skip, chars, mask) \
	MOVBLZX n+1(DI), CX \
	MOVBLZX n(DI), DX \
	VPINSRQ $1, -8-skip(SI)(CX*1), chars, chars \
	SUBL    DX, CX \
	VPINSRQ $1, 16-skip(R10)(CX*1), mask, mask

// GROUP makes numbers of the four windows in X0 and X1, masks in X2 and X3, writes them to the values from at
// and sets a bit of R11 when one has a character that is no digit.
#define GROUP(at, bit) \
	VINSERTI128 $1, X1, Y0, Y0 \
	VINSERTI128 $1, X3, Y2, Y2 \
	VPXOR       Y14, Y0, Y0 \
	VPAND       Y2, Y0, Y0 \
	VPSUBUSB    Y13, Y0, Y1 \
	XORL        CX, CX \
	VPTEST      Y1, Y1 \
	SETNE       CL \
	SHLL        $bit, CX \
	ORL         CX, R11 \
	VPMADDUBSW  Y12, Y0, Y0 \
	VPMADDWD    Y11, Y0, Y0 \
	VPMULUDQ    Y10, Y0, Y1 \
	VPSRLQ      $32, Y0, Y0 \
	VPADDQ      Y1, Y0, Y0 \
	VMOVDQU     Y0, 32+8*at(DI)

// func middleVectors(w *window, m *middle, masks *fieldMasks) (flaws uint32)
TEXT ·middleVectors(SB), NOSPLIT, $0-28
	MOVQ    w+0(FP), SI
	ADDQ    $16, SI
	MOVQ    m+8(FP), DI
	MOVQ    masks+16(FP), R10
	VPBROADCASTQ bar<>(SB), Y15

	// The text some rows further, which is read once and mostly far away; it may lie behind the end.
	PREFETCHT0 1536(SI)
	PREFETCHT0 1600(SI)
	PREFETCHT0 1664(SI)
	BARS(0, AX, CX)
	BARS(64, BX, CX)

	// The ends in the second 64 characters go behind those in the first, over what was written there for
	// want of a |. So no branch depends on where a field ends; rows that need a third 64 are rare.
	POPCNTQ AX, R8
	POPCNTQ BX, R9
	MOVL    $13, CX
	CMPQ    R8, CX
	CMOVQGT CX, R8
	MOVB    $0xff, (DI)
	ENDS(AX, 0, DI)
	LEAQ    (DI)(R8*1), R12
	ENDS(BX, 64, R12)
	ADDQ    R8, R9
	CMPQ    R9, $13
	JGE     found
	BARS(128, BX, CX)
	POPCNTQ BX, R8
	LEAQ    (DI)(R9*1), R12
	ENDS(BX, 128, R12)
	ADDQ    R8, R9
	CMPQ    R9, $13
	JGE     found
	MOVL    $0x80000000, flaws+24(FP)
	VZEROUPPER
	RET

found:
	VPBROADCASTQ zeros<>(SB), Y14
	VPBROADCASTQ nines<>(SB), Y13
	VPBROADCASTQ tens<>(SB), Y12
	VPBROADCASTQ hundreds<>(SB), Y11
	VPBROADCASTQ myriads<>(SB), Y10
	XORL    R11, R11

	// The duration's size is its end: no field is before it.
	MOVBLZX 1(DI), CX
	VMOVQ   -8(SI)(CX*1), X0
	VMOVQ   17(R10)(CX*1), X2
	WINDOW2(1, 0, X0, X2)
	WINDOW(3, 0, X1, X3)
	WINDOW2(5, 0, X1, X3)
	GROUP(0, 16)

	WINDOW(2, 0, X0, X2)
	WINDOW2(2, 8, X0, X2)
	WINDOW(4, 0, X1, X3)
	WINDOW2(4, 8, X1, X3)
	GROUP(4, 17)

	WINDOW(6, 0, X0, X2)
	WINDOW2(7, 0, X0, X2)
	WINDOW(8, 0, X1, X3)
	WINDOW2(9, 0, X1, X3)
	GROUP(8, 18)

	WINDOW(10, 0, X0, X2)
	WINDOW2(11, 0, X0, X2)
	WINDOW(12, 0, X1, X3)
	VPXOR   X4, X4, X4
	VPUNPCKLQDQ X4, X3, X3
	GROUP(12, 19)

	// Fields that are empty or have more than eight characters.
	VPBROADCASTQ twos<>(SB), X2
	VPBROADCASTQ sevens<>(SB), X3
	VMOVDQU   1(DI), X0
	VPSUBB    (DI), X0, X0
	VPSUBB    X2, X0, X0
	VPSUBUSB  X3, X0, X0
	VPXOR     X1, X1, X1
	VPCMPEQB  X1, X0, X0
	VPMOVMSKB X0, AX
	NOTL      AX
	ANDL      $0x1fff, AX
	ORL       R11, AX
	MOVL      AX, flaws+24(FP)
	VZEROUPPER
	RET
