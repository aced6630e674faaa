/* State of a site as bytes. See site_state.h. */
#include "sim/site/site_state.h"
#include "sim/site/site_fault.h"

static int index_of(const struct site_meter *m)
{
    guint index;

    return m && g_ptr_array_find(m->site->meters, m, &index) ? (int)index : -1;
}

/* What the site knows of a meter. Heads of feeders stand before their submeters. */
static void store_meter(struct store *st, struct site_meter *m)
{
    int head = store_count(st, index_of(m->head), -1, (int)m->site->meters->len - 1);

    m->head = head < 0 ? NULL : site_at(m->site, (guint)head);
    store_integers(st, &m->made_ns, 1, 0, STORE_NS_MAX);
    site_grid_store(st, &m->grid);
    waveform_store_load(st, &m->load);
    store_flag(st, &m->energies.spoilt);
    STORE(st, m->energies.kva);
    STORE(st, m->energies.read);
    STORE(st, m->energies.exact);
    if (st->loading)
        m->plays = false;
}

struct adoption {
    const struct unit_options *options;
    site_state_adopt call;
    void *user;
};

/* A meter of a file: name, unit, the rest. */
static bool adopt(struct site *s, struct store *st, const struct adoption *a)
{
    char name[SITE_NAME] = "";

    store_text(st, name, sizeof name);
    struct unit *u = unit_new_restored(st, a->options);
    if (!u)
        return false;
    sim_add_unit(s->sim, u);
    store_meter(st, a->call(a->user, u, name));
    return !st->failed;
}

static bool store_one(struct site_meter *m, struct store *st)
{
    store_text(st, m->name, sizeof m->name);
    if (st->loading ? unit_restore(m->unit, st) : unit_save(m->unit, st))
        return false;
    store_meter(st, m);
    return !st->failed;
}

bool site_state_store(struct site *s, struct store *st, const struct unit_options *o,
                      site_state_adopt call, void *user)
{
    const struct adoption adoption = { o, call, user };
    int64_t now_ns = sim_now(s->sim);
    bool fresh = st->loading && !s->meters->len, good = true;

    if (!st->loading)
        sim_settle(s->sim);
    store_integers(st, &now_ns, 1, 0, STORE_NS_MAX);
    site_grid_store(st, &s->grid);
    site_load_store(st, &s->load);
    int count = store_count(st, (int)s->meters->len, 0, SITE_METERS_MAX);
    if (st->failed || (!fresh && count != (int)s->meters->len))
        return false;
    if (st->loading)
        sim_move_to(s->sim, now_ns);
    for (int k = 0; k < count && good; k++)
        good =
            (fresh ? adopt(s, st, &adoption) : store_one(site_at(s, (guint)k), st)) &&
            site_at(s, (guint)k)->unit->now_ns == now_ns;
    if (good)
        site_fault_ends_store(s, st);
    return good && !st->failed && (!st->loading || store_loaded(st));
}

int site_state_meters(const struct store *state)
{
    int64_t now_ns;
    struct site_grid grid = { .hz = 0 };
    struct site_load load = { .given = false };
    struct store st = store_load(state->byte, state->size);

    STORE(&st, now_ns);
    site_grid_store(&st, &grid);
    site_load_store(&st, &load);
    int count = store_count(&st, 0, 0, SITE_METERS_MAX);
    return st.failed ? -1 : count;
}
