/* Fundamental in quadrature, reactive power, frequency. See fundamental.h. The
 * constants follow from the definitions there; tests/core/test_fundamental.c derives
 * them anew. */
#include "core/fundamental.h"
#include "core/fundamental_taps.h"
#include "core/wide.h"
#include <string.h>

const int64_t fundamental_min_power = (int64_t)1 << 31;

/* Three sums in a row, of all that came before: every sixth value of the last, differenced
 * three times, is a moving sum of six done three times. They wrap at 2^32, and what
 * comes out of the differences does not. */
struct integrators {
    uint32_t once, twice, thrice;
};

/* Codes are divided by four first: 25 bits · 216, and the sum of two such, must fit. */
static inline void integrate(struct integrators *s, const int32_t *x, int count)
{
    for (int n = 0; n < count; n++) {
        s->once += (uint32_t)(x[n] >> 2);
        s->twice += s->once;
        s->thrice += s->twice;
    }
}

/* Group j is centred on sample 2.5 + 6j of the middle block, so its sum reaches from
 * 5 samples before the group to 5 after its first. */
static inline void sum_groups(int32_t (*sum)[HAL_CHANNELS], int ch,
                              const int32_t *before, const int32_t *x,
                              const int32_t *after)
{
    struct integrators s = { 0, 0, 0 };
    uint32_t at[GROUPS + 3] = { 0 }; /* [0]: before all */

    integrate(&s, before + BLOCK - FUNDAMENTAL_REACH, FUNDAMENTAL_REACH - 1);
    at[1] = s.thrice;
    integrate(&s, before + BLOCK - 1, 1);
    integrate(&s, x, GROUP - 1);
    at[2] = s.thrice;
    for (int j = 1; j < GROUPS; j++) {
        integrate(&s, x + GROUP * j - 1, GROUP);
        at[2 + j] = s.thrice;
    }
    integrate(&s, x + BLOCK - 1, 1);
    integrate(&s, after, FUNDAMENTAL_REACH);
    at[GROUPS + 2] = s.thrice;
    for (int j = 0; j < GROUPS; j++)
        sum[j][ch] = (int32_t)(at[j + 3] - at[j] - 3 * (at[j + 2] - at[j + 1]));
}

static inline void add_frequency(struct fundamental *f, int k)
{
    int64_t num = 0, den = 0;

    for (int j = 1; j <= GROUPS; j++) {
        int32_t here = f->u0[j][k] >> F_BITS;
        int32_t beside = (f->u0[j - 1][k] + f->u0[j + 1][k]) >> F_BITS;
        num += (int64_t)here * beside;
        den += (int64_t)here * here;
    }
    f->num[k] += num;
    f->den[k] += den;
}

static inline void multiply(struct fundamental *f, int k)
{
    for (int j = 0; j < GROUPS; j++) {
        const int32_t *u0 = f->u0[1 + j], *u90 = f->u90[1 + j];
        int64_t q = (int64_t)u90[k] * u0[3 + k] - (int64_t)u0[k] * u90[3 + k];
        f->q[j][k] = (q + (1 << (Q_BITS - 1))) >> Q_BITS;
    }
}

void fundamental_block(struct fundamental *f, struct block *const seen[ACQUIRE_SEEN])
{
    int32_t(*sum)[HAL_CHANNELS] = &f->sum[FUNDAMENTAL_AHEAD + GROUPS];
    const int32_t(*x)[HAL_CHANNELS] =
        (const int32_t(*)[HAL_CHANNELS]) & f->sum[FUNDAMENTAL_AHEAD + 1];

    memmove(f->sum, f->sum + GROUPS, (FUNDAMENTAL_AHEAD + GROUPS) * sizeof *f->sum);
    memmove(f->u0, f->u0 + GROUPS, 2 * sizeof *f->u0);
    memmove(f->u90, f->u90 + GROUPS, 2 * sizeof *f->u90);
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        sum_groups(sum, ch, seen[2]->x[ch], seen[1]->x[ch], seen[0]->x[ch]);
        for (int j = 0; j < GROUPS; j++)
            fundamental_filter(x + j, ch, f->u0[2 + j], f->u90[2 + j]);
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
        int32_t a = f->u0[j][k] >> F_BITS, b = f->u90[j][k] >> F_BITS;
        power += (int64_t)a * a + (int64_t)b * b;
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
