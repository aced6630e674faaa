/* The verbs add_load and clear_loads: loads besides that of the verb load, by the rows
 * of waveform/load_kind.def. A load belongs to the meters that there are. A
 * profile is freed when no load draws it any more; when the script closes, the meters
 * that may outlive it lose their added loads first. */
#include "sim/script/script_loads.h"
#include "sim/script/script_file.h"
#include "sim/script/script_load.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_parameter.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include "sim/site/site_feeder.h"
#include "waveform/motion.h"
#include "waveform/profile.h"
#include <errno.h>
#include <math.h>
#include <string.h>

static const char *const common[] = { "amps", "kw",    "connection", "phases",
                                      "at",   "volts", NULL };
static const char *const common_of_profile[] = { "file", "connection", "phases",
                                                 "at",   "volts",      NULL };
static const char *const connections[] = { "wye", "star", "delta", "ab" };

static const struct args_choice kinds = { "unknown load", load_table,
                                          sizeof *load_table, WAVEFORM_LOAD_KINDS, "" };
static const struct args_choice connection_choice = { "unknown connection", connections,
                                                      sizeof *connections,
                                                      (int)G_N_ELEMENTS(connections),
                                                      " (wye, star, delta, ab)" };

static void parse_size(lua_State *L, int table, const char *verb,
                       struct waveform_load_spec *spec)
{
    double *amps = spec->amps_each;
    bool has_amps = args_phases(L, table, verb, "amps", DIMENSION_CURRENT, amps);
    bool has_kw = args_quantity(L, table, verb, "kw", DIMENSION_POWER, &spec->kw);

    if (has_amps == has_kw)
        luaL_error(L, "%s: give one of amps and kw", verb);
    for (int k = 0; k < 3; k++)
        args_range(L, amps[k], -1e6, 1e6, "add_load: amps");
    args_range(L, spec->kw, -1e6, 1e6, "add_load: kw");
}

/* "0.9 lead", where the kind has a power factor that can lead; the word goes before the
 * number is read as the other parameters are. */
static void parse_pf_word(lua_State *L, int table, const char *verb,
                          const struct script_parameters *p,
                          struct waveform_load_spec *spec)
{
    bool may_lead = false, leads = false;

    for (int k = 0; k < p->count; k++)
        may_lead |= !strcmp(p->item[k].name, "leading");
    if (lua_getfield(L, table, "pf") == LUA_TSTRING) {
        double pf = script_pf_parse(L, verb, &leads);
        if (leads && !may_lead)
            luaL_error(L, "%s: pf: it cannot lead", verb);
        lua_pushnumber(L, pf);
        lua_setfield(L, table, "pf");
        spec->leads = leads;
    }
    lua_pop(L, 1);
}

static void parse_common(lua_State *L, int table, const char *verb,
                         struct waveform_load_spec *spec)
{
    const char *phases = args_text(L, table, verb, "phases");

    if (phases && !(spec->phases = args_letters(phases)))
        luaL_error(L, "%s: phases: \"A\", \"BC\" or \"all\", not \"%s\"", verb, phases);
    if (args_quantity(L, table, verb, "at", DIMENSION_TIME, &spec->at_s))
        args_range(L, spec->at_s, 0, 999999999, "add_load: at");
    if (args_quantity(L, table, verb, "volts", DIMENSION_VOLTAGE, &spec->volts))
        args_range(L, spec->volts, 1, 1e6, "add_load: volts");
    if (spec->kind == WAVEFORM_LOAD_SOLAR &&
        !(spec->rise_s < spec->set_s && spec->set_s <= spec->day_s))
        luaL_error(L, "%s: the sun rises before it sets, within the day", verb);
}

/* A profile that is in use, or was. */
struct owned {
    struct script *script;
    struct profile *profile;
    int64_t bytes; /* charged to the script */
};

static void free_owned(void *user)
{
    struct owned *o = user;

    sandbox_charge(&o->script->sandbox, -o->bytes);
    profile_free(o->profile);
    g_free(o);
}

static bool is_used(const struct script *s, const struct profile *p)
{
    bool used = false;

    for (guint k = 0; k < s->site.meters->len; k++)
        used |= waveform_uses_profile(site_at(&s->site, k)->unit->world, p);
    return used;
}

/* Frees those that no load draws. */
static void free_unused(struct script *s)
{
    GPtrArray *list = script_family_list(s, &script_loads_family);

    for (guint k = list->len; k-- > 0;)
        if (!is_used(s, ((struct owned *)g_ptr_array_index(list, k))->profile))
            g_ptr_array_remove_index_fast(list, k);
}

/* The meters may outlive the script. */
static void clear_worlds(struct script *s, void *state)
{
    (void)state;
    if (script_family_list(s, &script_loads_family)->len == 0)
        return;
    for (guint k = 0; k < s->site.meters->len; k++)
        waveform_clear_loads(site_at(&s->site, k)->unit->world);
}

const struct script_family script_loads_family = { .free_item = free_owned,
                                                   .close = clear_worlds };

/* A file that is read. */
struct loading {
    const char *path, *name;
    struct script_file file;
    char error[PROFILE_ERROR];
    struct profile *profile; /* NULL: there is an error */
};

/* Messages have the name as the script gives it, whatever folder it lies in. */
static void load(void *user)
{
    struct loading *l = user;
    FILE *file = script_file_open(&l->file, l->path);

    if (!file) {
        g_snprintf(l->error, sizeof l->error, "%s: %s", l->name, g_strerror(errno));
        return;
    }
    l->profile = profile_read_open(file, l->name, l->error);
    fclose(file);
}

static const struct profile *own(lua_State *L, struct profile *profile)
{
    struct script *s = script_of(L);
    struct owned *o = g_new(struct owned, 1);

    *o = (struct owned){ s, profile, profile->count * (int64_t)sizeof *profile->point };
    if (!sandbox_charge(&s->sandbox, o->bytes)) {
        o->bytes = 0;
        free_owned(o);
        luaL_error(L, "not enough memory for the profile");
    }
    g_ptr_array_add(script_family_list(s, &script_loads_family), o);
    sandbox_count_steps(L, o->bytes / (int64_t)sizeof(double));
    return profile;
}

static const struct profile *parse_profile(lua_State *L, int table, const char *verb)
{
    const char *name = args_text(L, table, verb, "file");
    struct script *s = script_of(L);

    if (!name)
        luaL_error(L, "%s: give a file", verb);
    free_unused(s);
    char *path = script_file_find(s, name);
    struct loading l = { .path = path,
                         .name = name,
                         .file = { s->folder, SCRIPT_PROFILE_BYTES, NULL } };
    script_file_work(s, load, &l);
    g_free(path);
    if (!l.profile) {
        lua_pushstring(L, l.file.problem ? l.file.problem : l.error);
        g_free(l.file.problem);
        luaL_error(L, "%s: %s", verb, lua_tostring(L, -1));
    }
    return own(L, l.profile);
}

/* Branches to N are on the wiring's conductors. */
static void fit_phases(lua_State *L, const struct site_meter *m, const char *verb,
                       struct waveform_load_spec *spec)
{
    const unsigned wired = wiring_table[m->unit->sensors.wiring].conductors;

    spec->phases = (spec->phases ? spec->phases : 7) & wired;
    if (!spec->phases)
        luaL_error(L, "%s: phases: %s has none of them (%s)", verb, m->name,
                   wiring_table[m->unit->sensors.wiring].name);
}

/* What the wiring has: a load of the others cannot be meant. */
static void fit_wiring(lua_State *L, const struct site_meter *m, const char *verb,
                       bool connected, struct waveform_load_spec *spec)
{
    const enum waveform_wiring wiring = m->unit->sensors.wiring;
    bool three = wiring_count(wiring) == 3;

    if (!connected)
        spec->connection = wiring == WAVEFORM_AB      ? WAVEFORM_CONNECT_AB
                           : wiring == WAVEFORM_DELTA ? WAVEFORM_CONNECT_DELTA
                                                      : WAVEFORM_CONNECT_WYE;
    if (spec->connection == WAVEFORM_CONNECT_WYE)
        fit_phases(L, m, verb, spec);
    if (!three && (spec->connection == WAVEFORM_CONNECT_STAR ||
                   spec->connection == WAVEFORM_CONNECT_DELTA))
        luaL_error(L, "%s: connection %s: %s has no three phases", verb,
                   connections[spec->connection], m->name);
    if (wiring == WAVEFORM_DELTA && !load_part_closes(spec))
        luaL_error(L, "%s: connection %s: %s has no neutral for its current (delta)",
                   verb, connections[spec->connection], m->name);
}

static int count_parts(const struct site_meter *m,
                       const struct waveform_load_spec *spec)
{
    struct load_part part[LOAD_PARTS];
    const struct waveform_grid grid = waveform_grid(m->unit->world);
    int count = load_part_make(spec, &grid, 0, part);

    for (int k = 0; k < count; k++)
        load_part_free(&part[k]);
    return count;
}

struct added {
    struct waveform_load_spec spec;
    bool connected;
};

static void add(lua_State *L, struct site_meter *m, const char *verb,
                const struct waveform_load_spec *spec)
{
    if (waveform_add_load(m->unit->world, spec) == 0)
        return;
    script_world_free_of_recording(L, m, verb);
    if (count_parts(m, spec) == 0)
        luaL_error(L,
                   "%s: it draws nothing on %s: no voltage across it (call grid "
                   "first), no amps, or kw at a power factor of 0",
                   verb, m->name);
    luaL_error(L, "%s: no room for more loads on %s (clear_loads removes them)", verb,
               m->name);
}

/* The currents of a submeter flow through the head of its feeder, too. */
static void add_to(lua_State *L, struct site_meter *m, const char *verb, void *user)
{
    const struct added *added = user;
    struct waveform_load_spec spec = added->spec;

    fit_wiring(L, m, verb, added->connected, &spec);
    add(L, m, verb, &spec);
    if (m->head)
        add(L, m->head, verb, &spec);
}

/* The table is copied, because a word of the power factor is taken out of it. */
static void copy_table(lua_State *L, int table)
{
    luaL_checktype(L, table, LUA_TTABLE);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_replace(L, table);
}

static void parse_spec(lua_State *L, const char *verb, struct added *added)
{
    struct waveform_load_spec *spec = &added->spec;
    struct script_parameters parameters = script_parameters_of_load(spec->kind);
    bool is_profile = spec->kind == WAVEFORM_LOAD_PROFILE;
    const char *const *fields = is_profile ? common_of_profile : common;

    copy_table(L, 2);
    script_parameters_check(L, 2, verb, &parameters, fields);
    parse_pf_word(L, 2, verb, &parameters, spec);
    script_parameters_parse(L, 2, verb, &parameters, spec);
    parse_common(L, 2, verb, spec);
    const char *connection = args_text(L, 2, verb, "connection");
    added->connected = connection != NULL;
    if (connection)
        spec->connection = (enum waveform_connection)args_choose(
            L, verb, &connection_choice, connection);
    if (is_profile)
        spec->profile = parse_profile(L, 2, verb);
    else
        parse_size(L, 2, verb, spec);
}

/* Stack: [meter,] name, table. */
int script_add_load(lua_State *L)
{
    struct site_meter *only = script_meter_optional(L);

    lua_settop(L, 2);
    enum waveform_load_kind kind =
        (enum waveform_load_kind)args_choose(L, NULL, &kinds, luaL_checkstring(L, 1));
    const char *verb = lua_pushfstring(L, "add_load %s", load_table[kind].name);
    struct added added = { .spec = load_defaults(kind) };
    parse_spec(L, verb, &added);
    if (only)
        add_to(L, only, verb, &added);
    else
        script_world_each(L, NULL, verb, add_to, &added);
    script_note_call(L, OBSERVED_WORLD, only);
    return 0;
}

int script_clear_loads(lua_State *L)
{
    struct site_meter *only = script_meter_only(L);

    if (only && site_feeder_shared(only))
        return luaL_error(L, "clear_loads: %s shares a feeder; clear_loads() ends all",
                          only->name);
    script_world_clear(L, "clear_loads", waveform_clear_loads);
    free_unused(script_of(L));
    return 0;
}
