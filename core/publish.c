/* Publishing. See publish.h. */
#include "core/publish.h"
#include "core/meter_state.h"

enum { PF_ONE = 1000000 };

/* P ÷ S with the sign of P; 1 when there is no apparent power. */
static int64_t power_factor(int64_t p, uint64_t s)
{
    if (s == 0)
        return PF_ONE;
    int64_t pf = wide_muldiv_signed(p, PF_ONE, s);
    if (pf > PF_ONE)
        return PF_ONE;
    return pf < -PF_ONE ? -PF_ONE : pf;
}

/* Average over the phases in use, rounded. */
static int64_t average(const uint64_t *x, uint8_t mask)
{
    uint64_t sum = 0, count = 0;

    for (int k = 0; k < 3; k++)
        if (mask >> k & 1) {
            sum += x[k];
            count++;
        }
    return count ? (int64_t)((sum + count / 2) / count) : 0;
}

static void publish_phases(struct meter *m)
{
    const struct second *s = &m->second;

    for (int k = 0; k < 3; k++) {
        m->reading[Q_KW_A + k] = s->p[k];
        m->reading[Q_KVAR_A + k] = s->q[k];
        m->reading[Q_KVA_A + k] = (int64_t)s->s[k];
        m->reading[Q_PF_A + k] = power_factor(s->p[k], s->s[k]);
        m->reading[Q_I_A + k] = (int64_t)s->i[k];
        m->reading[Q_V_AN + k] = (int64_t)s->v[k];
        m->reading[Q_V_AB + k] = (int64_t)s->vll[k];
    }
}

static void publish_totals(struct meter *m)
{
    const struct second *s = &m->second;

    m->reading[Q_KW_TOTAL] = s->p_total;
    m->reading[Q_KVAR_TOTAL] = s->q_total;
    m->reading[Q_KVA_TOTAL] = (int64_t)s->s_total;
    m->reading[Q_PF_TOTAL] = power_factor(s->p_total, s->s_total);
    m->reading[Q_VLL_AVG] = average(s->vll, config_type(&m->config)->line_voltages);
    m->reading[Q_VLN_AVG] = average(s->v, m->config.phases);
    m->reading[Q_I_AVG] = average(s->i, m->config.phases);
    m->reading[Q_FREQ] = s->uhz ? s->uhz : METER_NO_READING;
    for (int k = 0; k < DEMANDS; k++)
        m->reading[Q_KW_DEMAND + k] = m->demand.present_uw[k];
}

static void publish_maxima(struct meter *m)
{
    for (int k = 0; k < DEMANDS; k++) {
        m->reading[Q_KW_DEMAND_MAX_IMPORT + k] = m->demand.maxima.import_uw[k];
        m->reading[Q_KW_DEMAND_MAX_EXPORT + k] = m->demand.maxima.export_uw[k];
    }
}

void publish_energy(struct meter *m)
{
    const struct energy *e = &m->energy;
    const uint64_t *total = e->mwh[ENERGY_TOTAL];

    m->reading[Q_KWH_NET] = energy_net(e, ENERGY_IMPORT, ENERGY_EXPORT);
    m->reading[Q_KVAH_NET] = energy_net(e, ENERGY_S_IMPORT, ENERGY_S_EXPORT);
    m->reading[Q_KVAH_IMPORT] = (int64_t)total[ENERGY_S_IMPORT];
    m->reading[Q_KVAH_EXPORT] = (int64_t)total[ENERGY_S_EXPORT];
    for (int kind = ENERGY_IMPORT; kind <= ENERGY_Q4; kind++)
        m->reading[Q_KWH_IMPORT + kind] = (int64_t)total[kind];
    for (int kind = 0; kind < ENERGY_KINDS; kind++)
        for (int k = 0; k < 3; k++)
            m->reading[Q_KWH_IMPORT_A + 3 * kind + k] = (int64_t)e->mwh[k][kind];
    for (int k = 0; k < PULSE_CHANNELS; k++)
        m->reading[Q_PULSE_COUNT_1 + k] = m->pulse.channel[k].count;
    publish_maxima(m);
}

void publish_readings(struct meter *m)
{
    publish_phases(m);
    publish_totals(m);
    publish_energy(m);
}

void publish_nothing(struct meter *m)
{
    publish_energy(m);
    for (int q = 0; q < QUANTITIES; q++)
        if (quantity_table[q].role < ROLE_DEMAND_MAX)
            m->reading[q] = METER_NO_READING;
}
