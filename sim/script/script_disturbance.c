/* See script_disturbance.h. */
#include "sim/script/script_disturbance.h"
#include "sim/script/script_state.h"
#include "waveform/shape.h"
#include <string.h>

static const char *const losses[] = { "dead", "floating", "backfed", "motor" };
static const char *const letters[] = { "A", "B", "C", NULL };

static const struct args_choice loss_choice = { "unknown", losses, sizeof *losses,
                                                (int)G_N_ELEMENTS(losses),
                                                " (dead, floating, backfed, motor)" };

/* The table field on top of the stack, popped by the caller; false: not given. */
static bool open_field(lua_State *L, int table, const char *field,
                       const char *const *names)
{
    const char *what = lua_pushfstring(L, "grid: %s", field);

    if (lua_getfield(L, table, field) == LUA_TNIL)
        return false;
    if (!lua_istable(L, -1))
        luaL_error(L, "%s: expected { %s = … }, found %s", what, names[0],
                   luaL_typename(L, -1));
    args_names(L, lua_gettop(L), what, names);
    return true;
}

/* A motor at light load holds nine tenths (neutral_motor_share). */
static void parse_motor(lua_State *L, int table, struct site_grid *g)
{
    double *share = g->disturbance.motor_share;
    bool given = args_phases(L, table, "grid", "backfed", DIMENSION_NUMBER, share);
    bool slows = args_quantity(L, table, "grid", "slows", DIMENSION_TIME,
                               &g->disturbance.motor_slows_s);
    bool motor = false;

    for (int k = 0; k < 3; k++) {
        motor |= g->disturbance.loss[k] == WAVEFORM_LOSS_MOTOR;
        if (!given && share[k] == 0)
            share[k] = 0.9;
        args_range(L, share[k], -0.5, 1, "grid: backfed");
    }
    args_range(L, g->disturbance.motor_slows_s, 0, 1e6, "grid: slows");
    if ((given || slows) && !motor)
        luaL_error(L,
                   "grid: %s is of a motor: loss = { B = \"motor\" }; through a "
                   "transformer or a delta load it is −1/2 of the healthy voltage",
                   given ? "backfed" : "slows");
    g->sets_disturbance |= given || slows;
}

/* { B = "floating" }: the whole list; a phase that is not in it is there. */
static void parse_loss(lua_State *L, int table, struct site_grid *g)
{
    const int top = lua_gettop(L);

    if (open_field(L, table, "loss", letters)) {
        int list = lua_gettop(L);
        for (int k = 0; k < 3; k++) {
            const char *name = args_text(L, list, "grid: loss", letters[k]);
            g->lost[k] = name != NULL;
            g->disturbance.loss[k] = WAVEFORM_LOSS_DEAD;
            if (name)
                g->disturbance.loss[k] = (enum waveform_loss)args_choose(
                    L, "grid: loss", &loss_choice, name);
        }
        g->sets_loss = g->sets_disturbance = true;
    }
    lua_settop(L, top);
    parse_motor(L, table, g);
}

static double parse_percent(lua_State *L, int table, const char *verb, double max)
{
    double percent = 0;
    const char *what = lua_pushfstring(L, "%s: percent", verb);

    if (lua_getfield(L, table, "percent") != LUA_TNIL)
        percent = args_percent(L, lua_gettop(L), what);
    args_range(L, percent, 0, max, what);
    lua_pop(L, 2);
    return percent;
}

/* The phases that have it; the others have all of it less. */
static void parse_phases(lua_State *L, int table, const char *verb, double less[3])
{
    const char *text = args_text(L, table, verb, "phases");
    const unsigned phases = text ? args_letters(text) : 7;

    if (!phases)
        luaL_error(L, "%s: phases: \"A\", \"BC\" or \"all\", not \"%s\"", verb, text);
    for (int k = 0; k < 3; k++)
        less[k] = !(phases >> k & 1);
}

static void parse_flicker(lua_State *L, int table, struct site_grid *g)
{
    static const char *const names[] = { "hz", "percent", "rectangular", "phases",
                                         NULL };
    static const char verb[] = "grid: flicker";
    const int top = lua_gettop(L);
    struct waveform_disturbance *t = &g->disturbance;

    if (open_field(L, table, "flicker", names)) {
        int list = lua_gettop(L);
        t->flicker_percent = parse_percent(L, list, verb, 200);
        parse_phases(L, list, verb, t->flicker_less);
        t->flicker_rectangular = args_flag(L, list, verb, "rectangular");
        if (!args_quantity(L, list, verb, "hz", DIMENSION_FREQUENCY, &t->flicker_hz) &&
            t->flicker_percent != 0)
            luaL_error(L, "%s: give hz and percent", verb);
        if (t->flicker_percent != 0)
            args_range(L, t->flicker_hz, 0.001, 1000, "grid: flicker: hz");
        g->sets_disturbance = true;
    }
    lua_settop(L, top);
}

static void parse_notch(lua_State *L, int table, struct site_grid *g)
{
    static const char *const names[] = { "percent", "width",  "delay",
                                         "orders",  "phases", NULL };
    static const char verb[] = "grid: notch";
    const int top = lua_gettop(L);
    struct waveform_disturbance *t = &g->disturbance;
    double width = 5, delay = 30, orders = 50;

    if (open_field(L, table, "notch", names)) {
        int list = lua_gettop(L);
        t->notch_percent = parse_percent(L, list, verb, 100);
        parse_phases(L, list, verb, t->notch_less);
        args_quantity(L, list, verb, "width", DIMENSION_ANGLE, &width);
        args_quantity(L, list, verb, "delay", DIMENSION_ANGLE, &delay);
        args_quantity(L, list, verb, "orders", DIMENSION_NUMBER, &orders);
        t->notch_width_degrees = args_range(L, width, 0, 60, "grid: notch: width");
        t->notch_delay_degrees = args_range(L, delay, -180, 180, "grid: notch: delay");
        t->notch_orders =
            (int)args_range(L, orders, 1, SHAPE_ORDERS, "grid: notch: orders");
        g->sets_disturbance = true;
    }
    lua_settop(L, top);
}

void script_disturbance_parse(lua_State *L, int table, struct site_grid *g)
{
    parse_loss(L, table, g);
    parse_flicker(L, table, g);
    parse_notch(L, table, g);
    if (lua_getfield(L, table, "neutral_open") != LUA_TNIL) {
        g->disturbance.neutral_open = args_flag(L, table, "grid", "neutral_open");
        g->sets_disturbance = true;
    }
    lua_pop(L, 1);
}
