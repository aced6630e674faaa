/* SHA-256. See sha256.h; names and steps are those of FIPS 180-4. */
#include "page/sha256.h"
#include <stdio.h>
#include <string.h>

static const uint32_t k[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4,
    0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE,
    0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F,
    0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7,
    0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC,
    0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
    0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116,
    0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7,
    0xC67178F2,
};

static uint32_t rotate(uint32_t x, int by)
{
    return x >> by | x << (32 - by);
}

static void schedule(const uint8_t block[SHA256_BLOCK], uint32_t w[64])
{
    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
               (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        uint32_t a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

static void compress(uint32_t state[8], const uint8_t block[SHA256_BLOCK])
{
    uint32_t w[64], s[8];

    schedule(block, w);
    memcpy(s, state, sizeof s);
    for (int t = 0; t < 64; t++) {
        uint32_t a = s[0], e = s[4];
        uint32_t t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                      ((e & s[5]) ^ (~e & s[6])) + k[t] + w[t];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[0] = t1 + t2;
        s[4] += t1;
    }
    for (int n = 0; n < 8; n++)
        state[n] += s[n];
}

void sha256_start(struct sha256 *h)
{
    static const uint32_t first[8] = { 0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                       0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19 };

    memcpy(h->state, first, sizeof first);
    h->size = 0;
}

void sha256_add(struct sha256 *h, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;

    while (size) {
        size_t at = h->size % SHA256_BLOCK, room = SHA256_BLOCK - at;
        size_t n = size < room ? size : room;
        memcpy(h->block + at, from, n);
        h->size += n;
        from += n;
        size -= n;
        if (n == room)
            compress(h->state, h->block);
    }
}

void sha256_text(const struct sha256 *h, char text[SHA256_TEXT])
{
    struct sha256 end = *h;
    const uint64_t bits = h->size * 8;
    uint8_t length[8];

    for (int n = 0; n < 8; n++)
        length[n] = (uint8_t)(bits >> (56 - 8 * n));
    sha256_add(&end, "\x80", 1);
    while (end.size % SHA256_BLOCK != SHA256_BLOCK - sizeof length)
        sha256_add(&end, "", 1);
    sha256_add(&end, length, sizeof length);
    for (int n = 0; n < 8; n++)
        snprintf(text + (ptrdiff_t)8 * n, 9, "%08x", (unsigned)end.state[n]);
}
