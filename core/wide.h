/* 128-bit arithmetic and fixed-point scale factors, in portable C.
 *
 * The target's compiler has no __int128, and host and target must give the same bits,
 * so both use these. Everything rounds half away from zero unless it says otherwise. */
#pragma once

#include <stdint.h>

struct wide {
    uint64_t hi, lo;
};

struct wide wide_mul(uint64_t a, uint64_t b);
struct wide wide_add(struct wide a, struct wide b);
struct wide wide_sub(struct wide a, struct wide b); /* a >= b */
struct wide wide_shift_right(struct wide a, unsigned bits);
int wide_compare(struct wide a, struct wide b); /* -1, 0, 1 */

/* Quotient, rounded down; UINT64_MAX when it does not fit or b is 0. */
uint64_t wide_div(struct wide a, uint64_t b);

/* Square roots, rounded down. */
uint32_t wide_sqrt64(uint64_t a);
uint64_t wide_sqrt(struct wide a);

/* a · b ÷ c, rounded; saturates at the type's limits; c > 0. */
uint64_t wide_muldiv(uint64_t a, uint64_t b, uint64_t c);
int64_t wide_muldiv_signed(int64_t a, uint64_t b, uint64_t c);

/* The same with c = 2^bits, bits 1…63: without a division. */
int64_t wide_mulshift_signed(int64_t a, uint64_t b, unsigned bits);

/* A positive factor mant ÷ 2^shift with mant in [2^31, 2^32): relative error < 2^-32.
 * Values from 2^-95 to 2^32 fit. */
struct scale {
    uint32_t mant;
    int32_t shift;
};

struct scale scale_ratio(uint64_t num, uint64_t den); /* both > 0 */
struct scale scale_multiply(struct scale a, struct scale b);
uint64_t scale_apply(struct scale s, uint64_t x);
int64_t scale_apply_signed(struct scale s, int64_t x);

/* √(x ÷ 2^(2·halves)) × s, rounded: an rms from a mean square. */
uint64_t scale_apply_root(struct scale s, uint64_t x, int halves);

/* √(a² + b² + c²), rounded down. */
uint64_t wide_square_root_of_sum(uint64_t a, uint64_t b, uint64_t c);

static inline uint64_t magnitude(int64_t x)
{
    return x < 0 ? 0u - (uint64_t)x : (uint64_t)x;
}
