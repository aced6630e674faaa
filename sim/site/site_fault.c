/* The plan of faults. See site_fault.h. */
#include "sim/site/site_fault.h"
#include <limits.h>
#include <string.h>

struct fault_end {
    struct site_meter *meter;
    enum fault_id fault;
    int64_t at_ns;
    uint64_t event;
};

/* Phase k changes its value; nothing is done when it has it. */
static void set_phase(struct site_meter *m, enum fault_id id, int k, double value,
                      int line)
{
    if (m->unit->faults->value[id][k] == value)
        return;
    m->energies.spoilt = true;
    unit_set_fault(m->unit, id, fault_table[id].per_phase ? k : -1, value);
    if (m->site->fault_changed)
        m->site->fault_changed(m->site->user, m, id, k, line);
}

void site_fault_begin(struct site_meter *m, enum fault_id id, unsigned phases,
                      double value, int line)
{
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1) {
            m->fault_end[id][k] = 0;
            set_phase(m, id, k, value, line);
        }
}

void site_fault_end(struct site_meter *m, enum fault_id id, unsigned phases, int line)
{
    site_fault_begin(m, id, phases, fault_table[id].neutral, line);
}

/* The phases that this end is still for. */
static unsigned phases_of(const struct fault_end *end)
{
    unsigned phases = 0;

    for (int k = 0; k < 3; k++)
        if (end->meter->fault_end[end->fault][k] == end->event)
            phases |= 1u << k;
    return phases;
}

static void on_end(void *user)
{
    struct fault_end *end = user;

    site_fault_end(end->meter, end->fault, phases_of(end), 0);
}

void site_fault_end_at(struct site_meter *m, enum fault_id id, unsigned phases,
                       int64_t at_ns)
{
    struct fault_end *end = g_new0(struct fault_end, 1);

    *end = (struct fault_end){ m, id, at_ns, 0 };
    g_ptr_array_add(m->site->fault_ends, end);
    end->event = sim_at(m->site->sim, at_ns, on_end, end);
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            m->fault_end[id][k] = end->event;
}

static void forget_ends(struct site *s)
{
    for (guint k = 0; k < s->fault_ends->len; k++)
        sim_cancel(s->sim,
                   ((struct fault_end *)g_ptr_array_index(s->fault_ends, k))->event);
    g_ptr_array_set_size(s->fault_ends, 0);
    for (guint k = 0; k < s->meters->len; k++) {
        struct site_meter *m = site_at(s, k);
        memset(m->fault_end, 0, sizeof m->fault_end);
    }
}

static void save_ends(struct site *s, struct store *st)
{
    int waiting = 0;

    for (guint k = 0; k < s->fault_ends->len; k++)
        waiting += phases_of(g_ptr_array_index(s->fault_ends, k)) != 0;
    store_count(st, waiting, 0, INT_MAX);
    for (guint k = 0; k < s->fault_ends->len; k++) {
        struct fault_end *end = g_ptr_array_index(s->fault_ends, k);
        guint meter = 0;
        if (!phases_of(end))
            continue;
        g_ptr_array_find(s->meters, end->meter, &meter);
        store_count(st, (int)meter, 0, INT_MAX);
        store_count(st, (int)end->fault, 0, FAULTS - 1);
        store_count(st, (int)phases_of(end), 1, 7);
        STORE(st, end->at_ns);
    }
}

/* In the order in which they were planned: so they act at one time. */
void site_fault_ends_store(struct site *s, struct store *st)
{
    if (!st->loading) {
        save_ends(s, st);
        return;
    }
    forget_ends(s);
    for (int left = store_count(st, 0, 0, INT_MAX); left > 0 && !st->failed; left--) {
        int64_t at_ns;
        int meter = store_count(st, 0, 0, (int)s->meters->len - 1);
        int fault = store_count(st, 0, 0, FAULTS - 1);
        int phases = store_count(st, 1, 1, 7);
        store_integers(st, &at_ns, 1, 0, STORE_NS_MAX);
        if (!st->failed)
            site_fault_end_at(site_at(s, (guint)meter), (enum fault_id)fault,
                              (unsigned)phases, at_ns);
    }
}

void site_faults_restore(struct site *s)
{
    forget_ends(s);
    for (guint k = 0; k < s->meters->len; k++)
        for (int id = 0; id < FAULTS; id++)
            site_fault_end(site_at(s, k), (enum fault_id)id, 7, 0);
}
