/* Fundamental in quadrature, reactive power, frequency. See fundamental.h. The constants
 * follow from the definitions there; tests/core/test_fundamental.c derives them anew. */
#include "core/fundamental.h"
#include "core/wide.h"
#include <string.h>

enum { TAPS = 7, COEFFICIENT_BITS = 15, Q_BITS = 18, F_BITS = 6 };

/* ½(1 + cos(2πm/14)) · cos and sin(2πm/7), in Q15. */
static const int32_t tap0[TAPS] = { 32768, 19419, -5919, -18046, -11477, -1373, 1012 };
static const int32_t tap90[TAPS] = { 0, 24351, 25932, 8691, -5527, -6014, -1269 };

const int64_t fundamental_least_power = (int64_t)1 << 33;

static void sum_groups(int32_t *sum, const int32_t *x)
{
    for (int j = 0; j < GROUPS; j++) {
        const int32_t *s = &x[j * GROUP];
        sum[j] = s[0] + s[1] + s[2] + s[3] + s[4] + s[5];
    }
}

static void filter(const int32_t *x, int32_t *u0, int32_t *u90)
{
    const int64_t half = 1 << (COEFFICIENT_BITS - 1);
    int64_t even = (int64_t)tap0[0] * x[0], odd = 0;

    for (int m = 1; m < TAPS; m++) {
        even += (int64_t)tap0[m] * (x[-m] + x[m]);
        odd += (int64_t)tap90[m] * (x[-m] - x[m]);
    }
    *u0 = (int32_t)((even + half) >> COEFFICIENT_BITS);
    *u90 = (int32_t)((odd + half) >> COEFFICIENT_BITS);
}

static void add_frequency(struct fundamental *f, int k)
{
    const int32_t *u = f->u0[k];
    int64_t num = 0, den = 0;

    for (int j = 1; j <= GROUPS; j++) {
        int64_t here = u[j] >> F_BITS, beside = (u[j - 1] + (int64_t)u[j + 1]) >> F_BITS;
        num += here * beside;
        den += here * here;
    }
    f->num[k] += num;
    f->den[k] += den;
}

void fundamental_block(struct fundamental *f, const struct block *block)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        int32_t *sum = f->sum[ch];
        memmove(sum, sum + GROUPS, (FUNDAMENTAL_AHEAD + GROUPS) * sizeof *sum);
        sum_groups(sum + FUNDAMENTAL_AHEAD + GROUPS, block->x[ch]);
        f->u0[ch][0] = f->u0[ch][GROUPS];
        f->u0[ch][1] = f->u0[ch][GROUPS + 1];
        f->u90[ch][1] = f->u90[ch][GROUPS + 1];
        for (int j = 1; j <= GROUPS; j++)
            filter(sum + FUNDAMENTAL_AHEAD + j, &f->u0[ch][j + 1], &f->u90[ch][j + 1]);
    }
    for (int k = 0; k < 3; k++)
        add_frequency(f, k);
}

int64_t fundamental_q(const struct fundamental *f, int k, int j)
{
    int64_t q = (int64_t)f->u90[k][1 + j] * f->u0[3 + k][1 + j] -
                (int64_t)f->u0[k][1 + j] * f->u90[3 + k][1 + j];
    return (q + (1 << (Q_BITS - 1))) >> Q_BITS;
}

int64_t fundamental_power(const struct fundamental *f, int k)
{
    int64_t power = 0;

    for (int j = 1; j <= GROUPS; j++) {
        int64_t a = f->u0[k][j] >> F_BITS, b = f->u90[k][j] >> F_BITS;
        power += a * a + b * b;
    }
    return power;
}

static int64_t polynomial(const int64_t *coefficient, int degree, int64_t t_q24)
{
    int64_t y = coefficient[degree];

    while (degree--)
        y = ((y * t_q24) >> 24) + coefficient[degree];
    return y;
}

/* f = 420/2π · acos(c), µHz · 2^8, in t = (c − 0.665) ÷ 0.175; |error| < 1 µHz. */
static int64_t frequency_of_cosine(int64_t c_q30)
{
    static const int64_t acos_uhz[] = {
        14430878859, -4009755563, -418303717, -123971702, -39952304, -14713628,
        -5925679,    -2474618,    -757773,    -291880,    -390717,   -190279,
    };
    int64_t t_q30 = c_q30 - 714038313; /* 0.665 · 2^30 */
    int64_t t_q24 = t_q30 * 1000 / (175 * 64);

    return (polynomial(acos_uhz, 11, t_q24) + 128) >> 8;
}

int64_t fundamental_frequency_uhz(struct fundamental *f, int k)
{
    int64_t num = f->num[k], den = f->den[k];
    const int64_t least = fundamental_least_power * 30; /* half of it is in u0 */

    if (den < least || num <= 0)
        return 0;
    int64_t c_q30 = (int64_t)wide_muldiv((uint64_t)num, 1u << 29, (uint64_t)den);
    if (c_q30 < 536870912 || c_q30 > 887205560) /* cos of 70 Hz, of 40 Hz */
        return 0;
    return frequency_of_cosine(c_q30);
}

void fundamental_clear_frequency(struct fundamental *f)
{
    memset(f->num, 0, sizeof f->num);
    memset(f->den, 0, sizeof f->den);
}

/* In t = (f − 55 Hz) ÷ 16 Hz, × 2^6; relative error < 4·10^-6. */
uint64_t fundamental_inverse_gain(int64_t uhz)
{
    static const int64_t inverse[] = {
        21846985692, -4321640914, 8634559225, -1844796799, 1899525819,
        -406599692,  293479820,   -103521498, 57366161,
    };
    int64_t t_q24 = (uhz - 55000000) * (1 << 20) / 1000000;

    return (uint64_t)((polynomial(inverse, 8, t_q24) + 32) >> 6);
}
