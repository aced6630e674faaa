/* crc_ieee_more as core/crc_ieee.c has it, sixteen bytes at a time. A CRC is a remainder of
 * polynomials over one bit: the first sixteen bytes stand 128 bits before the next, so
 * their product with x^128 may be added to these. A product without carries is one
 * instruction of PCLMULQDQ, which every processor with AVX2 has. */
#include "core/x86/versions.h"
#include <immintrin.h>

enum { PIECE = sizeof(__m128i) };

#define FOLDING __attribute__((target("pclmul")))

static inline __m128i load(const uint8_t *byte)
{
    return _mm_loadu_si128((const void *)byte);
}

/* The halves of x are multiplied by x^(128 + 32) and x^(128 - 32) modulo the polynomial,
 * in the order of bits of the CRC (Gopal et al., Fast CRC Computation Using PCLMULQDQ,
 * 2009). */
FOLDING static inline __m128i fold(__m128i x, __m128i next)
{
    const __m128i by = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);

    return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00),
                                             _mm_clmulepi64_si128(x, by, 0x11)));
}

/* What is left of all pieces, with what the last of them did not fill, is a message that
 * begins with a register of zeros. */
FOLDING uint32_t crc_ieee_more(uint32_t crc, const void *data, uint32_t size)
{
    const uint8_t *byte = data;
    __m128i x;

    if (size < 2 * PIECE)
        return crc_ieee_more_plain(crc, data, size);
    x = _mm_xor_si128(load(byte), _mm_cvtsi32_si128((int)~crc));
    for (size -= PIECE, byte += PIECE; size >= PIECE; size -= PIECE, byte += PIECE)
        x = fold(x, load(byte));
    crc = crc_ieee_more_plain(UINT32_MAX, &x, PIECE);
    return crc_ieee_more_plain(crc, byte, size);
}
