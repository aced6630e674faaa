/* Angles as 64-bit fractions of a turn, and their sine and cosine.
 *
 * Integers, because a phase that is advanced for months must not drift, and because a
 * multiple of it (a harmonic) is exact with plain wrap-around. The sine is the
 * project's own: libm's last bit depends on the processor, and every sample depends on
 * this one. Only + − × and integer operations are used, so the result is the same
 * everywhere. */
#pragma once

#include <stdint.h>

/* A number of turns, (whole + frac / 2^64); negative ones as two's complement of the
 * 128-bit pair. The whole turns are only needed for multiples that are not integers. */
struct turn {
    uint64_t whole, frac;
};

/* numerator / denominator turns, correct to 2^-64 turn; 0 when that is not a number
 * below 2^53. */
struct turn turn_from_ratio(double numerator, double denominator);

/* The direction of the vector (re, im), in −1/2…1/2 turn, to about 2^-53; 0 for (0, 0).
 * Slow: for changes of the world, not for samples. */
struct turn turn_from_vector(double re, double im);

struct turn turn_add(struct turn a, struct turn b);
struct turn turn_sub(struct turn a, struct turn b);

/* t added n times, exactly. */
struct turn turn_scale(struct turn t, uint64_t n);

/* The fraction of order × t. Exact for integer orders; others are rounded to 2^-64 and
 * the product to 2^-64. */
uint64_t turn_multiply(struct turn t, double order);

/* Both within 3e-16 of the true value. */
void turn_sin_cos(uint64_t frac, double *sine, double *cosine);

/* The sine alone, the same to the bit, in half the time where the quarter seldom
 * changes. */
double turn_sin(uint64_t frac);
