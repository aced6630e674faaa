/* The verbs fault and clear. Names, units and ranges are those of the fault table. A
 * fault with a duration is restored by an event, unless it was set anew meanwhile. */
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct fault_end {
    struct script *script;
    struct script_meter *meter;
    enum fault_id fault;
    int64_t at_ns;
    uint64_t event;
};

static enum fault_id find_fault(lua_State *L, const char *name)
{
    static const struct args_choice faults = { "unknown fault", fault_table,
                                               sizeof *fault_table, FAULTS, "" };

    return (enum fault_id)args_choose(L, NULL, &faults, name);
}

void script_fault_set(struct script_meter *m, enum fault_id id, int k, double value,
                      int line)
{
    if (m->unit->faults.value[id][k] == value)
        return;
    m->book_spoilt = true;
    unit_set_fault(m->unit, id, fault_table[id].per_phase ? k : -1, value);
    script_note_fault(m, id, k, line);
}

static void end_fault(void *user)
{
    struct fault_end *end = user;

    for (int k = 0; k < 3; k++)
        if (end->meter->fault_end[end->fault][k] == end->event) {
            end->meter->fault_end[end->fault][k] = 0;
            script_fault_set(end->meter, end->fault, k, fault_table[end->fault].neutral,
                             0);
        }
}

static void plan_end(struct script *s, struct script_meter *m, enum fault_id id,
                     unsigned phases, int64_t at_ns)
{
    struct fault_end *end = g_new0(struct fault_end, 1);

    *end = (struct fault_end){ s, m, id, at_ns, 0 };
    g_ptr_array_add(s->fault_ends, end);
    end->event = sim_at(s->sim, at_ns, end_fault, end);
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            m->fault_end[id][k] = end->event;
}

/* Back from the base unit to the fault's own; twelve digits are kept, so that 50 ppm
 * stay 50. */
static double in_unit_of(const struct fault_row *row, lua_State *L, const char *text)
{
    enum dimension dimension;
    char unit[24], error[VALUE_ERROR], digits[32];
    double factor, value;

    snprintf(unit, sizeof unit, "%.*s", (int)strcspn(row->unit, " "), row->unit);
    if (!value_unit(unit, &dimension, &factor))
        luaL_error(L, "fault %s: give a number (%s)", row->name,
                   row->unit[0] ? row->unit : "without a unit");
    if (!value_parse_as(text, dimension, &value, error))
        luaL_error(L, "fault %s: %s (its unit: %s)", row->name, error, row->unit);
    return g_ascii_strtod(
        g_ascii_formatd(digits, sizeof digits, "%.12g", value / factor), NULL);
}

/* Stack from 3: [phases] [magnitude] [{ duration = }]. */
static unsigned take_phases(lua_State *L, const struct fault_row *row)
{
    const char *text = lua_type(L, 3) == LUA_TSTRING ? lua_tostring(L, 3) : "";
    unsigned phases = args_letters(text);

    if (!phases && text && row->per_phase && *text && !strpbrk(text, "0123456789"))
        luaL_error(L, "fault %s: unknown phases '%s'; use \"A\", \"BC\" or \"all\"",
                   row->name, text);
    if (!phases)
        return row->per_phase ? 7 : 1;
    lua_remove(L, 3);
    if (!row->per_phase)
        luaL_error(L, "fault %s is not per phase", row->name);
    return phases;
}

static double take_magnitude(lua_State *L, const struct fault_row *row)
{
    double value = row->usual;
    char least[32], greatest[32], found[32];

    if (lua_istable(L, 3) || lua_isnoneornil(L, 3))
        return value;
    if (lua_type(L, 3) == LUA_TBOOLEAN)
        value = lua_toboolean(L, 3);
    else if (lua_type(L, 3) == LUA_TSTRING)
        value = in_unit_of(row, L, lua_tostring(L, 3));
    else
        value = luaL_checknumber(L, 3);
    lua_remove(L, 3);
    if (!(value >= row->least && value <= row->greatest))
        luaL_error(L, "fault %s: %s is outside %s to %s%s%s", row->name,
                   value_text(value, found, sizeof found),
                   value_text(row->least, least, sizeof least),
                   value_text(row->greatest, greatest, sizeof greatest),
                   row->unit[0] ? " " : "", row->unit);
    return value;
}

static int64_t take_duration(lua_State *L)
{
    static const char *const names[] = { "duration", NULL };
    double seconds = 0;

    if (lua_isnoneornil(L, 3))
        return 0;
    args_names(L, 3, "fault", names);
    args_quantity(L, 3, "fault", "duration", DIMENSION_TIME, &seconds);
    args_range(L, seconds, 1e-6, 1e9, "fault: duration");
    return value_ns(seconds);
}

struct asked {
    enum fault_id id;
    unsigned phases;
    double value;
    int64_t duration_ns;
};

static void begin_fault(lua_State *L, struct script_meter *m, const char *verb,
                        void *user)
{
    const struct asked *a = user;

    (void)verb;
    if (fault_table[a->id].family == FAULT_FAMILY_GRID)
        script_recording_refuse(L, m, fault_table[a->id].name);
    for (int k = 0; k < 3; k++)
        if (a->phases >> k & 1) {
            m->fault_end[a->id][k] = 0;
            script_fault_set(m, a->id, k, a->value, sandbox_line(L));
        }
    if (a->duration_ns)
        plan_end(script_of(L), m, a->id, a->phases,
                 sim_now(script_of(L)->sim) + a->duration_ns);
}

/* The grid's faults are those of the whole feeder. */
static void on_feeder(lua_State *L, struct script_meter *m, script_world_call call,
                      struct asked *asked)
{
    if (fault_table[asked->id].family == FAULT_FAMILY_GRID)
        script_feeder_each(L, m, "fault", call, asked);
    else
        call(L, m, "fault", asked);
}

int script_fault(lua_State *L)
{
    struct script_meter *m = script_meter_check(L, 1);
    struct asked asked = { .id = find_fault(L, luaL_checkstring(L, 2)) };

    asked.phases = take_phases(L, &fault_table[asked.id]);
    asked.value = take_magnitude(L, &fault_table[asked.id]);
    asked.duration_ns = take_duration(L);

    if (lua_gettop(L) > 3)
        return luaL_error(L, "fault: too many arguments");
    on_feeder(L, m, begin_fault, &asked);
    return 0;
}

static void clear_fault(struct script_meter *m, enum fault_id id, unsigned phases,
                        int line)
{
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1) {
            m->fault_end[id][k] = 0;
            script_fault_set(m, id, k, fault_table[id].neutral, line);
        }
}

static void end_asked(lua_State *L, struct script_meter *m, const char *verb,
                      void *user)
{
    const struct asked *a = user;

    (void)verb;
    clear_fault(m, a->id, a->phases, sandbox_line(L));
}

int script_clear(lua_State *L)
{
    struct script_meter *m = script_meter_check(L, 1);

    if (lua_isnoneornil(L, 2)) {
        for (int id = 0; id < FAULTS; id++)
            on_feeder(L, m, end_asked,
                      &(struct asked){ .id = (enum fault_id)id, .phases = 7 });
        return 0;
    }
    enum fault_id id = find_fault(L, luaL_checkstring(L, 2));
    unsigned phases = 7;
    if (!lua_isnoneornil(L, 3)) {
        phases = args_letters(luaL_checkstring(L, 3));
        if (!phases)
            return luaL_error(L, "clear: phases: \"A\", \"BC\" or \"all\"");
    }
    on_feeder(L, m, end_asked, &(struct asked){ .id = id, .phases = phases });
    return 0;
}

static void forget_ends(struct script *s)
{
    for (guint k = 0; k < s->fault_ends->len; k++)
        sim_cancel(s->sim,
                   ((struct fault_end *)g_ptr_array_index(s->fault_ends, k))->event);
    g_ptr_array_set_size(s->fault_ends, 0);
    for (guint k = 0; k < s->meters->len; k++) {
        struct script_meter *m = g_ptr_array_index(s->meters, k);
        memset(m->fault_end, 0, sizeof m->fault_end);
    }
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

static void save_ends(struct script *s, struct store *st)
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
void script_fault_ends_store(struct script *s, struct store *st)
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
        STORE(st, at_ns);
        if (!st->failed)
            plan_end(s, g_ptr_array_index(s->meters, (guint)meter),
                     (enum fault_id)fault, (unsigned)phases, at_ns);
    }
}

void script_faults_restore(struct script *s)
{
    forget_ends(s);
    for (guint k = 0; k < s->meters->len; k++)
        for (int id = 0; id < FAULTS; id++)
            clear_fault(g_ptr_array_index(s->meters, k), (enum fault_id)id, 7, 0);
}
