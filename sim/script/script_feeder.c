/* See script_feeder.h. */
#include "sim/script/script_feeder.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include "sim/site/site_feeder.h"

/* A submeter on some conductors of a feeder with a neutral is metered there. */
static void check_wiring(lua_State *L, const struct site_meter *head,
                         enum waveform_wiring wiring)
{
    if (!site_feeder_fits(head, wiring))
        luaL_error(
            L,
            "meter: feeder: the wiring must be that of %s, or, with a neutral, some "
            "of its conductors (A-N, B-N, C-N, A-B-N)",
            head->name);
}

struct site_meter *script_feeder_parse(lua_State *L, int table,
                                       enum waveform_wiring wiring)
{
    struct script *s = script_of(L);
    struct site_meter *m;

    if (lua_getfield(L, table, "feeder") == LUA_TNIL) {
        lua_pop(L, 1);
        return NULL;
    }
    m = script_meter_test(L, -1);
    if (!m)
        luaL_error(L, "meter: feeder: the meter at its head, found %s",
                   luaL_typename(L, -1));
    lua_pop(L, 1);
    m = site_feeder_head(m);
    check_wiring(L, m, wiring);
    script_world_free_of_recording(L, m, "meter");
    if (m->made_ns != sim_now(s->sim))
        luaL_error(L, "meter: feeder: make its meters before time passes");
    return m;
}
