/* See script_recording.h. */
#include "sim/script/script_recording.h"
#include "sim/script/script_family.h"
#include "sim/script/script_file.h"
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
    g_autofree char *line = g_strdup_vprintf(format, list);
    va_end(list);
    script_line(s, line);
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

/* A file that is read and resampled. */
struct loading {
    const char *path;
    struct script_file file;
    struct recording_options options;
    struct comtrade_error error;
    struct comtrade *comtrade;
    struct recording *recording; /* NULL: there is an error */
};

static void load(void *user)
{
    struct loading *l = user;

    l->comtrade = comtrade_read_by(l->path, script_file_open, &l->file, &l->error);
    if (l->comtrade)
        l->recording = recording_from_comtrade(l->comtrade, &l->options, &l->error);
}

static int64_t samples_of(const struct recording *r)
{
    return r->count + r->loop;
}

/* How many there may still be. */
static int64_t samples_left(const GPtrArray *list)
{
    int64_t left = ((int64_t)SCRIPT_RECORDINGS_MB << 20) /
                   (WAVEFORM_CHANNELS * (int64_t)sizeof(double));

    for (guint k = 0; k < list->len; k++)
        left -= samples_of(g_ptr_array_index(list, k));
    return MAX(left, 1);
}

static struct recording *load_recording(lua_State *L, const char *name,
                                        const struct recording_options *options)
{
    struct script *s = script_of(L);
    GPtrArray *list = script_family_list(s, &script_recording_family);
    char *path = script_file_find(s, name);
    struct loading l = { .path = path,
                         .file = { s->folder, SCRIPT_RECORDING_BYTES, NULL },
                         .options = *options };

    l.options.samples_max = samples_left(list);
    script_file_work(s, load, &l);
    if (l.recording)
        say_what_plays(s, name, l.comtrade->warning, l.recording);
    if (l.recording)
        g_ptr_array_add(list, l.recording);
    g_free(path);
    comtrade_free(l.comtrade);
    if (!l.recording) {
        lua_pushstring(L, l.file.problem ? l.file.problem : l.error.text);
        g_free(l.file.problem);
        luaL_error(L, "recording: %s", lua_tostring(L, -1));
    }
    g_free(l.file.problem);
    sandbox_count_steps(L, samples_of(l.recording));
    return l.recording;
}

static bool is_used(const struct script *s, const struct recording *r)
{
    bool used = false;

    for (guint k = 0; k < s->site.meters->len; k++)
        used |= waveform_uses_recording(site_at(&s->site, k)->unit->world, r);
    return used;
}

/* Frees those that no meter plays. */
static void free_unused(struct script *s)
{
    GPtrArray *list = script_family_list(s, &script_recording_family);

    for (guint k = list->len; k-- > 0;)
        if (!is_used(s, g_ptr_array_index(list, k)))
            g_ptr_array_remove_index_fast(list, k);
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

static void stop(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    struct waveform_load load = waveform_load(m->unit->world);

    (void)verb;
    (void)user;
    if (!site_plays(m))
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
    free_unused(script_of(L));
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
    free_unused(s); /* of files whose end has come, or that could not be played */
    struct recording *r = load_recording(L, name, &options);
    for (guint k = 0; k < s->site.meters->len; k++)
        if (!only || only == site_at(&s->site, k))
            play(L, site_at(&s->site, k), r);
    script_note_call(L, OBSERVED_WORLD, only);
    lua_pushnumber(L, (double)r->count / r->samples_per_s);
    lua_pushnumber(L, r->hz);
    free_unused(s);
    lua_setfield(L, result, "hz");
    lua_setfield(L, result, "seconds");
    lua_settop(L, result);
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
        if (site_plays(site_at(&s->site, k)))
            return g_strdup_printf("a recording plays on %s and is not kept; "
                                   "stop_recording() ends it",
                                   site_at(&s->site, k)->name);
    return NULL;
}

const struct script_family script_recording_family = { .free_item = free_item,
                                                       .close = stop_all,
                                                       .obstacle = obstacle };
