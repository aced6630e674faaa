/* From the middle of the block outwards, as in spectrum.c: one sine and cosine there,
 * and a table of those of the way to each sample. Nothing is carried from block to
 * block. */
#include "waveform/basis.h"
#include "waveform/base/constants.h"
#include "waveform/kernels.h"
#include <assert.h>
#include <stdlib.h>

enum { PAIRS = WAVEFORM_BLOCK / 2 /* of samples about the middle of the block */ };

struct basis_row {
    double even[PAIRS], odd[PAIRS]; /* cosines, sines at 1, 3, 5 … half steps */
    double sine[WAVEFORM_BLOCK], cosine[WAVEFORM_BLOCK];
    double order;
    uint64_t half; /* half a sample's step of the order */
};

void basis_free(struct basis *b)
{
    free(b->row);
    *b = (struct basis){ 0 };
}

void basis_reserve(struct basis *b, int count)
{
    if (count <= b->capacity)
        return;
    b->row = realloc(b->row, (size_t)count * sizeof *b->row);
    if (!b->row)
        abort();
    for (int k = b->capacity; k < count; k++)
        b->row[k] = (struct basis_row){ 0 };
    b->capacity = count;
}

void basis_set(struct basis *b, const double *order, int count, struct turn half)
{
    assert(count <= b->capacity);
    b->half = half;
    b->count = count;
    for (int k = 0; k < count; k++) {
        struct basis_row *row = &b->row[k];
        uint64_t step = turn_multiply(half, order[k]);
        row->order = order[k];
        /* even[0] is 0 in a row that has held no table yet, or at a quarter turn. */
        if (row->half == step && row->even[0] != 0)
            continue;
        row->half = step;
        for (unsigned i = 0; i < PAIRS; i++)
            turn_sin_cos((2 * i + 1) * step, &row->odd[i], &row->even[i]);
    }
}

static void stand_still(struct basis_row *row)
{
    for (int i = 0; i < WAVEFORM_BLOCK; i++) {
        row->sine[i] = 1;
        row->cosine[i] = 0;
    }
}

void basis_block(struct basis *b, struct turn start)
{
    struct turn middle = turn_add(start, turn_scale(b->half, WAVEFORM_BLOCK - 1));
    for (int k = 0; k < b->count; k++) {
        struct basis_row *row = &b->row[k];
        double sine, cosine;
        if (row->order == 0) {
            stand_still(row);
            continue;
        }
        turn_sin_cos(turn_multiply(middle, row->order), &sine, &cosine);
        kernel_wave(row->even, row->odd, SQRT2 * sine, SQRT2 * cosine, row->sine,
                    row->cosine);
    }
}

const double *basis_sine(const struct basis *b, int row)
{
    return b->row[row].sine;
}

const double *basis_cosine(const struct basis *b, int row)
{
    return b->row[row].cosine;
}
