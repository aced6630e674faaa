/* Cycles into energy. See accumulate.h. Energies in µJ: power in µW × samples ÷ 2520. */
#include "core/accumulate.h"

enum { Q30_BITS = 30, Q30 = 1 << Q30_BITS };

/* sin θ = θ − θ³/6, cos θ = 1 − θ²/2 + θ⁴/24; θ below 0.1 rad. */
struct rotation rotation_of(const struct model *model, int32_t phase_urad, int64_t uhz)
{
    int64_t theta = (int64_t)phase_urad * 1073742 / 1000; /* rad · 2^30 */

    if (model->rope_ct) {
        int64_t x = wide_muldiv_signed(MODEL_ROPE_CORNER_UHZ, Q30, (uint64_t)uhz);
        theta += x - (((x * x) >> 30) * x >> 30) / 3;
    }
    int64_t square = (theta * theta) >> 30;
    return (struct rotation){ Q30 - square / 2 + ((square * square) >> 30) / 24,
                              theta - ((square * theta) >> 30) / 6 };
}

static int64_t times_q30(int64_t x, int64_t factor)
{
    int64_t y = wide_mulshift_signed(x, magnitude(factor), Q30_BITS);
    return factor < 0 ? -y : y;
}

void rotate_power(const struct rotation *rotation, int64_t *p, int64_t *q)
{
    if (rotation->sine == 0)
        return;
    int64_t turned = times_q30(*p, rotation->cosine) - times_q30(*q, rotation->sine);
    *q = times_q30(*q, rotation->cosine) + times_q30(*p, rotation->sine);
    *p = turned;
}

static uint64_t distortion(int64_t p, int64_t q, uint64_t s)
{
    struct wide pq = wide_add(wide_mul(magnitude(p), magnitude(p)),
                              wide_mul(magnitude(q), magnitude(q)));
    struct wide ss = wide_mul(s, s);
    return wide_compare(ss, pq) > 0 ? wide_sqrt(wide_sub(ss, pq)) : 0;
}

uint64_t accumulate_vector_power(uint8_t phases, const int64_t p[3], const int64_t q[3],
                                 const uint64_t s[3])
{
    int64_t sum_p = 0, sum_q = 0;
    uint64_t sum_d = 0;

    for (int k = 0; k < 3; k++)
        if (phases >> k & 1) {
            sum_p += p[k];
            sum_q += q[k];
            sum_d += distortion(p[k], q[k], s[k]);
        }
    return wide_square_root_of_sum(magnitude(sum_p), magnitude(sum_q), sum_d);
}

static int64_t to_uj(const struct metering *m, int k, int64_t sum)
{
    return scale_apply_signed(m->energy[k], sum);
}

/* Σq of groups (6 samples each) into codes² · samples. */
static int64_t reactive_sum(const struct metering *m, int64_t q)
{
    return wide_mulshift_signed(q, GROUP * fundamental_inverse_gain(m->uhz), 20);
}

struct phase_energy {
    int64_t p, q;
    uint64_t s;
};

/* A sum of products less its DC part: the product of two means over n samples. */
static int64_t without_dc(int64_t sum, int64_t a, int64_t b, uint32_t n)
{
    return sum - wide_mulshift_signed(a * b, n, 16);
}

static uint64_t not_negative(int64_t x)
{
    return x > 0 ? (uint64_t)x : 0;
}

/* Energy of phase k in some cycles: DC removed, calibrated, rotated. */
static struct phase_energy phase_energy(const struct metering *m, int k,
                                        const struct cycle_sums *sums)
{
    int64_t v = m->correction.dc_v[k], i = m->correction.dc_i[k];
    int64_t vi = without_dc(sums->vi[k], v, i, sums->count);
    uint64_t vv = not_negative(without_dc(sums->vv[k], v, v, sums->count));
    uint64_t ii = not_negative(without_dc(sums->ii[k], i, i, sums->count));
    uint64_t apparent = wide_sqrt(wide_mul(vv, ii));
    struct phase_energy e = { to_uj(m, k, vi), to_uj(m, k, reactive_sum(m, sums->q[k])),
                              (uint64_t)to_uj(m, k, (int64_t)apparent) };

    rotate_power(&m->correction.rotation[k], &e.p, &e.q);
    if (e.s < magnitude(e.p))
        e.s = magnitude(e.p);
    return e;
}

/* A direction's cycles are one-signed up to rounding; what is not stays out. */
static uint64_t in_direction(int64_t uj, enum direction d)
{
    if (d == EXPORT)
        uj = -uj;
    return uj > 0 ? (uint64_t)uj : 0;
}

/* Reactive energy of phase k in the cycles of one quadrant, often none; DC does not reach
 * it, but the angle of the current path does. */
static int64_t reactive_energy(const struct metering *m, int k, int64_t vi, int64_t sum)
{
    if (vi == 0 && sum == 0)
        return 0;
    int64_t p = to_uj(m, k, vi), q = to_uj(m, k, reactive_sum(m, sum));
    rotate_power(&m->correction.rotation[k], &p, &q);
    return q;
}

static void accumulate_quadrants(const struct metering *m, bool unidirectional,
                                 const struct cycle_totals *totals, uint8_t phases,
                                 int owner, struct energy *energy)
{
    for (int quadrant = 0; quadrant < QUADRANTS; quadrant++) {
        int64_t uj = 0;
        for (int k = 0; k < 3; k++)
            if (phases >> k & 1)
                uj += reactive_energy(m, k, totals->vi[quadrant][k],
                                      totals->q[quadrant][k]);
        int kind = unidirectional ? ENERGY_Q1 : ENERGY_Q1 + quadrant;
        energy_add(energy, owner, (enum energy_kind)kind, magnitude(uj));
    }
}

static void accumulate_phase(const struct metering *m, const struct cycle *cycles,
                             bool unidirectional, int k, struct energy *energy)
{
    const struct cycle_totals *totals = &cycles->phase[k];

    for (int d = 0; d < DIRECTIONS; d++) {
        if (!totals->direction[d].count)
            continue;
        struct phase_energy e = phase_energy(m, k, &totals->direction[d]);
        int as = unidirectional ? IMPORT : d;
        uint64_t p = in_direction(e.p, (enum direction)d);
        energy_add(energy, k, (enum energy_kind)(ENERGY_IMPORT + as), p);
        energy_add(energy, k, (enum energy_kind)(ENERGY_S_IMPORT + as), e.s);
    }
    accumulate_quadrants(m, unidirectional, totals, (uint8_t)(1 << k), k, energy);
}

static void accumulate_total_direction(const struct metering *m,
                                       const struct cycle_sums *sums, uint8_t phases,
                                       enum direction d, struct energy *energy,
                                       struct second *second)
{
    int64_t p[3] = { 0 }, q[3] = { 0 };
    uint64_t s[3] = { 0 };

    if (!sums->count)
        return;
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1) {
            struct phase_energy e = phase_energy(m, k, sums);
            p[k] = e.p;
            q[k] = e.q;
            s[k] = e.s;
        }
    uint64_t uj = in_direction(p[0] + p[1] + p[2], d);
    uint64_t apparent = accumulate_vector_power(phases, p, q, s);
    energy_add(energy, ENERGY_TOTAL, (enum energy_kind)(ENERGY_IMPORT + d), uj);
    energy_add(energy, ENERGY_TOTAL, (enum energy_kind)(ENERGY_S_IMPORT + d), apparent);
    *(d == IMPORT ? &second->import_uj : &second->export_uj) += uj;
}

/* S4000-R: the total is the sum of the phases' magnitudes. */
static void accumulate_unsigned_total(const struct metering *m,
                                      const struct cycle *cycles, uint8_t phases,
                                      struct energy *energy, struct second *second)
{
    int64_t p[3] = { 0 }, q[3] = { 0 };
    uint64_t s[3] = { 0 };

    for (int k = 0; k < 3; k++)
        for (int d = 0; (phases >> k & 1) && d < DIRECTIONS; d++) {
            struct phase_energy e = phase_energy(m, k, &cycles->phase[k].direction[d]);
            p[k] += (int64_t)in_direction(e.p, (enum direction)d);
            q[k] += (int64_t)magnitude(e.q);
            s[k] += e.s;
        }
    uint64_t real = (uint64_t)(p[0] + p[1] + p[2]);
    uint64_t reactive = (uint64_t)(q[0] + q[1] + q[2]);
    second->import_uj += real;
    second->reactive_uj += reactive;
    energy_add(energy, ENERGY_TOTAL, ENERGY_IMPORT, real);
    energy_add(energy, ENERGY_TOTAL, ENERGY_Q1, reactive);
    energy_add(energy, ENERGY_TOTAL, ENERGY_S_IMPORT,
               accumulate_vector_power(phases, p, q, s));
}

void accumulate_cycles(const struct metering *m, const struct cycle *cycles,
                       const struct model *model, struct energy *energy,
                       struct second *second)
{
    const bool unidirectional = model->unidirectional;
    const uint8_t loaded = m->correction.loaded;

    for (int k = 0; k < 3; k++)
        if (loaded >> k & 1)
            accumulate_phase(m, cycles, unidirectional, k, energy);
    if (unidirectional) {
        accumulate_unsigned_total(m, cycles, loaded, energy, second);
        return;
    }
    for (int d = 0; d < DIRECTIONS; d++)
        accumulate_total_direction(m, &cycles->total.direction[d], loaded,
                                   (enum direction)d, energy, second);
    accumulate_quadrants(m, false, &cycles->total, loaded, ENERGY_TOTAL, energy);
}

void accumulate_energy(struct metering *m, const struct model *model,
                       struct energy *energy, struct second *second)
{
    accumulate_cycles(m, &m->cycle, model, energy, second);
    cycle_clear_totals(&m->cycle);
}
