/* The order of every sum is that of the lines, whatever the vector width: the same bits
 * from every compiler. Tables are padded to whole vectors; the padding is computed and
 * thrown away. */
#include "waveform/spectrum.h"
#include "waveform/base/constants.h"
#include "waveform/base/multiversion.h"
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAIRS = WAVEFORM_BLOCK / 2, /* of samples about the middle of the block */
    TILE = 12,                  /* of pairs, in whole vectors of 2 or 4 */
    WIDTH = 2 * TILE,           /* PAIRS, padded */
    ALIGNMENT = 64
};

struct spectrum_line {
    alignas(ALIGNMENT) double even[WIDTH]; /* cosines at 1, 3, 5 … half steps */
    double odd[WIDTH];                     /* sines there */
    double order;
    uint64_t half;                                       /* half a sample's step */
    double re[WAVEFORM_CHANNELS], im[WAVEFORM_CHANNELS]; /* × √2 */
    double a[WAVEFORM_CHANNELS], b[WAVEFORM_CHANNELS];   /* of this block's middle */
};

void spectrum_free(struct spectrum *s)
{
    free(s->line);
    free(s->term[0]);
    *s = (struct spectrum){ 0 };
}

void spectrum_reserve(struct spectrum *s, int count)
{
    if (count <= s->capacity)
        return;
    int capacity = count + count / 4;
    struct spectrum_line *line =
        aligned_alloc(ALIGNMENT, (size_t)capacity * sizeof *line);
    uint16_t *term = calloc((size_t)capacity * WAVEFORM_CHANNELS, sizeof *term);
    if (!line || !term)
        abort();
    memset(line, 0, (size_t)capacity * sizeof *line);
    if (s->count)
        memcpy(line, s->line, (size_t)s->count * sizeof *line);
    free(s->line);
    free(s->term[0]);
    s->line = line;
    s->capacity = capacity;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        s->term[ch] = term + ch * capacity;
}

static void make_table(struct spectrum_line *line, uint64_t half)
{
    line->half = half;
    for (unsigned k = 0; k < WIDTH; k++)
        turn_sin_cos((2 * k + 1) * half, &line->odd[k], &line->even[k]);
}

static void set_line(struct spectrum *s, const struct waveform_line *from)
{
    int index = s->count++;
    struct spectrum_line *line = &s->line[index];
    uint64_t half = turn_multiply(s->half, from->order);
    /* even[0] is 0 in memory that has held no table yet, or at a quarter turn. */
    if (line->half != half || line->even[0] == 0)
        make_table(line, half);
    line->order = from->order;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        line->re[ch] = SQRT2 * from->re[ch];
        line->im[ch] = SQRT2 * from->im[ch];
        if (from->re[ch] != 0 || from->im[ch] != 0)
            s->term[ch][s->terms[ch]++] = (uint16_t)index;
    }
}

void spectrum_set(struct spectrum *s, const struct lines *lines, struct turn half)
{
    spectrum_reserve(s, lines->count);
    s->half = half;
    s->count = 0;
    memset(s->dc, 0, sizeof s->dc);
    memset(s->terms, 0, sizeof s->terms);
    for (int k = 0; k < lines->count; k++) {
        if (lines->item[k].order == 0)
            memcpy(s->dc, lines->item[k].re, sizeof s->dc);
        else
            set_line(s, &lines->item[k]);
    }
}

/* At an angle d after the middle, √2·(re·sin(θ + d) + im·cos(θ + d)) is
 * a·cos d + b·sin d with these. */
static void set_middle(struct spectrum_line *line, struct turn middle)
{
    double sine, cosine;
    turn_sin_cos(turn_multiply(middle, line->order), &sine, &cosine);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        line->a[ch] = line->re[ch] * sine + line->im[ch] * cosine;
        line->b[ch] = line->re[ch] * cosine - line->im[ch] * sine;
    }
}

/* TILE sums of each kind stay in registers while all lines are added to them. */
MULTIVERSION
static void channel_block(const struct spectrum *s, int ch, double *x)
{
    alignas(ALIGNMENT) double sum[WIDTH], difference[WIDTH];
    for (int tile = 0; tile < WIDTH; tile += TILE) {
        double even[TILE] = { 0 }, odd[TILE] = { 0 };
        for (int t = 0; t < s->terms[ch]; t++) {
            const struct spectrum_line *line = &s->line[s->term[ch][t]];
            double a = line->a[ch], b = line->b[ch];
            for (int k = 0; k < TILE; k++) {
                even[k] += a * line->even[tile + k];
                odd[k] += b * line->odd[tile + k];
            }
        }
        memcpy(sum + tile, even, sizeof even);
        memcpy(difference + tile, odd, sizeof odd);
    }
    for (int k = 0; k < PAIRS; k++) {
        x[PAIRS - 1 - k] = s->dc[ch] + (sum[k] - difference[k]);
        x[PAIRS + k] = s->dc[ch] + (sum[k] + difference[k]);
    }
}

void spectrum_block(struct spectrum *s, struct turn start, double x[][WAVEFORM_BLOCK])
{
    struct turn middle = turn_add(start, turn_scale(s->half, WAVEFORM_BLOCK - 1));
    for (int k = 0; k < s->count; k++)
        set_middle(&s->line[k], middle);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        channel_block(s, ch, x[ch]);
}
