/* Meters on one feeder. Each has a world of its own, but what happens to the voltages
 * of one happens to all, and the currents of the submeters flow through the meter at
 * the feeder's head, too. All worlds begin at the same moment and get the same calls,
 * so their voltages are the same to the bit. */
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"
#include "waveform/base/turn.h"
#include "waveform/grid.h"
#include <math.h>

#define TURN 18446744073709551616.0 /* 2^64 */

struct script_meter *script_feeder_head(struct script_meter *m)
{
    return m->head ? m->head : m;
}

bool script_feeder_shared(struct script *s, struct script_meter *m)
{
    for (guint k = 0; k < s->meters->len; k++) {
        struct script_meter *other = g_ptr_array_index(s->meters, k);
        if (other != m && script_feeder_head(other) == script_feeder_head(m))
            return true;
    }
    return false;
}

void script_feeder_each(lua_State *L, struct script_meter *m, const char *verb,
                        script_world_call call, void *user)
{
    struct script *s = script_of(L);

    for (guint k = 0; k < s->meters->len; k++) {
        struct script_meter *other = g_ptr_array_index(s->meters, k);
        if (script_feeder_head(other) == script_feeder_head(m))
            call(L, other, verb, user);
    }
}

/* A phasor of so many amperes at so many degrees. */
static void add_phasor(double amps, double degrees, double *re, double *im)
{
    double sine, cosine;

    turn_sin_cos(grid_signed_turns(degrees, 360).frac, &sine, &cosine);
    *re += amps * cosine;
    *im += amps * sine;
}

static double degrees_of(double re, double im)
{
    return (double)(int64_t)turn_from_vector(re, im).frac / TURN * 360;
}

/* The sum of one order in phase k: amperes and its angle against the voltage. */
static void sum_order(const struct waveform_load *const *loads, int count, int k,
                      double order, double *re, double *im)
{
    *re = *im = 0;
    for (int n = 0; n < count; n++) {
        const struct waveform_harmonics *h = &loads[n]->harmonics[k];
        for (int j = 0; j < h->count; j++)
            if (h->item[j].order == order)
                add_phasor(loads[n]->amps[k] * h->item[j].percent / 100,
                           h->item[j].degrees - order * loads[n]->lag_degrees[k], re,
                           im);
    }
}

static bool has_order(const struct waveform_harmonics *h, double order)
{
    for (int j = 0; j < h->count; j++)
        if (h->item[j].order == order)
            return true;
    return false;
}

/* Harmonics are against the fundamental of the sum, which lags by out->lag_degrees. */
static void sum_harmonics(const struct waveform_load *const *loads, int count, int k,
                          struct waveform_load *out)
{
    struct waveform_harmonics *sum = &out->harmonics[k];

    for (int n = 0; n < count; n++)
        for (int j = 0; j < loads[n]->harmonics[k].count; j++) {
            double order = loads[n]->harmonics[k].item[j].order, re, im;
            if (has_order(sum, order) || sum->count >= WAVEFORM_HARMONICS)
                continue;
            sum_order(loads, count, k, order, &re, &im);
            sum->item[sum->count++] = (struct waveform_harmonic){
                order, 100 * sqrt(re * re + im * im) / out->amps[k],
                degrees_of(re, im) + order * out->lag_degrees[k]
            };
        }
}

static void sum_phase(const struct waveform_load *const *loads, int count, int k,
                      struct waveform_load *out)
{
    double re = 0, im = 0;

    for (int n = 0; n < count; n++)
        add_phasor(loads[n]->amps[k], -loads[n]->lag_degrees[k], &re, &im);
    out->amps[k] = sqrt(re * re + im * im);
    if (out->amps[k] < 1e-9) { /* they feed one another */
        out->amps[k] = 0;
        return;
    }
    out->lag_degrees[k] = -degrees_of(re, im);
    sum_harmonics(loads, count, k, out);
}

/* What flows through the head: its own load and those of its submeters. */
static void sum_loads(lua_State *L, struct script_meter *head)
{
    struct script *s = script_of(L);
    const struct waveform_load **loads =
        lua_newuserdatauv(L, s->meters->len * sizeof *loads, 0);
    struct waveform_load out = { .ab = false };
    int count = 0;

    for (guint k = 0; k < s->meters->len; k++) {
        struct script_meter *m = g_ptr_array_index(s->meters, k);
        if (script_feeder_head(m) != head)
            continue;
        if (count && m->load.ab != loads[0]->ab)
            luaL_error(L,
                       "load: between = \"AB\" must be the same on the whole feeder");
        loads[count++] = &m->load;
    }
    out.ab = loads[0]->ab;
    for (int k = 0; k < 3; k++)
        sum_phase(loads, count, k, &out);
    waveform_set_load(head->unit->world, &out);
    lua_pop(L, 1);
}

void script_feeder_load(lua_State *L, struct script_meter *m,
                        const struct waveform_load *load)
{
    struct script *s = script_of(L);

    m->load = *load;
    if (m->head || !script_feeder_shared(s, m))
        waveform_set_load(m->unit->world, load);
    if (script_feeder_shared(s, m))
        sum_loads(L, script_feeder_head(m));
}

/* A submeter on one phase of a feeder of three is metered there. */
static void check_wiring(lua_State *L, const struct script_meter *head,
                         enum waveform_wiring wiring)
{
    enum waveform_wiring whole = head->unit->sensors.wiring;

    if (wiring != whole && !(wiring == WAVEFORM_AN && whole == WAVEFORM_WYE))
        luaL_error(
            L,
            "meter: feeder: the wiring must be that of %s (or A-N on a feeder of "
            "three phases and neutral)",
            head->name);
}

struct script_meter *script_feeder_take(lua_State *L, int table,
                                        enum waveform_wiring wiring)
{
    struct script *s = script_of(L);
    struct script_meter *m;

    if (lua_getfield(L, table, "feeder") == LUA_TNIL) {
        lua_pop(L, 1);
        return NULL;
    }
    m = script_meter_test(L, -1);
    if (!m)
        luaL_error(L, "meter: feeder: the meter at its head, found %s",
                   luaL_typename(L, -1));
    lua_pop(L, 1);
    m = script_feeder_head(m);
    check_wiring(L, m, wiring);
    script_recording_refuse(L, m, "meter");
    if (m->made_ns != sim_now(s->sim))
        luaL_error(L, "meter: feeder: make its meters before time passes");
    return m;
}

void script_feeder_join(struct script_meter *m, struct script_meter *head)
{
    m->head = head;
    m->grid = head->grid;
    m->grid.sets_hz = m->grid.sets_trouble = m->grid.sets_loss = true;
    for (int id = 0; id < FAULTS; id++)
        for (int k = 0; k < 3 && fault_table[id].family == FAULT_FAMILY_GRID; k++)
            if (head->unit->faults.value[id][k] != fault_table[id].neutral)
                unit_set_fault(m->unit, (enum fault_id)id,
                               fault_table[id].per_phase ? k : -1,
                               head->unit->faults.value[id][k]);
}
