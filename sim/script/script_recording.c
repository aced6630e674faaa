/* The verb recording: a COMTRADE file, resampled once, played to the meters from now
 * on. Its path is looked for beside the script, then in the current folder. */
#include "sim/script/script_recording.h"
#include "sim/script/script_family.h"
#include "sim/script/script_grid.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include "sim/site/site_feeder.h"
#include "waveform/recording.h"
#include <string.h>

static const char *const names[] = { "va",     "vb",     "vc",        "ia",
                                     "ib",     "ic",     "scale_v",   "scale_i",
                                     "before", "after",  "hz",        "from",
                                     "to",     "feeder", "secondary", NULL };

/* The path that exists, pushed on the stack; the one beside the script when none does.
 */
static const char *find_file(lua_State *L, const struct script *s, const char *name)
{
    char *folder = g_path_get_dirname(s->path);
    char *beside = g_build_filename(folder, name, NULL);
    bool found = !g_path_is_absolute(name) && g_file_test(beside, G_FILE_TEST_EXISTS);

    lua_pushstring(L, found ? beside : name);
    g_free(beside);
    g_free(folder);
    return lua_tostring(L, -1);
}

static void parse_options(lua_State *L, int table, struct recording_options *o)
{
    args_names(L, table, "recording", names);
    for (int k = 0; k < WAVEFORM_CHANNELS; k++)
        o->channel[k] = args_text(L, table, "recording", names[k]);
    args_quantity(L, table, "recording", "scale_v", DIMENSION_NUMBER, &o->scale_v);
    args_quantity(L, table, "recording", "scale_i", DIMENSION_NUMBER, &o->scale_i);
    args_quantity(L, table, "recording", "before", DIMENSION_TIME, &o->before_s);
    args_quantity(L, table, "recording", "after", DIMENSION_TIME, &o->after_s);
    double feeder = 1;
    if (args_quantity(L, table, "recording", "feeder", DIMENSION_NUMBER, &feeder))
        args_range(L, feeder, 1, COMTRADE_CHANNELS_MAX, "recording: feeder");
    o->feeder = (int)feeder;
    if (args_flag(L, table, "recording", "secondary"))
        o->side = RECORDING_SECONDARY;
    args_quantity(L, table, "recording", "from", DIMENSION_TIME, &o->from_s);
    args_quantity(L, table, "recording", "to", DIMENSION_TIME, &o->to_s);
    args_quantity(L, table, "recording", "hz", DIMENSION_FREQUENCY, &o->hz);
    args_range(L, o->before_s, 0, 3600, "recording: before");
    args_range(L, o->after_s, 0, 3600, "recording: after");
}

static struct recording *load_recording(lua_State *L, const char *path,
                                        const struct recording_options *options)
{
    struct comtrade_error error;
    struct comtrade *file = comtrade_read(path, &error);

    if (!file)
        luaL_error(L, "recording: %s", error.text);
    struct recording *r = recording_from_comtrade(file, options, &error);
    comtrade_free(file);
    if (!r)
        luaL_error(L, "recording: %s", error.text);
    return r;
}

static void play(lua_State *L, struct site_meter *m, const struct recording *r)
{
    enum waveform_wiring wiring = waveform_wiring(m->unit->world);

    if (r->line_to_line && wiring != WAVEFORM_AB && wiring != WAVEFORM_DELTA)
        luaL_error(
            L,
            "recording: its voltages are line-to-line: %s needs system type 31 or "
            "11",
            m->name);
    waveform_play(m->unit->world, r);
    m->plays = true;
}

void script_recording_refuse(lua_State *L, const struct site_meter *m, const char *verb)
{
    if (m->plays)
        luaL_error(L, "%s: a recording plays on %s; stop_recording() ends it", verb,
                   m->name);
}

static void stop(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    struct waveform_load load = *waveform_load(m->unit->world);

    (void)verb;
    (void)user;
    if (!m->plays)
        return;
    waveform_play(m->unit->world, NULL);
    m->plays = false;
    script_grid_apply(L, m);
    waveform_set_load(m->unit->world, &load);
}

/* The grid and the load that were there come back. */
int script_stop_recording(lua_State *L)
{
    struct site_meter *only = script_meter_only(L);

    script_world_each(L, only, "stop_recording", stop, NULL);
    script_note_call(L, OBSERVED_WORLD, only);
    return 0;
}

/* Stack: [meter,] file [, table]. */
int script_recording(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *only = script_meter_optional(L);
    struct recording_options options = { .scale_v = 1, .scale_i = 1 };

    lua_settop(L, 2);
    const char *name = luaL_checkstring(L, 1);
    if (!lua_isnil(L, 2))
        parse_options(L, 2, &options);
    if (only && site_feeder_shared(only))
        return luaL_error(L,
                          "recording: %s shares a feeder, and a recording has its own "
                          "currents; play it to all, or to a meter alone",
                          only->name);
    lua_createtable(L, 0, 2);
    int result = lua_gettop(L);
    struct recording *r = load_recording(L, find_file(L, s, name), &options);
    g_ptr_array_add(script_family_list(s, &script_recording_family), r);
    for (guint k = 0; k < s->site.meters->len; k++)
        if (!only || only == site_at(&s->site, k))
            play(L, site_at(&s->site, k), r);
    script_note_call(L, OBSERVED_WORLD, only);
    lua_settop(L, result);
    lua_pushnumber(L, r->hz);
    lua_setfield(L, result, "hz");
    lua_pushnumber(L, (double)r->count / r->samples_per_s);
    lua_setfield(L, result, "seconds");
    return 1;
}

static void free_item(void *recording)
{
    recording_free(recording);
}

static void stop_all(struct script *s, void *state)
{
    (void)state;
    for (guint k = 0; k < s->site.meters->len; k++)
        if (site_at(&s->site, k)->plays)
            waveform_play(site_at(&s->site, k)->unit->world, NULL);
}

static char *obstacle(struct script *s, void *state)
{
    (void)state;
    for (guint k = 0; k < s->site.meters->len; k++)
        if (site_at(&s->site, k)->plays)
            return g_strdup_printf("a recording plays on %s and is not kept; "
                                   "stop_recording() ends it",
                                   site_at(&s->site, k)->name);
    return NULL;
}

const struct script_family script_recording_family = { .free_item = free_item,
                                                       .close = stop_all,
                                                       .obstacle = obstacle };
