/* The verbs fault and clear. Names, units and ranges are those of the fault table. */
#include "hal_sim/link.h"
#include "sim/bridge/bridge.h"
#include "sim/line/line_unit.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include "sim/site/site_fault.h"
#include <stdio.h>
#include <string.h>

static enum fault_id find_fault(lua_State *L, const char *name)
{
    static const struct args_choice faults = { "unknown fault", fault_table,
                                               sizeof *fault_table, FAULTS, "" };

    return (enum fault_id)args_choose(L, NULL, &faults, name);
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
static unsigned parse_phases(lua_State *L, const struct fault_row *row)
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

static double parse_magnitude(lua_State *L, const struct fault_row *row)
{
    double value = row->usual;
    char min[32], max[32], found[32];

    if (lua_istable(L, 3) || lua_isnoneornil(L, 3))
        return value;
    if (lua_type(L, 3) == LUA_TBOOLEAN)
        value = lua_toboolean(L, 3);
    else if (lua_type(L, 3) == LUA_TSTRING)
        value = in_unit_of(row, L, lua_tostring(L, 3));
    else
        value = luaL_checknumber(L, 3);
    lua_remove(L, 3);
    if (!(value >= row->min && value <= row->max))
        luaL_error(L, "fault %s: %s is outside %s to %s%s%s", row->name,
                   value_text(value, found, sizeof found),
                   value_text(row->min, min, sizeof min),
                   value_text(row->max, max, sizeof max), row->unit[0] ? " " : "",
                   row->unit);
    return value;
}

static int64_t parse_duration(lua_State *L)
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

/* A fault of a rope CT needs one; one of the bus a line, but for those of a PDU; one of
 * the cable a cable. */
static void refuse_idle(lua_State *L, const struct site_meter *m, enum fault_id id)
{
    const struct line *line = line_of_unit(m->unit);
    const char *name = fault_table[id].name;

    if (fault_table[id].family == FAULT_FAMILY_ROPE && !m->unit->sensors.rope)
        luaL_error(L,
                   "fault %s is one of rope CTs, and %s has none: model = \"s4000r\"",
                   name, m->name);
    if (unit_board_cannot(m->unit, id))
        luaL_error(L, "fault %s %s: run it with --board image", name,
                   unit_board_cannot(m->unit, id));
    if (fault_table[id].family == FAULT_FAMILY_GATEWAY &&
        !(line && bridge_of_line(line)) && !sim_expects_bridge(m->site->sim))
        luaL_error(
            L,
            "fault %s is one of a gateway, and there is none before %s: make one "
            "before with gateway { }, or serve it with --gateway",
            name, m->name);
    if (fault_table[id].family != FAULT_FAMILY_BUS || link_acts_on_pdu(id))
        return;
    if (!line && sim_expects_line(m->site->sim))
        return;
    if (!line)
        luaL_error(L,
                   "fault %s acts on RS-485 alone, and %s is on no line: make one "
                   "before with line { }, or serve it with --rtu",
                   name, m->name);
    if (link_acts_on_cable(id) && line_cable(line)->length_m <= 0)
        luaL_error(L,
                   "fault %s acts on a cable, and %s of %s has no length: give it "
                   "one with line { cable = \"600 m\" }",
                   name, line_name(line), m->name);
}

static void begin_fault(lua_State *L, struct site_meter *m, const char *verb,
                        void *user)
{
    const struct asked *a = user;

    (void)verb;
    refuse_idle(L, m, a->id);
    if (fault_table[a->id].family == FAULT_FAMILY_GRID)
        script_world_free_of_recording(L, m, fault_table[a->id].name);
    site_fault_begin(m, a->id, a->phases, a->value, sandbox_line(L));
    if (a->duration_ns)
        site_fault_end_at(m, a->id, a->phases, sim_now(m->site->sim) + a->duration_ns);
}

/* The grid's faults are those of the whole feeder. */
static void on_feeder(lua_State *L, struct site_meter *m, script_world_call call,
                      struct asked *asked)
{
    if (fault_table[asked->id].family == FAULT_FAMILY_GRID)
        script_feeder_each(L, m, "fault", call, asked);
    else
        call(L, m, "fault", asked);
}

int script_fault(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    struct asked asked = { .id = find_fault(L, luaL_checkstring(L, 2)) };

    asked.phases = parse_phases(L, &fault_table[asked.id]);
    asked.value = parse_magnitude(L, &fault_table[asked.id]);
    asked.duration_ns = parse_duration(L);

    if (lua_gettop(L) > 3)
        return luaL_error(L, "fault: too many arguments");
    on_feeder(L, m, begin_fault, &asked);
    return 0;
}

static void end_asked(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    const struct asked *a = user;

    (void)verb;
    site_fault_end(m, a->id, a->phases, sandbox_line(L));
}

int script_clear(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);

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

int script_needs_image(lua_State *L)
{
    if (!sim_maker(script_of(L)->sim))
        return script_skip(L, "it needs the chips of --board image");
    return 0;
}
