/* Energy by line cycles. See cycle.h. */
#include "core/cycle.h"
#include <string.h>

static void add_sums(struct cycle_sums *sum, const struct cycle_sums *part, int k)
{
    sum->vi[k] += part->vi[k];
    sum->vv[k] += part->vv[k];
    sum->ii[k] += part->ii[k];
    sum->q[k] += part->q[k];
}

static int quadrant_of(int64_t p, int64_t q)
{
    if (q >= 0)
        return p >= 0 ? 0 : 1;
    return p >= 0 ? 3 : 2;
}

static void accumulate_phase(struct cycle *c, int k, int64_t p)
{
    struct cycle_sums *sums = &c->phase[k].direction[p < 0 ? EXPORT : IMPORT];

    add_sums(sums, &c->now, k);
    sums->count += c->now.count;
    int quadrant = quadrant_of(p, c->now.q[k]);
    c->phase[k].q[quadrant][k] += c->now.q[k];
    c->phase[k].vi[quadrant][k] += c->now.vi[k];
}

/* The sign of the total needs powers in one unit: raw sums × weights, less 2^15. */
static void accumulate_total(struct cycle *c, const int64_t *p)
{
    int64_t power = 0, reactive = 0;

    for (int k = 0; k < 3; k++)
        if (c->phases >> k & 1) {
            power += (p[k] >> 15) * c->weight[k];
            reactive += (c->now.q[k] >> 15) * c->weight[k];
        }
    struct cycle_sums *sums = &c->total.direction[power < 0 ? EXPORT : IMPORT];
    int quadrant = quadrant_of(power, reactive);
    for (int k = 0; k < 3; k++) {
        add_sums(sums, &c->now, k);
        c->total.q[quadrant][k] += c->now.q[k];
        c->total.vi[quadrant][k] += c->now.vi[k];
    }
    sums->count += c->now.count;
}

void cycle_end(struct cycle *c)
{
    int64_t p[3];

    for (int k = 0; k < 3; k++) {
        p[k] = c->now.vi[k] - c->now.count * c->dc_product[k];
        accumulate_phase(c, k, p[k]);
    }
    accumulate_total(c, p);
    memset(&c->now, 0, sizeof c->now);
}

/* False: no voltage is usable. Without a better one the last reference stays. */
static bool choose_reference(struct cycle *c, const struct fundamental *f)
{
    for (uint8_t k = 0; k < 3; k++)
        if ((c->phases >> k & 1) && fundamental_power(f, k) > fundamental_min_power) {
            c->reference = k;
            return true;
        }
    return fundamental_power(f, c->reference) > fundamental_min_power;
}

/* The first sample after an upward crossing between groups j and j + 1, or -1. Group j
 * has its centre at sample 6j + 2.5. */
static int crossing_after(const struct fundamental *f, int k, int j)
{
    int64_t a = f->u0[1 + j][k], b = f->u0[2 + j][k];

    if ((a & ~b) >= 0) /* not from below 0 to above: one branch, which is foreseen */
        return -1;
    int64_t tenths =
        FUNDAMENTAL_DECIMAL_CENTRE + 10 * GROUP * j + 10 * GROUP * -a / (b - a);
    return (int)((tenths + 9) / 10);
}

static void add_stretch(struct cycle *c, const struct block *block, int from, int to,
                        struct products *sum)
{
    struct products p;

    if (from == to)
        return;
    products_of_stretch(&p, block, from, to);
    for (int k = 0; k < 3; k++) {
        c->now.vi[k] += p.vi[k];
        c->now.vv[k] += p.vv[k];
        c->now.ii[k] += p.ii[k];
        sum->vi[k] += p.vi[k];
        sum->vv[k] += p.vv[k];
        sum->ii[k] += p.ii[k];
    }
    c->now.count += (uint32_t)(to - from);
}

/* q of the groups whose centres lie in from…to-1. */
static void add_reactive(struct cycle *c, const struct fundamental *f, int from, int to)
{
    for (int j = (from + GROUP - 3) / GROUP; j * GROUP + 3 <= to && j < GROUPS; j++)
        for (int k = 0; k < 3; k++)
            c->now.q[k] += f->q[j][k];
}

static void advance(struct cycle *c, const struct fundamental *f,
                    const struct block *block, int *from, int to, struct products *sum)
{
    add_stretch(c, block, *from, to, sum);
    add_reactive(c, f, *from, to);
    *from = to;
}

void cycle_block(struct cycle *c, const struct fundamental *f,
                 const struct block *block, struct products *sum)
{
    int from = 0;

    memset(sum, 0, sizeof *sum);
    products_of_block(sum, block);
    bool usable = choose_reference(c, f);
    if (c->carried >= 0) {
        advance(c, f, block, &from, c->carried, sum);
        cycle_end(c);
        c->carried = -1;
    }
    for (int j = 0; usable && j < GROUPS; j++) {
        int at = crossing_after(f, c->reference, j);
        if (at < 0 || (int)c->now.count + at - from < CYCLE_SHORTEST)
            continue;
        if (at >= BLOCK) {
            c->carried = (int16_t)(at - BLOCK);
            break;
        }
        advance(c, f, block, &from, at, sum);
        cycle_end(c);
    }
    advance(c, f, block, &from, BLOCK, sum);
    if (c->now.count >= CYCLE_LONGEST)
        cycle_end(c);
}

void cycle_clear_totals(struct cycle *c)
{
    memset(c->phase, 0, sizeof c->phase);
    memset(&c->total, 0, sizeof c->total);
}
