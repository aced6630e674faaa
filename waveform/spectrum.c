/* What is there of each line, and its angle in the middle of a block; kernels add the
 * lines up, in their order. */
#include "waveform/spectrum.h"
#include "waveform/base/constants.h"
#include "waveform/kernels.h"
#include <stdlib.h>
#include <string.h>

void spectrum_free(struct spectrum *s)
{
    free(s->line);
    free(s->term[0]);
    free(s->angle);
    free(s->sine);
    *s = (struct spectrum){ 0 };
}

void spectrum_reserve(struct spectrum *s, int count)
{
    if (count <= s->capacity)
        return;
    int capacity = count + count / 4;
    struct spectrum_line *line =
        aligned_alloc(SPECTRUM_ALIGNMENT, (size_t)capacity * sizeof *line);
    uint16_t *term = calloc((size_t)capacity * WAVEFORM_CHANNELS, sizeof *term);
    uint64_t *angle = malloc((size_t)capacity * sizeof *angle);
    double *sine = malloc(2 * (size_t)capacity * sizeof *sine);
    if (!line || !term || !angle || !sine)
        abort();
    memset(line, 0, (size_t)capacity * sizeof *line);
    if (s->count)
        memcpy(line, s->line, (size_t)s->count * sizeof *line);
    free(s->line);
    free(s->term[0]);
    free(s->angle);
    free(s->sine);
    s->line = line;
    s->angle = angle;
    s->sine = sine;
    s->cosine = sine + capacity;
    s->capacity = capacity;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        s->term[ch] = term + ch * capacity;
}

static void make_table(struct spectrum_line *line, uint64_t half)
{
    line->half = half;
    for (unsigned k = 0; k < SPECTRUM_WIDTH; k++)
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
    line->whole =
        from->order > 0 && from->order < TWO_TO_53 ? (uint64_t)from->order : 0;
    if ((double)line->whole != from->order)
        line->whole = 0;
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
    s->to_middle = turn_scale(half, WAVEFORM_BLOCK - 1);
    s->block = turn_scale(half, 2 * WAVEFORM_BLOCK);
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

static uint64_t angle_of(const struct spectrum_line *line, struct turn middle)
{
    return line->whole ? line->whole * middle.frac : turn_multiply(middle, line->order);
}

static void find_angles(const struct spectrum *s, struct turn middle)
{
    const struct spectrum_line *line =
        s->line; /* which no angle that is written changes */
    uint64_t *angle = s->angle;
    const int count = s->count;

    for (int k = 0; k < count; k++)
        angle[k] = angle_of(&line[k], middle);
}

static void make_ahead(struct spectrum_angle *a, uint64_t angle)
{
    a->angle = angle;
    turn_sin_cos(angle, &a->sine, &a->cosine);
}

/* From the block before, unless the world has changed since. */
static void find_sines(struct spectrum *s)
{
    for (int k = 0; k < s->count; k++) {
        struct spectrum_angle *a = &s->ahead[k];
        if (a->angle != s->angle[k] || (a->sine == 0 && a->cosine == 0))
            make_ahead(a, s->angle[k]);
        s->sine[k] = a->sine;
        s->cosine[k] = a->cosine;
    }
}

/* A sine is one long chain of steps: where nobody waits for it, the processor goes on with
 * this block's samples meanwhile. */
static void look_ahead(struct spectrum *s, struct turn middle)
{
    const struct turn next = turn_add(middle, s->block);

    for (int k = 0; k < s->count; k++)
        make_ahead(&s->ahead[k], angle_of(&s->line[k], next));
}

static void add_dc(double dc, double *x)
{
    for (int t = 0; t < WAVEFORM_BLOCK; t++)
        x[t] += dc;
}

void spectrum_block(struct spectrum *s, struct turn start, double x[][WAVEFORM_BLOCK])
{
    struct turn middle = turn_add(start, s->to_middle);

    find_angles(s, middle);
    if (s->count < SPECTRUM_FEW)
        find_sines(s);
    else
        kernel_sin_cos(s->angle, s->count, s->sine, s->cosine);
    kernel_lines(s, x);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        if (s->dc[ch] != 0)
            add_dc(s->dc[ch], x[ch]);
    if (s->count < SPECTRUM_FEW)
        look_ahead(s, middle);
}
