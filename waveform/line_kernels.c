/* The kernels of spectral lines (kernels.h). */
#include "waveform/base/constants.h"
#include "waveform/base/turn_polynomials.h"
#include "waveform/kernels.h"
#include <string.h>

void kernel_sin_cos(const uint64_t *restrict frac, int n, double *restrict sine,
                    double *restrict cosine)
{
    for (int k = 0; k < n; k++) {
        const uint64_t quarter = (frac[k] + (UINT64_C(1) << 61)) >> 62;
        const double y =
            (double)(int64_t)(frac[k] - (quarter << 62)) * (2 * PI / TWO_TO_64);
        const double zz = y * y;
        const double s = turn_polynomial_sin(y, zz), c = turn_polynomial_cos(zz);
        const double sign = quarter & 2 ? -1 : 1;
        const double quarter_sin = quarter & 1 ? sign : 0;
        const double quarter_cos = quarter & 1 ? 0 : sign;
        sine[k] = s * quarter_cos + c * quarter_sin;
        cosine[k] = c * quarter_cos - s * quarter_sin;
    }
}

/* At an angle d after the middle, √2·(re·sin(θ + d) + im·cos(θ + d)) is
 * a·cos d + b·sin d with these. */
static inline void rotate(struct spectrum_line *line, double sine, double cosine)
{
    for (int ch = 0; ch < SPECTRUM_LANES; ch++) {
        line->a[ch] = line->re[ch] * sine + line->im[ch] * cosine;
        line->b[ch] = line->re[ch] * cosine - line->im[ch] * sine;
    }
}

/* Whole vectors here, of which compilers do not find that the sums can stay in registers
 * while all lines are added to them: TILE of each kind at a time. */
#if defined(__AVX512F__)
typedef double vector __attribute__((vector_size(64)));
#else
typedef double vector __attribute__((vector_size(16)));
#endif

enum {
    WIDE = sizeof(vector) / sizeof(double),
    VECTORS = SPECTRUM_WIDTH / WIDE,
    TILE = VECTORS < 6 ? VECTORS : 6
};

static inline vector load(const double *x)
{
    vector v;

    memcpy(&v, x, sizeof v);
    return v;
}

static inline void add_lines(const struct spectrum *s, int ch, double *restrict x)
{
    double sum[SPECTRUM_WIDTH], difference[SPECTRUM_WIDTH];
    const struct spectrum_line *lines = s->line;
    const uint16_t *term = s->term[ch];
    const int terms = s->terms[ch];
    const bool all = terms == s->count; /* nothing to look up */

    for (int at = 0; at < SPECTRUM_WIDTH; at += TILE * WIDE) {
        vector even[TILE] = { { 0 } }, odd[TILE] = { { 0 } };
        for (int t = 0; t < terms; t++) {
            const struct spectrum_line *line = &lines[all ? t : term[t]];
            for (int k = 0; k < TILE; k++) {
                even[k] += line->a[ch] * load(&line->even[at + k * WIDE]);
                odd[k] += line->b[ch] * load(&line->odd[at + k * WIDE]);
            }
        }
        memcpy(sum + at, even, sizeof even);
        memcpy(difference + at, odd, sizeof odd);
    }
    for (int k = 0; k < SPECTRUM_PAIRS; k++) {
        x[SPECTRUM_PAIRS - 1 - k] = sum[k] - difference[k];
        x[SPECTRUM_PAIRS + k] = sum[k] + difference[k];
    }
}

void kernel_lines(struct spectrum *s, double x[][WAVEFORM_BLOCK])
{
    struct spectrum_line *line = s->line; /* which nothing that is written can change */
    const double *sine = s->sine, *cosine = s->cosine;
    const int count = s->count;

    for (int k = 0; k < count; k++)
        rotate(&line[k], sine[k], cosine[k]);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        add_lines(s, ch, x[ch]);
}
