/* The list of meters. See site.h. */
#include "sim/site/site.h"
#include <math.h>

const char *site_error_text(int error)
{
    static const char *const text[] = {
        [-SITE_ERROR_NO_VOLTAGE] = "load: kw needs a voltage: call grid first",
        [-SITE_ERROR_NO_PF] = "load: kw needs a power factor other than 0",
        [-SITE_ERROR_MIXED_AB] =
            "load: between = \"AB\" must be the same on the whole feeder",
        [-SITE_ERROR_DISTURBANCE] =
            "grid: this combination of open and shorted conductors is impossible",
    };
    return text[-error];
}

void site_init(struct site *site, struct sim *sim)
{
    *site = (struct site){ .sim = sim,
                           .meters = g_ptr_array_new_with_free_func(g_free),
                           .grid = { .hz = 60 },
                           .fault_ends = g_ptr_array_new_with_free_func(g_free) };
}

void site_clear(struct site *site)
{
    g_ptr_array_unref(site->fault_ends);
    g_ptr_array_unref(site->meters);
}

struct site_meter *site_add(struct site *site, struct unit *unit, const char *name)
{
    struct site_meter *m = g_new0(struct site_meter, 1);

    m->site = site;
    m->unit = unit;
    m->made_ns = sim_now(site->sim);
    g_strlcpy(m->name, name, sizeof m->name);
    g_ptr_array_add(site->meters, m);
    return m;
}

struct site_meter *site_at(const struct site *site, guint index)
{
    return g_ptr_array_index(site->meters, index);
}

struct site_meter *site_find(const struct site *site, const struct unit *unit)
{
    for (guint k = 0; k < site->meters->len; k++)
        if (site_at(site, k)->unit == unit)
            return site_at(site, k);
    return NULL;
}

double site_reading(const struct site_meter *m, enum quantity q)
{
    enum quantity_unit unit = (enum quantity_unit)quantity_table[q].unit;
    int64_t counts;

    if (!m->unit->powered || !unit_reading(m->unit, q, &counts))
        return (double)NAN;
    return (double)counts / (double)quantity_ten(quantity_decimals(unit));
}

bool site_plays(const struct site_meter *m)
{
    return m->plays && waveform_plays(m->unit->world);
}

void site_adopt_grid(struct site_meter *m)
{
    const struct waveform_grid grid = waveform_grid(m->unit->world);

    m->grid.hz = grid.hz;
    m->grid.how = SITE_VOLTS_EACH;
    m->grid.has_degrees = true;
    for (int k = 0; k < 3; k++) {
        m->grid.volts[k] = grid.volts[k];
        m->grid.degrees[k] = grid.degrees[k];
        m->grid.harmonics[k] = grid.harmonics[k];
        m->grid.lost[k] = grid.lost[k];
    }
}
