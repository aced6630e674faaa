/* Pseudo-random numbers from a seed: splitmix64 (Steele, Lea, Flood 2014). The state is
 * one number, and any is valid. Integers, and + − × on doubles that are exact: the same
 * on every machine. */
#pragma once

#include <stdint.h>

/* A counter: the n-th number from a state on is random_mix(state + n · RANDOM_STEP). */
#define RANDOM_STEP 0x9E3779B97F4A7C15u

/* The shifts of random_mix apart, for a loop that has them in registers. */
struct random_shifts {
    unsigned first, second, third;
};

static const struct random_shifts random_shifts = { 30, 27, 31 };

static inline uint64_t random_mix_by(uint64_t z, struct random_shifts by)
{
    z = (z ^ z >> by.first) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> by.second) * 0x94D049BB133111EBu;
    return z ^ z >> by.third;
}

static inline uint64_t random_mix(uint64_t z)
{
    return random_mix_by(z, random_shifts);
}

static inline uint64_t random_next(uint64_t *state)
{
    return random_mix(*state += RANDOM_STEP);
}

/* Uniform, from 0 to just below 1. */
static inline double random_share(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* The sum of four uniform 16-bit numbers less its mean: bell-shaped, of variance
 * 4 · (65536² − 1) / 12. */
#define RANDOM_BELL_DEVIATION 37837.22

static inline int32_t random_bell_of(uint64_t r)
{
    return (int32_t)((r & 0xFFFF) + (r >> 16 & 0xFFFF) + (r >> 32 & 0xFFFF) +
                     (r >> 48)) -
           2 * 65535;
}

static inline int32_t random_bell(uint64_t *state)
{
    return random_bell_of(random_next(state));
}
