/* The end of a second. See second.h.
 *
 * Means are kept as codes² · 2^14. DC leaves as E[xy] − E[x]·E[y]. The angle by which a
 * current path leads (CT or rope integrator) is removed by rotating the fundamental:
 * P' = P·cos θ − Q·sin θ, Q' = Q·cos θ + P·sin θ, which is right for errors that shrink
 * with frequency, as those of transformers and integrators do. */
#include "core/second.h"
#include "core/accumulate.h"
#include <string.h>

enum { MEAN_BITS = 14, WEIGHT_BITS = 15, DC_BITS = 8 };

/* Mean of a signed weighted sum, in units of 2^-bits. */
static int64_t mean(int64_t sum, uint32_t weight, int bits)
{
    return wide_muldiv_signed(sum, 1ull << (WEIGHT_BITS + bits), weight);
}

/* Products of two DC means (2^-8 each) in units of 2^-14. */
static int64_t dc_square(int64_t a, int64_t b)
{
    return (a * b) >> (2 * DC_BITS - MEAN_BITS);
}

static int64_t not_negative(int64_t x)
{
    return x < 0 ? 0 : x;
}

static int64_t mean_square(int64_t sum, uint32_t weight, int64_t dc, int32_t offset)
{
    int64_t square = mean(sum, weight, MEAN_BITS) - dc_square(dc, dc);
    return not_negative(square - (int64_t)offset * (1 << MEAN_BITS));
}

static void compute_means(struct means *a, const struct window_sums *s,
                          const struct calibration *c, int64_t uhz)
{
    const struct products *p = &s->products;
    uint64_t inverse = fundamental_inverse_gain(uhz);

    for (int k = 0; k < 3; k++) {
        a->dc_v[k] = mean(p->v[k], s->weight, DC_BITS);
        a->dc_i[k] = mean(p->i[k], s->weight, DC_BITS);
    }
    for (int k = 0; k < 3; k++) {
        int64_t v = a->dc_v[k], i = a->dc_i[k], next = a->dc_v[k == 2 ? 0 : k + 1];
        a->vv[k] = mean_square(p->vv[k], s->weight, v, c->offset_codes2[k]);
        a->ii[k] = mean_square(p->ii[k], s->weight, i, c->offset_codes2[3 + k]);
        a->vi[k] = mean(p->vi[k], s->weight, MEAN_BITS) - dc_square(v, i);
        a->vx[k] = mean(p->vx[k], s->weight, MEAN_BITS) - dc_square(v, next);
        a->q[k] = wide_muldiv_signed(s->q[k], inverse, (uint64_t)s->q_weight << 6);
    }
}

/* |a − b|² from the products; gains differ, so each term has its own. */
static uint64_t line_voltage(const struct metering *m, const struct means *a,
                             const struct calibration *c, int k)
{
    int next = k == 2 ? 0 : k + 1;
    uint64_t g = (uint64_t)(1000000 + (int64_t)c->gain_ppm[k]);
    uint64_t h = (uint64_t)(1000000 + (int64_t)c->gain_ppm[next]);
    const uint64_t one = 1000000000000;
    int64_t square = wide_muldiv_signed(a->vv[k], g * g, one) +
                     wide_muldiv_signed(a->vv[next], h * h, one) -
                     2 * wide_muldiv_signed(a->vx[k], g * h, one);

    return scale_apply_root(m->volt_nominal, (uint64_t)not_negative(square),
                            MEAN_BITS / 2);
}

static void measure_voltages(const struct metering *m, const struct means *a,
                             const struct metering_setup *setup, struct second *s)
{
    const struct system_type_row *type = config_type(setup->config);

    for (int k = 0; k < 3; k++) {
        if (type->phases >> k & 1)
            s->v[k] = scale_apply_root(m->volt[k], (uint64_t)a->vv[k], MEAN_BITS / 2);
    }
    for (int k = 0; k < 3; k++)
        if (type->line_voltages >> k & 1)
            s->vll[k] = type->element == ELEMENT_AB
                            ? s->v[k] /* the element is the line voltage itself */
                            : line_voltage(m, a, setup->calibration, k);
}

static void measure_phase(const struct metering *m, const struct means *a,
                          const struct rotation *rotation, bool unidirectional, int k,
                          struct second *s)
{
    uint64_t i = scale_apply_root(m->current[k], (uint64_t)a->ii[k], MEAN_BITS / 2);

    if (i < m->no_load_ua)
        return;
    s->i[k] = i;
    s->p[k] = scale_apply_signed(m->power[k], a->vi[k]);
    s->q[k] = scale_apply_signed(m->power[k], a->q[k]);
    rotate_power(rotation, &s->p[k], &s->q[k]);
    s->s[k] = wide_muldiv(s->v[k], i, 1000000);
    if (s->s[k] < magnitude(s->p[k]))
        s->s[k] = magnitude(s->p[k]);
    if (unidirectional) {
        s->p[k] = (int64_t)magnitude(s->p[k]);
        s->q[k] = (int64_t)magnitude(s->q[k]);
    }
}

static void measure_total(const struct config *config, struct second *s)
{
    for (int k = 0; k < 3; k++) {
        s->p_total += s->p[k];
        s->q_total += s->q[k];
    }
    s->s_total = accumulate_vector_power(config->phases, s->p, s->q, s->s);
}

/* The first of A, B, C with a usable voltage; the S4000-R knows only A. */
static int64_t measure_frequency(struct metering *m, const struct config *config,
                                 const struct model *model)
{
    int64_t uhz = 0;

    for (int k = 0; k < (model->unidirectional ? 1 : 3) && !uhz; k++)
        if (config->phases >> k & 1)
            uhz = fundamental_frequency_uhz(&m->fundamental, k);
    fundamental_clear_frequency(&m->fundamental);
    if (uhz)
        m->uhz = uhz;
    m->has_frequency = uhz != 0;
    return uhz;
}

/* The first window has less weight: metering lags, its end is shared with the next
 * window, and it begins with a ramp that no other window completes; that half ramp is
 * reckoned to carry the window's mean. */
static uint32_t missing_us(const struct window_sums *sums)
{
    const uint32_t whole = HAL_SAMPLE_RATE * WINDOW_ONE;
    const uint32_t half_ramp = WINDOW_RAMP_BLOCKS * BLOCK * WINDOW_ONE / 2;

    if (sums->weight == whole)
        return 0;
    return (uint32_t)((uint64_t)(whole - sums->weight - half_ramp) * 1000000 / whole);
}

/* What energy of the next second goes by, and the powers of this one. */
static void measure_phases(struct metering *m, const struct means *a,
                           const struct metering_setup *setup, struct second *second)
{
    struct correction *correction = &m->correction;

    correction->loaded = 0;
    for (int k = 0; k < 3; k++) {
        correction->dc_v[k] = a->dc_v[k];
        correction->dc_i[k] = a->dc_i[k];
        correction->rotation[k] =
            rotation_of(setup->model, setup->calibration->phase_urad[k], m->uhz);
        if (setup->config->phases >> k & 1)
            measure_phase(m, a, &correction->rotation[k], setup->model->unidirectional,
                          k, second);
        if (second->i[k])
            correction->loaded |= (uint8_t)(1 << k);
        m->cycle.dc_product[k] = dc_square(a->dc_v[k], a->dc_i[k]) >> MEAN_BITS;
    }
}

void second_finish(struct metering *m, const struct window_sums *sums,
                   const struct metering_setup *setup, struct energy *energy,
                   struct second *second)
{
    struct means *a = &m->means;

    memset(second, 0, sizeof *second);
    second->uhz = measure_frequency(m, setup->config, setup->model);
    compute_means(a, sums, setup->calibration, m->uhz);
    measure_voltages(m, a, setup, second);
    measure_phases(m, a, setup, second);
    measure_total(setup->config, second);
    second->missing_us = missing_us(sums);
    second->import_uj = m->carried.import_uj;
    second->export_uj = m->carried.export_uj;
    second->reactive_uj = m->carried.reactive_uj;
    memset(&m->carried, 0, sizeof m->carried);
    accumulate_energy(m, setup->model, energy, second);
}
