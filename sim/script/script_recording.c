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

static const char *const names[] = {
    "va",    "vb", "vc",   "ia", "ib",     "ic",        "scale_v", "scale_i", "before",
    "after", "hz", "from", "to", "feeder", "secondary", "at_end",  NULL
};

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

static enum recording_end end_of(lua_State *L, int table)
{
    static const char *const ends[] = { "grid", "dead", "hold" };
    const char *text = args_text(L, table, "recording", "at_end");

    for (guint k = 0; text && k < G_N_ELEMENTS(ends); k++)
        if (!strcmp(text, ends[k]))
            return (enum recording_end)k;
    if (text)
        luaL_error(L, "recording: at_end is \"grid\", \"dead\" or \"hold\", not '%s'",
                   text);
    return RECORDING_END_GRID;
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
    o->at_end = end_of(L, table);
    args_quantity(L, table, "recording", "from", DIMENSION_TIME, &o->from_s);
    args_quantity(L, table, "recording", "to", DIMENSION_TIME, &o->to_s);
    args_quantity(L, table, "recording", "hz", DIMENSION_FREQUENCY, &o->hz);
    args_range(L, o->before_s, 0, 3600, "recording: before");
    args_range(L, o->after_s, 0, 3600, "recording: after");
}

/* A line in the log. */
static void say(struct script *s, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    char *line = g_strdup_vprintf(format, list);
    va_end(list);
    script_line(s, line);
    g_free(line);
}

/* What came of the file: its doubts, its end and what comes then. */
static void say_what_plays(struct script *s, const char *name, const char *warning,
                           const struct recording *r)
{
    static const char *const then[] = { "grid and load come back",
                                        "the conductors are dead",
                                        "its last cycles go on" };
    double seconds = (double)r->count / r->samples_per_s;

    if (warning[0])
        say(s, "recording %s: %s", name, warning);
    if (r->note[0])
        say(s, "recording %s: %s", name, r->note);
    say(s, "recording %s: %.3f s; at %.3f s %s", name, seconds,
        (double)sim_now(s->sim) / 1e9 + seconds, then[r->at_end]);
}

static struct recording *load_recording(lua_State *L, const char *name,
                                        const struct recording_options *options)
{
    struct script *s = script_of(L);
    struct comtrade_error error;
    struct comtrade *file = comtrade_read(find_file(L, s, name), &error);

    if (!file)
        luaL_error(L, "recording: %s", error.text);
    struct recording *r = recording_from_comtrade(file, options, &error);
    if (r)
        say_what_plays(s, name, file->warning, r);
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

static bool plays(const struct site_meter *m)
{
    return m->plays && waveform_plays(m->unit->world);
}

void script_recording_refuse(lua_State *L, const struct site_meter *m, const char *verb)
{
    if (plays(m))
        luaL_error(L, "%s: a recording plays on %s; stop_recording() ends it", verb,
                   m->name);
}

static void stop(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    struct waveform_load load = *waveform_load(m->unit->world);

    (void)verb;
    (void)user;
    if (!plays(m))
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
    struct recording_options options = { .scale_v = 1,
                                         .scale_i = 1,
                                         .before_s = RECORDING_BEFORE_S,
                                         .after_s = RECORDING_AFTER_S };

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
    struct recording *r = load_recording(L, name, &options);
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
        if (plays(site_at(&s->site, k)))
            return g_strdup_printf("a recording plays on %s and is not kept; "
                                   "stop_recording() ends it",
                                   site_at(&s->site, k)->name);
    return NULL;
}

const struct script_family script_recording_family = { .free_item = free_item,
                                                       .close = stop_all,
                                                       .obstacle = obstacle };
