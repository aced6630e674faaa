/* Demand. See demand.h. */
#include "core/demand.h"
#include "core/front_end.h"
#include <string.h>

void demand_ask_start(struct demand *d)
{
    d->start_asked = true;
}

void demand_ask_reset(struct demand *d)
{
    d->reset_asked = true;
}

void demand_energy(struct demand *d, const struct second *second, uint32_t span_us)
{
    const int64_t uw[DEMANDS] = { second->p_total, second->q_total,
                                  (int64_t)second->s_total };

    for (int k = 0; k < DEMANDS; k++) {
        d->rest_uj[k] += wide_muldiv_signed(uw[k], span_us, 1000000);
        d->now.mj[k] += d->rest_uj[k] / 1000;
        d->rest_uj[k] %= 1000;
    }
}

void demand_pass(struct demand *d, uint32_t us)
{
    d->now.us += us;
}

/* Sub-intervals not yet seen count as zero, for their nominal time. */
static void compute_present(struct demand *d, const struct settings *settings)
{
    unsigned length = settings->value[SETTING_SUBINTERVAL_S];
    unsigned count = length ? settings->value[SETTING_SUBINTERVALS] : 1;
    struct demand_part sum = { { 0 }, 0 };

    for (unsigned n = 0; n < count; n++) {
        const struct demand_part *part = &d->part[n];
        bool seen = n < d->parts;
        for (int k = 0; seen && k < DEMANDS; k++)
            sum.mj[k] += part->mj[k];
        sum.us += seen ? part->us : length * (uint64_t)SECOND_US;
    }
    for (int k = 0; sum.us && k < DEMANDS; k++)
        d->present_uw[k] = wide_muldiv_signed(sum.mj[k], 1000000000, sum.us);
    if (d->present_uw[DEMAND_KW] < 0)
        d->present_uw[DEMAND_KVA] = -d->present_uw[DEMAND_KVA];
}

static void update_maxima(struct demand *d)
{
    struct demand_maxima *m = &d->maxima;

    for (int k = 0; k < DEMANDS; k++) {
        int64_t x = d->present_uw[k];
        if (x > m->import_uw[k])
            m->import_uw[k] = x;
        if (x < m->export_uw[k])
            m->export_uw[k] = x;
    }
}

static void end_subinterval(struct demand *d, const struct settings *settings)
{
    memmove(&d->part[1], &d->part[0], sizeof d->part - sizeof d->part[0]);
    d->part[0] = d->now;
    if (d->parts < DEMAND_SUBINTERVALS)
        d->parts++;
    memset(&d->now, 0, sizeof d->now);
    compute_present(d, settings);
    update_maxima(d);
}

/* A command is due, unless its like was done less than 10 s ago. */
static bool is_due(bool *asked, uint8_t *quiet)
{
    if (*quiet)
        (*quiet)--;
    if (!*asked || *quiet)
        return false;
    *asked = false;
    *quiet = DEMAND_COALESCE_S;
    return true;
}

bool demand_second(struct demand *d, const struct settings *settings,
                   const struct second *second)
{
    unsigned length = settings->value[SETTING_SUBINTERVAL_S];
    bool ended = false;

    demand_energy(d, second, SECOND_US - second->missing_us);
    demand_pass(d, SECOND_US);
    if (is_due(&d->start_asked, &d->start_quiet) ||
        (length && d->now.us >= length * (uint64_t)SECOND_US)) {
        end_subinterval(d, settings);
        ended = true;
    }
    if (is_due(&d->reset_asked, &d->reset_quiet)) {
        memset(&d->maxima, 0, sizeof d->maxima);
        update_maxima(d);
        ended = true;
    }
    return ended;
}
