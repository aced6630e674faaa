/* The list of lines. Orders are compared as numbers, exactly: two orders that differ in
 * the last bit are two frequencies that drift apart, and their powers never mix. */
#include "waveform/lines.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void lines_free(struct lines *lines)
{
    free(lines->item);
    *lines = (struct lines){ 0 };
}

void lines_reserve(struct lines *lines, int count)
{
    if (count <= lines->capacity)
        return;
    lines->item = realloc(lines->item, (size_t)count * sizeof *lines->item);
    if (!lines->item)
        abort();
    lines->capacity = count;
}

static struct waveform_line *lines_append(struct lines *lines, double order)
{
    if (lines->count == lines->capacity) {
        int capacity = lines->capacity ? 2 * lines->capacity : 2;
        size_t size = (size_t)capacity * sizeof *lines->item;
        struct waveform_line *item = realloc(lines->item, size);
        if (!item)
            abort();
        lines->item = item;
        lines->capacity = capacity;
    }
    struct waveform_line *line = &lines->item[lines->count++];
    memset(line, 0, sizeof *line);
    line->order = order;
    return line;
}

static struct waveform_line *lines_find(struct lines *lines, double order)
{
    for (int k = 0; k < lines->count; k++)
        if (lines->item[k].order == order)
            return &lines->item[k];
    return lines_append(lines, order);
}

/* sin(−θ + a) = sin(θ + π − a): re changes its sign, im stays. */
void lines_add(struct lines *lines, const struct waveform_line *line)
{
    double sign = line->order < 0 ? -1 : 1;
    struct waveform_line *sum = lines_find(lines, sign * line->order);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        sum->re[ch] += sign * line->re[ch];
        sum->im[ch] += line->im[ch];
    }
}

void lines_add_phasor(struct lines *lines, double order, enum waveform_channel channel,
                      double rms, uint64_t angle)
{
    struct waveform_line line = { .order = order };
    double sine, cosine;
    turn_sin_cos(angle, &sine, &cosine);
    line.re[channel] = rms * cosine;
    line.im[channel] = rms * sine;
    lines_add(lines, &line);
}

/* Where the fundamental crosses zero, θ = −angle and the component stands at `degrees`:
 * its own angle is therefore order × angle + degrees. */
void lines_add_harmonics(struct lines *lines,
                         const struct waveform_harmonics *harmonics,
                         enum waveform_channel channel, double rms, struct turn angle)
{
    assert(harmonics->count >= 0 && harmonics->count <= WAVEFORM_HARMONICS);
    for (int k = 0; k < harmonics->count; k++) {
        const struct waveform_harmonic *h = &harmonics->item[k];
        uint64_t own = turn_from_ratio(h->degrees, 360).frac;
        lines_add_phasor(lines, h->order, channel, rms * h->percent / 100,
                         turn_multiply(angle, h->order) + own);
    }
}
