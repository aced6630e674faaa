/* Fundamental in quadrature, reactive power, frequency. See fundamental.h. The
 * constants follow from the definitions there; tests/core/test_fundamental.c derives
 * them anew. */
#include "core/fundamental.h"
#include "core/hot.h"
#include "core/wide.h"
#include <string.h>

enum { TAPS = 7, OUTPUT_BITS = 19, Q_BITS = 18, F_BITS = 6 };

/* ½(1 + cos(2πm/14)) · cos and sin(2πm/7), in Q15. */
static const int32_t tap0[TAPS] = { 32768, 19419, -5919, -18046, -11477, -1373, 1012 };
static const int32_t tap90[TAPS] = { 0, 24351, 25932, 8691, -5527, -6014, -1269 };

const int64_t fundamental_min_power = (int64_t)1 << 31;

enum { STRETCH = BLOCK + 2 * FUNDAMENTAL_REACH, SIX = GROUP - 1 };

/* Moving sums of six: y[n] = x[n] + … + x[n+5]. */
static inline void sum_six(int32_t *restrict y, const int32_t *restrict x, int count)
{
    for (int n = 0; n < count; n++)
        y[n] = (x[n] + x[n + 1] + x[n + 2]) + (x[n + 3] + x[n + 4] + x[n + 5]);
}

/* Three moving sums of six, of which every sixth is kept: group j is centred on sample
 * 2.5 + 6j of the middle block. Codes are divided by four first: 25 bits · 216, and
 * the sum of two such, must fit. */
static inline void sum_groups(int32_t *sum, const int32_t *before, const int32_t *x,
                              const int32_t *after)
{
    int32_t quarter[STRETCH], once[STRETCH - SIX], twice[STRETCH - 2 * SIX];

    for (int n = 0; n < FUNDAMENTAL_REACH; n++) {
        quarter[n] = before[BLOCK - FUNDAMENTAL_REACH + n] >> 2;
        quarter[FUNDAMENTAL_REACH + BLOCK + n] = after[n] >> 2;
    }
    for (int n = 0; n < BLOCK; n++)
        quarter[FUNDAMENTAL_REACH + n] = x[n] >> 2;
    sum_six(once, quarter, STRETCH - SIX);
    sum_six(twice, once, STRETCH - 2 * SIX);
    for (int j = 0; j < GROUPS; j++)
        sum_six(&sum[j], &twice[j * GROUP], 1);
}

/* Outputs at groups 1…7 from the sums about them. All outputs advance together, tap by
 * tap, so that a compiler can put them side by side; the eighth only fills the
 * vector. */
static inline void filter(const int32_t *restrict x, int32_t *restrict u0,
                          int32_t *restrict u90)
{
    const int64_t half = 1 << (OUTPUT_BITS - 1);
    int64_t even[GROUPS + 1], odd[GROUPS + 1];

    for (int j = 0; j <= GROUPS; j++) {
        even[j] = half + (int64_t)tap0[0] * x[j];
        odd[j] = half;
    }
    for (int m = 1; m < TAPS; m++)
        for (int j = 0; j <= GROUPS; j++) {
            even[j] += (int64_t)tap0[m] * (x[j - m] + x[j + m]);
            odd[j] += (int64_t)tap90[m] * (x[j - m] - x[j + m]);
        }
    for (int j = 0; j < GROUPS; j++) {
        u0[j] = (int32_t)(even[j] >> OUTPUT_BITS);
        u90[j] = (int32_t)(odd[j] >> OUTPUT_BITS);
    }
}

static inline void add_frequency(struct fundamental *f, int k)
{
    const int32_t *u = f->u0[k];
    int64_t num = 0, den = 0;

    for (int j = 1; j <= GROUPS; j++) {
        int64_t here = u[j] >> F_BITS,
                beside = (u[j - 1] + (int64_t)u[j + 1]) >> F_BITS;
        num += here * beside;
        den += here * here;
    }
    f->num[k] += num;
    f->den[k] += den;
}

static inline void multiply(struct fundamental *f, int k)
{
    const int32_t *v0 = f->u0[k], *v90 = f->u90[k], *i0 = f->u0[3 + k],
                  *i90 = f->u90[3 + k];

    for (int j = 0; j < GROUPS; j++) {
        int64_t q = (int64_t)v90[1 + j] * i0[1 + j] - (int64_t)v0[1 + j] * i90[1 + j];
        f->q[k][j] = (q + (1 << (Q_BITS - 1))) >> Q_BITS;
    }
}

HOT void fundamental_block(struct fundamental *f,
                           struct block *const seen[ACQUIRE_SEEN])
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        int32_t *sum = f->sum[ch];
        memmove(sum, sum + GROUPS, (FUNDAMENTAL_AHEAD + GROUPS) * sizeof *sum);
        sum_groups(sum + FUNDAMENTAL_AHEAD + GROUPS, seen[2]->x[ch], seen[1]->x[ch],
                   seen[0]->x[ch]);
        f->u0[ch][0] = f->u0[ch][GROUPS];
        f->u0[ch][1] = f->u0[ch][GROUPS + 1];
        f->u90[ch][1] = f->u90[ch][GROUPS + 1];
        filter(sum + FUNDAMENTAL_AHEAD + 1, &f->u0[ch][2], &f->u90[ch][2]);
    }
    for (int k = 0; k < 3; k++) {
        add_frequency(f, k);
        multiply(f, k);
    }
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
    const int64_t min = fundamental_min_power * 30; /* half of it is in u0 */

    if (den < min || num <= 0)
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

/* In t = (f − 55 Hz) ÷ 16 Hz, × 2^6; relative error < 3·10^-6. */
uint64_t fundamental_inverse_gain(int64_t uhz)
{
    static const int64_t inverse[] = {
        77102272169, -10273227516, 30390259084, -4660270746, 6635307633,
        -1073098735, 1015936265,   -288991284,  195066421,
    };
    int64_t t_q24 = (uhz - 55000000) * (1 << 20) / 1000000;

    return (uint64_t)((polynomial(inverse, 8, t_q24) + 32) >> 6);
}
