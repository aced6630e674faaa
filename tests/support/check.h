/* What every test program needs: cmocka with its headers in the order it wants, and a
 * random generator of fixed seed, so that a failure comes back on every run. */
#pragma once

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PI              3.14159265358979323846264338327950288L
#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 s128;

struct random {
    uint64_t state;
};

static inline uint64_t random_bits(struct random *r) /* xorshift64*, state not 0 */
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * 2685821657736338717u;
}

/* least…greatest, both included. */
static inline uint32_t random_range(struct random *r, uint32_t min, uint32_t max)
{
    return min + (uint32_t)((random_bits(r) >> 32) % (max - min + 1));
}

/* A number of random length, so that small ones come as often as large ones. */
static inline uint64_t random_length(struct random *r)
{
    uint64_t x = random_bits(r);
    return x >> (random_bits(r) >> 58);
}

static inline double random_unit(struct random *r)
{
    return (double)(random_bits(r) >> 11) * 0x1p-53;
}

/* |value − expected| ≤ most, or the test fails and says by how much. */
#define assert_near(value, expected, most)                                             \
    do {                                                                               \
        const long double got_ = (value), want_ = (expected), most_ = (most);          \
        if (!(fabsl(got_ - want_) <= most_))                                           \
            fail_msg("%s = %.12Lg, expected %.12Lg (off by %.3Lg, limit %.3Lg)",       \
                     #value, got_, want_, got_ - want_, most_);                        \
    } while (0)
