/* kernel_lines of line_kernels.c with AVX2's instructions: the same operations on each
 * element, the same bits. The samples of a channel stay in registers while all its lines are
 * added to them. Only the sign of a zero may be another than that of line_kernels.c, which
 * begins its sums with 0. */
#include "waveform/kernels.h"
#include <immintrin.h>
#include <string.h>

typedef __m256d four; /* doubles */
typedef __m128d two;

enum { FOUR = 4 };

static inline four each(double x)
{
    return _mm256_set1_pd(x);
}

/* The same, in a register: compilers would load x once more for half a vector. */
static inline four each_kept(double x)
{
    four y = each(x);

    __asm__("" : "+x"(y));
    return y;
}

/* Of six channels. */
struct channels {
    four first;
    two rest;
};

static inline struct channels load(const double x[SPECTRUM_LANES])
{
    return (struct channels){ _mm256_load_pd(x), _mm_load_pd(x + FOUR) };
}

static inline void store(double x[SPECTRUM_LANES], struct channels y)
{
    _mm256_store_pd(x, y.first);
    _mm_store_pd(x + FOUR, y.rest);
}

static inline struct channels times(struct channels x, four by)
{
    return (struct channels){ x.first * by, x.rest * _mm256_castpd256_pd128(by) };
}

static inline struct channels plus(struct channels x, struct channels y)
{
    return (struct channels){ x.first + y.first, x.rest + y.rest };
}

static inline struct channels minus(struct channels x, struct channels y)
{
    return (struct channels){ x.first - y.first, x.rest - y.rest };
}

/* Pairs of samples about the middle of a block: five vectors, and one more pair, of which
 * all channels are summed side by side. */
enum { LAST = SPECTRUM_PAIRS - 1 };
_Static_assert(LAST == 5 * FOUR, "struct sums");

struct last_pair {
    struct channels even, odd;
};

/* At an angle d after the middle, √2·(re·sin(θ + d) + im·cos(θ + d)) is
 * a·cos d + b·sin d with these. */
static inline void rotate(struct spectrum_line *l, double sine, double cosine,
                          struct last_pair *last)
{
    const four s = each_kept(sine), c = each_kept(cosine);
    const struct channels re = load(l->re), im = load(l->im);
    const struct channels a = plus(times(re, s), times(im, c));
    const struct channels b = minus(times(re, c), times(im, s));

    store(l->a, a);
    store(l->b, b);
    last->even = plus(last->even, times(a, each_kept(l->even[LAST])));
    last->odd = plus(last->odd, times(b, each_kept(l->odd[LAST])));
}

static inline void put_last(const struct last_pair *last, double x[][WAVEFORM_BLOCK])
{
    alignas(SPECTRUM_ALIGNMENT) double before[SPECTRUM_LANES], after[SPECTRUM_LANES];

    store(before, minus(last->even, last->odd));
    store(after, plus(last->even, last->odd));
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        x[ch][0] = before[ch];
        x[ch][WAVEFORM_BLOCK - 1] = after[ch];
    }
}

/* Of the other pairs of a channel, nearest first: the cosines or the sines. */
struct sums {
    four a, b, c, d, e;
};

static inline struct sums line_times(const double *table, double amplitude)
{
    const four y = each(amplitude);

    return (struct sums){ y * _mm256_load_pd(table), y * _mm256_load_pd(table + FOUR),
                          y * _mm256_load_pd(table + 2 * FOUR),
                          y * _mm256_load_pd(table + 3 * FOUR),
                          y * _mm256_load_pd(table + 4 * FOUR) };
}

static inline void add(struct sums *sums, struct sums x)
{
    sums->a += x.a;
    sums->b += x.b;
    sums->c += x.c;
    sums->d += x.d;
    sums->e += x.e;
}

/* Four pairs from `pair` on, about the middle. The halves of a vector are turned each by
 * itself: what moves across them is slow. */
static inline void put(double *middle, int pair, four even, four odd)
{
    const four before = even - odd;

    _mm256_storeu_pd(middle + pair, even + odd);
    _mm_storeu_pd(middle - pair - 4,
                  _mm_permute_pd(_mm256_extractf128_pd(before, 1), 1));
    _mm_storeu_pd(middle - pair - 2, _mm_permute_pd(_mm256_castpd256_pd128(before), 1));
}

static inline void add_lines(const struct spectrum *s, int ch, double *restrict x)
{
    const uint16_t *term = s->term[ch];
    const bool all = s->terms[ch] == s->count; /* nothing to look up */
    const struct spectrum_line *line = &s->line[term[0]];
    struct sums even = line_times(line->even, line->a[ch]);
    struct sums odd = line_times(line->odd, line->b[ch]);
    double *middle = x + SPECTRUM_PAIRS;

    for (int t = 1; t < s->terms[ch]; t++) {
        line = all ? line + 1 : &s->line[term[t]];
        add(&even, line_times(line->even, line->a[ch]));
        add(&odd, line_times(line->odd, line->b[ch]));
    }
    put(middle, 0, even.a, odd.a);
    put(middle, FOUR, even.b, odd.b);
    put(middle, 2 * FOUR, even.c, odd.c);
    put(middle, 3 * FOUR, even.d, odd.d);
    put(middle, 4 * FOUR, even.e, odd.e);
}

void kernel_lines(struct spectrum *s, double x[][WAVEFORM_BLOCK])
{
    struct spectrum_line *line = s->line; /* which nothing that is written can change */
    const double *sine = s->sine, *cosine = s->cosine;
    const int count = s->count;
    struct last_pair last = { 0 };

    for (int k = 0; k < count; k++)
        rotate(&line[k], sine[k], cosine[k], &last);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        if (s->terms[ch] > 0)
            add_lines(s, ch, x[ch]);
        else
            memset(x[ch], 0, sizeof x[ch]);
    put_last(&last, x);
}
