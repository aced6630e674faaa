/* See script_world.h. */
#include "sim/script/script_world.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/site/site_feeder.h"

void script_feeder_each(lua_State *L, struct site_meter *m, const char *verb,
                        script_world_call call, void *user)
{
    struct script *s = script_of(L);

    for (guint k = 0; k < s->site.meters->len; k++) {
        struct site_meter *other = site_at(&s->site, k);
        if (site_feeder_head(other) == site_feeder_head(m))
            call(L, other, verb, user);
    }
}

void script_world_each(lua_State *L, struct site_meter *only, const char *verb,
                       script_world_call call, void *user)
{
    struct script *s = script_of(L);

    if (only)
        script_feeder_each(L, only, verb, call, user);
    else if (!s->site.meters->len)
        luaL_error(L, "%s: make a meter first", verb);
    for (guint k = 0; !only && k < s->site.meters->len; k++)
        call(L, site_at(&s->site, k), verb, user);
}

struct clearing {
    void (*clear)(struct waveform *world);
};

static void clear_one(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    const struct clearing *c = user;

    (void)L;
    (void)verb;
    c->clear(m->unit->world);
}

int script_world_clear(lua_State *L, const char *verb,
                       void (*clear)(struct waveform *world))
{
    struct site_meter *only = script_meter_only(L);

    script_world_each(L, only, verb, clear_one, &(struct clearing){ clear });
    script_note_call(L, OBSERVED_WORLD, only);
    return 0;
}

void script_world_free_of_recording(lua_State *L, const struct site_meter *m,
                                    const char *verb)
{
    if (site_plays(m))
        luaL_error(L, "%s: a recording plays on %s; stop_recording() ends it", verb,
                   m->name);
}
