/* Sums of products. See products.h. The loops run over one channel pair at a time, so
 * that a compiler can vectorise them; core/x86 has them for wide vectors. */
#include "core/products.h"

static inline int64_t dot(const int32_t *restrict x, const int32_t *restrict y,
                          int count)
{
    int64_t sum = 0;

    for (int n = 0; n < count; n++)
        sum += (int64_t)x[n] * y[n];
    return sum;
}

static inline int64_t total(const int32_t *x, int count)
{
    int64_t sum = 0;

    for (int n = 0; n < count; n++)
        sum += x[n];
    return sum;
}

/* left is the weighted copy of the block, or the block itself. */
static inline void multiply(struct products *p, const struct block *left,
                            const struct block *right, int from, int count)
{
    for (int k = 0; k < 3; k++) {
        const int32_t *v = &left->x[k][from], *i = &left->x[3 + k][from];
        p->vi[k] = dot(v, &right->x[3 + k][from], count);
        p->vv[k] = dot(v, &right->x[k][from], count);
        p->ii[k] = dot(i, &right->x[3 + k][from], count);
    }
}

static inline void multiply_rest(struct products *p, const struct block *left,
                                 const struct block *right)
{
    for (int k = 0; k < 3; k++) {
        p->vx[k] = dot(left->x[k], right->x[k == 2 ? 0 : k + 1], BLOCK);
        p->v[k] = total(left->x[k], BLOCK);
        p->i[k] = total(left->x[3 + k], BLOCK);
    }
}

void products_of_stretch(struct products *p, const struct block *block, int from,
                         int to)
{
    multiply(p, block, block, from, to - from);
}

void products_of_block(struct products *p, const struct block *block)
{
    multiply_rest(p, block, block);
}

/* Each sample with its weight w[0…41] ÷ 2^15, rounded. */
static inline void weigh(struct block *weighted, const struct block *block,
                         const uint16_t *w)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int n = 0; n < BLOCK; n++)
            weighted->x[ch][n] =
                (int32_t)(((int64_t)block->x[ch][n] * w[n] + (1 << 14)) >> 15);
}

void products_weighted(struct products *p, const struct block *block, const uint16_t *w)
{
    struct block weighted;

    weigh(&weighted, block, w);
    multiply(p, &weighted, block, 0, BLOCK);
    multiply_rest(p, &weighted, block);
}

void products_add(struct products *sum, const struct products *p)
{
    for (int k = 0; k < 3; k++) {
        sum->vi[k] += p->vi[k];
        sum->vv[k] += p->vv[k];
        sum->ii[k] += p->ii[k];
        sum->vx[k] += p->vx[k];
        sum->v[k] += p->v[k];
        sum->i[k] += p->i[k];
    }
}

void products_subtract(struct products *sum, const struct products *p)
{
    for (int k = 0; k < 3; k++) {
        sum->vi[k] -= p->vi[k];
        sum->vv[k] -= p->vv[k];
        sum->ii[k] -= p->ii[k];
        sum->vx[k] -= p->vx[k];
        sum->v[k] -= p->v[k];
        sum->i[k] -= p->i[k];
    }
}
