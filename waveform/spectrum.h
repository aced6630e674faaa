/* Lines to samples, a block at a time. Per line: one sine and cosine at the middle of
 * the block, and a table of the cosines and sines from there to each sample. Samples
 * that stand as far before as after the middle share both: x± = Σ a·cos ± Σ b·sin,
 * which halves the work. Nothing is carried from sample to sample or block to block, so
 * no error grows and the loops vectorise without a reordered sum. */
#pragma once

#include "waveform/base/turn.h"
#include "waveform/lines.h"
#include "waveform/waveform.h"
#include <stdalign.h>

enum {
    SPECTRUM_PAIRS = WAVEFORM_BLOCK / 2, /* of samples about the middle of a block */
    SPECTRUM_WIDTH = 24,                 /* the same, padded to whole vectors */
    SPECTRUM_LANES = 8,                  /* the channels, padded */
    SPECTRUM_FEW = 4,                    /* lines, for which lanes do not pay */
    SPECTRUM_ALIGNMENT = 64
};

/* A line with its tables. What is padding is computed and thrown away. */
struct spectrum_line {
    alignas(SPECTRUM_ALIGNMENT) double even[SPECTRUM_WIDTH]; /* cosines and sines at */
    double odd[SPECTRUM_WIDTH];                    /* 1, 3, 5 … half steps */
    double re[SPECTRUM_LANES], im[SPECTRUM_LANES]; /* × √2 */
    double a[SPECTRUM_LANES], b[SPECTRUM_LANES];   /* of this block's middle */
    double order;
    uint64_t whole; /* the order, where it is a whole number; else 0 */
    uint64_t half;  /* half a sample's step */
};

/* An angle with its sine and cosine; both are 0 where there is none. */
struct spectrum_angle {
    uint64_t angle;
    double sine, cosine;
};

struct spectrum {
    /* Half a sample of the fundamental, so that the middle is exact; the way to the middle
     * of a block, and the whole block. */
    struct turn half, to_middle, block;
    double dc[WAVEFORM_CHANNELS];
    int count, capacity; /* lines other than DC */
    struct spectrum_line *line;
    /* Of each line in the middle of the block. */
    uint64_t *angle;
    double *sine, *cosine;
    /* Of a few lines, those of the block that will probably be next. */
    struct spectrum_angle ahead[SPECTRUM_FEW - 1];
    /* Per channel, the lines in which it has an amplitude, as indices. */
    int terms[WAVEFORM_CHANNELS];
    uint16_t *term[WAVEFORM_CHANNELS];
};

/* All zeros is the dead spectrum. */
void spectrum_free(struct spectrum *s);

/* Room for so many lines, so that spectrum_set does not allocate. */
void spectrum_reserve(struct spectrum *s, int count);

/* Takes the lines at `half` the fundamental's step per sample. Tables are made anew
 * only where a line's step has changed. Aborts without memory. */
void spectrum_set(struct spectrum *s, const struct lines *lines, struct turn half);

/* All samples of a block whose first is at the fundamental's phase `start`. Uses s as
 * its scratch memory; does not change what it describes. */
void spectrum_block(struct spectrum *s, struct turn start, double x[][WAVEFORM_BLOCK]);
