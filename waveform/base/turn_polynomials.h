/* The sine and the cosine of an eighth of a turn either side of 0, which turn.c and the
 * kernels share: y in −π/4…π/4, zz = y². Taylor polynomials, written from the highest power
 * down; the terms that are left out are below 5e-17. `real` is double, or a vector of them,
 * all of which `each` sets: the same operations on each. */
#pragma once

#define TURN_POLYNOMIALS(real, each, polynomial_sin, polynomial_cos)                    \
    static inline real polynomial_sin(real y, real zz)                                  \
    {                                                                                   \
        real p = each(-1.0 / 1307674368000.0);                                          \
        p = p * zz + each(1.0 / 6227020800.0);                                          \
        p = p * zz - each(1.0 / 39916800.0);                                            \
        p = p * zz + each(1.0 / 362880.0);                                              \
        p = p * zz - each(1.0 / 5040.0);                                                \
        p = p * zz + each(1.0 / 120.0);                                                 \
        p = p * zz - each(1.0 / 6.0);                                                   \
        return y + y * zz * p;                                                          \
    }                                                                                   \
                                                                                        \
    /* 1 − zz/2 loses bits of zz/2; `kept` is what is left of it, `lost` the rest. */ \
    static inline real polynomial_cos(real zz)                                          \
    {                                                                                   \
        const real one = each(1.0), half = each(0.5);                                   \
        real p = each(1.0 / 20922789888000.0);                                          \
        p = p * zz - each(1.0 / 87178291200.0);                                         \
        p = p * zz + each(1.0 / 479001600.0);                                           \
        p = p * zz - each(1.0 / 3628800.0);                                             \
        p = p * zz + each(1.0 / 40320.0);                                               \
        p = p * zz - each(1.0 / 720.0);                                                 \
        p = p * zz + each(1.0 / 24.0);                                                  \
        const real kept = one - half * zz, lost = (one - kept) - half * zz;             \
        return kept + (lost + zz * zz * p);                                             \
    }

#define TURN_ONE(x) (x)
TURN_POLYNOMIALS(double, TURN_ONE, turn_polynomial_sin, turn_polynomial_cos)
