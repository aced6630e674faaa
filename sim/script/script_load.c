/* The verb load: constant currents, or those that make so many kilowatts at the present
 * voltages. Lag is positive for inductive loads; export turns the current around, so
 * that P and Q both change their sign. Angles come from turn.h, not from libm, because
 * samples are made of them. */
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"
#include "waveform/base/turn.h"
#include <math.h>
#include <string.h>

static const char *const names[] = { "amps",      "kw",     "pf",     "lag_degrees",
                                     "leading",   "export", "phases", "between",
                                     "harmonics", NULL };

#define TURN 18446744073709551616.0 /* 2^64 */

static double to_degrees(struct turn t)
{
    return (double)(int64_t)t.frac / TURN * 360;
}

static double cosine_of(double degrees)
{
    double sine, cosine;

    turn_sin_cos(turn_from_ratio(degrees, 360).frac, &sine, &cosine);
    return cosine;
}

double script_args_pf(lua_State *L, const char *verb, bool *leading)
{
    const char *what = lua_pushfstring(L, "%s: pf", verb);

    lua_insert(L, -2);
    char number[16];
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;

    if (!text) {
        double pf = args_value(L, lua_gettop(L), DIMENSION_NUMBER, what);
        args_range(L, pf, -1, 1, what);
        lua_remove(L, -2);
        return pf;
    }
    const char *word = text + strcspn(text, " ");
    g_snprintf(number, sizeof number, "%.*s", (int)(word - text), text);
    word += strspn(word, " ");
    if (*word && strcmp(word, "lag") && strcmp(word, "lead"))
        luaL_error(L, "%s: \"0.92 lag\" or \"0.92 lead\", not \"%s\"", what, text);
    double pf;
    char error[VALUE_ERROR];
    if (!value_parse_as(number, DIMENSION_NUMBER, &pf, error))
        luaL_error(L, "%s: %s", what, error);
    if (*word)
        *leading = !strcmp(word, "lead");
    args_range(L, pf, -1, 1, what);
    lua_remove(L, -2);
    return pf;
}

static void set_pf(struct script_load *load, int k, double pf, bool leading)
{
    double size = fabs(pf);
    double lag = to_degrees(turn_from_vector(size, sqrt(1 - size * size)));

    load->pf[k] = size;
    load->lag_degrees[k] = (leading ? -lag : lag) + (pf < 0 ? 180 : 0);
}

static bool take_pfs(lua_State *L, int table, struct script_load *load)
{
    bool leading = args_flag(L, table, "load", "leading");
    int type = lua_getfield(L, table, "pf"), list = lua_gettop(L);

    if (type == LUA_TTABLE)
        args_three(L, list, "load: pf");
    for (int k = 0; type != LUA_TNIL && k < 3; k++) {
        bool leads = leading;
        if (type == LUA_TTABLE)
            lua_geti(L, list, k + 1);
        else
            lua_pushvalue(L, list);
        double pf = script_args_pf(L, "load", &leads);
        set_pf(load, k, pf, leads);
        lua_settop(L, list);
    }
    lua_pop(L, 1);
    return type != LUA_TNIL;
}

static void take_lag(lua_State *L, int table, struct script_load *load)
{
    bool has_pf = take_pfs(L, table, load);
    bool has_lag = args_phases(L, table, "load", "lag_degrees", DIMENSION_ANGLE,
                               load->lag_degrees);

    if (has_pf && has_lag)
        luaL_error(L, "load: give one of pf and lag_degrees");
    for (int k = 0; k < 3; k++) {
        if (has_lag) {
            args_range(L, load->lag_degrees[k], -3600, 3600, "load: lag_degrees");
            load->pf[k] = cosine_of(load->lag_degrees[k]);
        } else if (!has_pf) {
            load->pf[k] = 1;
        }
        if (args_flag(L, table, "load", "export"))
            load->lag_degrees[k] += 180;
    }
}

static void take_phases(lua_State *L, int table, struct script_load *load)
{
    const char *phases = args_text(L, table, "load", "phases");
    const char *between = args_text(L, table, "load", "between");

    load->phases = phases ? args_letters(phases) : 7;
    if (!load->phases)
        luaL_error(L, "load: phases: \"A\", \"BC\" or \"all\", not \"%s\"", phases);
    if (between && (strcmp(between, "AB") || phases))
        luaL_error(L, "load: between: only \"AB\", and without phases");
    load->ab = between != NULL;
}

static void take_size(lua_State *L, int table, struct script_load *load)
{
    bool has_amps =
        args_phases(L, table, "load", "amps", DIMENSION_CURRENT, load->amps);

    load->has_kw = args_quantity(L, table, "load", "kw", DIMENSION_POWER, &load->kw);
    if (has_amps == load->has_kw)
        luaL_error(L, "load: give one of amps and kw");
    for (int k = 0; k < 3; k++)
        args_range(L, load->amps[k], 0, 1e6, "load: amps");
    if (load->has_kw)
        args_range(L, load->kw, -1e6, 1e6, "load: kw");
}

/* Volts that drive the current of phase k. */
static double driving_volts(const struct waveform_grid *grid, bool ab, int k)
{
    const double *v = grid->volts;

    if (!ab)
        return v[k];
    double cosine = cosine_of(grid->degrees[0] - grid->degrees[1]);
    return sqrt(v[0] * v[0] + v[1] * v[1] - 2 * v[0] * v[1] * cosine);
}

static void amps_of_kw(lua_State *L, const struct script_load *load,
                       const struct waveform_grid *grid, unsigned phases,
                       struct waveform_load *out)
{
    int count = 0;

    for (int k = 0; k < 3; k++)
        count += phases >> k & 1;
    for (int k = 0; k < 3; k++) {
        if (!(phases >> k & 1))
            continue;
        double volts = driving_volts(grid, out->ab, k), pf = fabs(load->pf[k]);
        if (volts == 0)
            luaL_error(L, "load: kw needs a voltage: call grid first");
        if (pf < 1e-3)
            luaL_error(L, "load: kw needs a power factor other than 0");
        out->amps[k] = fabs(load->kw) * 1000 / count / (volts * pf);
        if (load->kw < 0)
            out->lag_degrees[k] += 180;
    }
}

/* Which phases a meter of this wiring has currents in. */
static unsigned wired_phases(enum waveform_wiring wiring)
{
    return wiring == WAVEFORM_AN || wiring == WAVEFORM_AB ? 1
           : wiring == WAVEFORM_ABN                       ? 3
                                                          : 7;
}

void script_load_apply(lua_State *L, const struct script_load *load,
                       struct script_meter *m)
{
    const enum waveform_wiring wiring = m->unit->sensors.wiring;
    struct waveform_load out = { .ab = load->ab || wiring == WAVEFORM_AB };
    unsigned phases = load->phases & (out.ab ? 1 : wired_phases(wiring));

    for (int k = 0; k < 3; k++) {
        out.lag_degrees[k] = load->lag_degrees[k];
        out.harmonics[k] = load->harmonics[k];
        if (phases >> k & 1)
            out.amps[k] = load->amps[k];
    }
    if (load->has_kw)
        amps_of_kw(L, load, waveform_grid(m->unit->world), phases, &out);
    script_recording_refuse(L, m, "load");
    script_feeder_load(L, m, &out);
}

int script_load(lua_State *L)
{
    struct script *s = script_of(L);
    struct script_meter *only = script_meter_test(L, 1);
    struct script_load load = { .given = true };
    int table = only ? 2 : 1;

    args_names(L, table, "load", names);
    script_note_call(L, OBSERVED_WORLD, only);
    take_size(L, table, &load);
    take_lag(L, table, &load);
    take_phases(L, table, &load);
    script_args_harmonics(L, table, "load", load.harmonics);
    if (only) {
        script_load_apply(L, &load, only);
        return 0;
    }
    s->load = load;
    for (guint k = 0; k < s->meters->len; k++)
        script_load_apply(L, &load, g_ptr_array_index(s->meters, k));
    return 0;
}
