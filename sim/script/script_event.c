/* The verbs event and clear_events: what happens to the grid, by the rows of
 * waveform/event.def. An event belongs to the meters that there are; `at` counts from
 * now. */
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_parameter.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include "waveform/motion.h"

static const char *const common[] = { "phases", "at", "on_wave", "point", NULL };

static const struct args_choice kinds = { "unknown event", event_table,
                                          sizeof *event_table, WAVEFORM_EVENTS, "" };

static bool is_of_frequency(enum waveform_event_kind kind)
{
    return kind >= WAVEFORM_EVENT_HZ_STEP && kind <= WAVEFORM_EVENT_HZ_WALK;
}

static void parse_common(lua_State *L, int table, const char *verb,
                         struct waveform_event *e)
{
    const char *phases = args_text(L, table, verb, "phases");

    if (phases && is_of_frequency(e->kind))
        luaL_error(L, "%s: the frequency has no phases", verb);
    if (phases && !(e->phases = args_letters(phases)))
        luaL_error(L, "%s: phases: \"A\", \"BC\" or \"all\", not \"%s\"", verb, phases);
    if (args_quantity(L, table, verb, "at", DIMENSION_TIME, &e->at_s))
        args_range(L, e->at_s, 0, 999999999, "event: at");
    e->on_wave = args_flag(L, table, verb, "on_wave");
    if (args_quantity(L, table, verb, "point", DIMENSION_ANGLE, &e->point_degrees)) {
        args_range(L, e->point_degrees, -360, 360, "event: point");
        e->on_wave = true;
    }
}

static void add(lua_State *L, const struct site_meter *m,
                const struct waveform_event *event, const char *verb)
{
    if (waveform_add_event(m->unit->world, event) == 0)
        return;
    script_world_free_of_recording(L, m, verb);
    luaL_error(L, "%s: %s has %d events already (clear_events ends them)", verb,
               m->name, MOTION_EVENTS);
}

static void add_to(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    add(L, m, user, verb);
}

/* Stack: [meter,] name [, table]. */
int script_event(lua_State *L)
{
    struct site_meter *only = script_meter_optional(L);

    lua_settop(L, 2);
    enum waveform_event_kind kind =
        (enum waveform_event_kind)args_choose(L, NULL, &kinds, luaL_checkstring(L, 1));
    const char *verb = lua_pushfstring(L, "event %s", event_table[kind].name);
    struct waveform_event event = event_defaults(kind);
    if (!lua_isnil(L, 2)) {
        struct script_parameters parameters = script_parameters_of_event(kind);
        script_parameters_check(L, 2, verb, &parameters, common);
        script_parameters_parse(L, 2, verb, &parameters, &event);
        parse_common(L, 2, verb, &event);
    }
    script_world_each(L, only, verb, add_to, &event);
    script_note_call(L, OBSERVED_WORLD, only);
    return 0;
}

int script_clear_events(lua_State *L)
{
    return script_world_clear(L, "clear_events", waveform_clear_events);
}
