/* See unfinished.h. The last samples are summed up as one more cycle, apart from their
 * reactive energy, which the filters do not have yet: that follows apparent energy as it
 * has done in this second. */
#include "core/unfinished.h"
#include "core/accumulate.h"
#include "core/metering.h"
#include <string.h>

static void add_sets(const struct metering *m, const struct block *block, int sets,
                     bool formed, struct cycle_sums *sum)
{
    struct products p;
    struct block copy;

    if (m->element_ab && !formed) {
        copy = *block;
        metering_form_element_ab(&copy);
        block = &copy;
    }
    products_of_stretch(&p, block, 0, sets);
    for (int k = 0; k < 3; k++) {
        sum->vi[k] += p.vi[k];
        sum->vv[k] += p.vv[k];
        sum->ii[k] += p.ii[k];
    }
    sum->count += (uint32_t)sets;
}

/* An interrupt may go on with the block that fills, and begin the next: what is read here
 * stays as it is. */
static void sum_up(const struct metering *m, struct cycle_sums *sum)
{
    const struct acquire *a = &m->acquire;
    const int fill = a->fill, filling = a->filling;
    const int waiting = (uint8_t)(a->finished - a->received);
    const int seen = m->blocks_seen < ACQUIRE_SEEN ? m->blocks_seen : ACQUIRE_SEEN - 1;

    memset(sum, 0, sizeof *sum);
    for (int n = waiting + seen; n > 0; n--)
        add_sets(m, &a->ring[(filling + ACQUIRE_BLOCKS - n) % ACQUIRE_BLOCKS], BLOCK,
                 n > waiting, sum);
    if (fill)
        add_sets(m, &a->ring[filling], fill, false, sum);
}

static uint64_t apparent(int64_t vv, int64_t ii)
{
    return wide_sqrt(wide_mul(magnitude(vv), magnitude(ii)));
}

static int64_t reactive_of(const struct cycle *c, int k, const struct cycle_sums *sum)
{
    int64_t vv = c->now.vv[k], ii = c->now.ii[k], q = c->now.q[k];

    for (int d = 0; d < DIRECTIONS; d++) {
        const struct cycle_sums *ended = &c->phase[k].direction[d];
        vv += ended->vv[k];
        ii += ended->ii[k];
        q += ended->q[k];
    }
    const uint64_t so_far = apparent(vv, ii);
    return so_far ? wide_muldiv_signed(q, apparent(sum->vv[k], sum->ii[k]), so_far) : 0;
}

void unfinished_energy(const struct metering *m, const struct model *model,
                       struct energy *energy, struct second *part)
{
    struct cycle cycles = m->cycle;
    struct cycle_sums sum;

    memset(part, 0, sizeof *part);
    if (!metering_has_correction(m))
        return;
    sum_up(m, &sum);
    for (int k = 0; k < 3; k++) {
        sum.q[k] = reactive_of(&m->cycle, k, &sum);
        cycles.now.vi[k] += sum.vi[k];
        cycles.now.vv[k] += sum.vv[k];
        cycles.now.ii[k] += sum.ii[k];
        cycles.now.q[k] += sum.q[k];
    }
    cycles.now.count += sum.count;
    cycle_end(&cycles);
    accumulate_cycles(m, &cycles, model, energy, part);
}
