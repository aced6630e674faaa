/* The verb meter: makes a unit, screws the sensors on, gives it power, and writes its
 * settings. What is wrong in the field is wrong here the same way: ct_sensor and
 * pt_sensor are what hangs on the meter, ct_primary and pt_ratio what it believes. */
#include "sim/lua/near_name.h"
#include "sim/script/script_energy.h"
#include "sim/script/script_feeder.h"
#include "sim/script/script_grid.h"
#include "sim/script/script_line.h"
#include "sim/script/script_load.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_serial.h"
#include "sim/script/script_setting.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/site/site_feeder.h"
#include "waveform/base/random.h"
#include <math.h>
#include <string.h>

static const char *const own_fields[] = {
    "model",     "name",     "system_type",     "ct_primary",
    "ct_output", "pt_ratio", "system_voltage",  "ct_sensor",
    "pt_sensor", "wiring",   "phase_loss_rule", "imbalance_rule",
    "fill_word", "serial",   "feeder",          "control"
};

static enum waveform_wiring find_wiring(lua_State *L, const char *name)
{
    static const struct args_choice choice = { "unknown wiring", wiring_table,
                                               sizeof *wiring_table, WAVEFORM_WIRINGS,
#define W(id, name, ...) " " name
                                               " (known:"
#include "waveform/wiring.def"
                                               ")"
#undef W
    };
    return (enum waveform_wiring)args_choose(L, "meter", &choice, name);
}

static const struct model *find_model(lua_State *L, const char *name)
{
    const struct model *model = model_find(name);
    struct near_name near;
    char hint[80];

    if (model)
        return model;
    near_name_start(&near, name);
    for (unsigned k = 0; model_at(k); k++)
        near_name_offer(&near, model_at(k)->name);
    luaL_error(L, "meter: unknown model '%s'%s", name,
               near_name_hint(&near, hint, sizeof hint));
    return NULL;
}

/* All names that meter { } knows: its own and those of the settings. */
static void check_names(lua_State *L)
{
    const char *names[G_N_ELEMENTS(own_fields) + SETTINGS + SCRIPT_ENERGY_FIELDS + 1];
    size_t count = 0;

    for (; count < G_N_ELEMENTS(own_fields); count++)
        names[count] = own_fields[count];
    for (int k = 0; k < SETTINGS; k++)
        names[count++] = setting_table[k].name;
    script_energy_names(names + count);
    count += SCRIPT_ENERGY_FIELDS;
    names[count] = NULL;
    args_names(L, 1, "meter", names);
}

static double quantity(lua_State *L, const char *field, enum dimension dimension,
                       double otherwise)
{
    double value = otherwise;

    args_quantity(L, 1, "meter", field, dimension, &value);
    return value;
}

static double positive(lua_State *L, const char *field, enum dimension dimension,
                       double otherwise)
{
    const char *what = lua_pushfstring(L, "meter: %s", field);
    double value = quantity(L, field, dimension, otherwise);

    args_range(L, value, 1e-3, 1e6, what);
    lua_pop(L, 1);
    return value;
}

/* "1 V" or "1/3 V", as 1 or 3: what register 132 holds. */
static int ct_output(lua_State *L)
{
    double volts = quantity(L, "ct_output", DIMENSION_VOLTAGE, 1);

    if (volts == 1)
        return 1;
    if (volts > 0.332 && volts < 0.334)
        return 3;
    return luaL_error(L, "meter: ct_output: CTs give \"1 V\" or \"1/3 V\"");
}

/* What is written, in ascending order of registers: 130 before 134, 133 before 134. */
struct wanted {
    bool given[SETTINGS];
    double value[SETTINGS];
};

/* 1.15 is 115; 1.155 stays between two registers' values and will be refused. */
static double to_hundredths(double x)
{
    double nearest = floor(x * 100 + 0.5);
    return fabs(x * 100 - nearest) < 1e-6 ? nearest : x * 100;
}

/* Set on the panel; here at the factory, before power comes (script_line.c). */
static bool is_serial(int setting)
{
    return setting == SETTING_ADDRESS || setting == SETTING_BAUD ||
           setting == SETTING_PARITY;
}

static void parse_settings(lua_State *L, struct wanted *w)
{
    for (int k = 0; k < SETTINGS; k++) {
        if (is_serial(k))
            continue;
        enum dimension dimension = k == SETTING_CT_PRIMARY       ? DIMENSION_CURRENT
                                   : k == SETTING_SYSTEM_VOLTAGE ? DIMENSION_VOLTAGE
                                   : k == SETTING_SUBINTERVAL_S  ? DIMENSION_TIME
                                                                 : DIMENSION_NUMBER;
        w->given[k] = args_quantity(L, 1, "meter", setting_table[k].name, dimension,
                                    &w->value[k]);
    }
    if (w->given[SETTING_PT_RATIO]) /* the register counts in hundredths */
        w->value[SETTING_PT_RATIO] = to_hundredths(w->value[SETTING_PT_RATIO]);
    if (lua_getfield(L, 1, "ct_output") != LUA_TNIL) {
        w->given[SETTING_CT_SECONDARY] = true;
        w->value[SETTING_CT_SECONDARY] = ct_output(L);
    }
    lua_pop(L, 1);
}

static void write_settings(lua_State *L, struct unit *u, const struct wanted *w)
{
    for (int k = 0; k < SETTINGS; k++)
        if (w->given[k])
            script_setting_write(L, u, k, w->value[k]);
}

/* How the meter reads a percentage: the words' places are the values of the option. */
static const struct rule {
    const char *field, *word[2], *help;
    enum unit_option option;
} rules[] = {
    { "phase_loss_rule",
      { "below", "drop" },
      "\"below\" (a percentage of nominal) or \"drop\" (by more than it)",
      UNIT_PHASE_LOSS_RULE },
    { "imbalance_rule",
      { "phases", "average" },
      "\"phases\" (any two differ by a percentage of the higher) or \"average\" (one "
      "differs from it by that)",
      UNIT_IMBALANCE_RULE },
};

static void set_option(lua_State *L, struct unit *u, enum unit_option option,
                       uint16_t value, const char *field)
{
    if (unit_set_option(u, option, value))
        return;
    if (script_of(L)->options.skips)
        script_skip(L, "it uses a switch of the linked core");
    luaL_error(L, "meter: %s: only the linked core has this switch (--board core)",
               field);
}

static void set_rule(lua_State *L, struct unit *u, const struct rule *rule)
{
    const char *word = args_text(L, 1, "meter", rule->field);

    for (uint16_t k = 0; word && k < 2; k++)
        if (!strcmp(word, rule->word[k])) {
            set_option(L, u, rule->option, k, rule->field);
            return;
        }
    if (word)
        luaL_error(L, "meter: %s: %s, not \"%s\"", rule->field, rule->help, word);
}

static void set_options(lua_State *L, struct unit *u)
{
    double fill = -1;

    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        set_rule(L, u, &rules[k]);
    if (args_quantity(L, 1, "meter", "fill_word", DIMENSION_NUMBER, &fill)) {
        args_range(L, fill, 0, 65535, "meter: fill_word");
        set_option(L, u, UNIT_FILL_WORD, (uint16_t)fill, "fill_word");
    }
}

static void parse_options(lua_State *L, struct script *s, const struct wanted *w,
                          struct unit_options *o)
{
    const char *model = args_text(L, 1, "meter", "model");
    const char *wiring = args_text(L, 1, "meter", "wiring");
    const struct setting_row *types = &setting_table[SETTING_SYSTEM_TYPE];
    double type =
        w->given[SETTING_SYSTEM_TYPE] ? w->value[SETTING_SYSTEM_TYPE] : types->preset;
    double serial = 1000 + s->site.meters->len;

    o->model = find_model(L, model ? model : model_at(0)->name);
    o->wiring =
        wiring
            ? find_wiring(L, wiring)
            : unit_wiring_of(type >= types->min && type <= types->max ? (int)type : 0);
    double primary =
        positive(L, "ct_primary", DIMENSION_CURRENT, MAX(100, o->model->ct_min));
    o->ct_primary_a = positive(L, "ct_sensor", DIMENSION_CURRENT, primary);
    o->ct_output_v = 1.0 / ct_output(L);
    double ratio = positive(L, "pt_ratio", DIMENSION_NUMBER, 1);
    o->pt_ratio = positive(L, "pt_sensor", DIMENSION_NUMBER, ratio);
    if (args_quantity(L, 1, "meter", "serial", DIMENSION_NUMBER, &serial))
        args_range(L, serial, 0, 4294967295.0, "meter: serial");
    o->serial_number = (uint32_t)serial;
}

/* Noise differs from meter to meter and follows from the scenario's seed. */
static uint64_t unit_seed(const struct script *s)
{
    uint64_t state = s->options.seed + s->site.meters->len * 0x10001ull;

    return random_next(&state);
}

static void check_tape(lua_State *L, const struct script *s)
{
    if (s->site.meters->len >= SITE_METERS_MAX)
        luaL_error(L, "meter: at most %d meters", SITE_METERS_MAX);
    if (s->options.tape && s->site.meters->len)
        luaL_error(L, "meter: a tape holds one meter; this scenario makes more");
    if (s->options.skips && s->site.meters->len)
        script_skip(L, "it makes more than one meter");
}

static struct site_meter *
new_meter(struct script *s, const struct unit_options *options, const char *name)
{
    char usual[SITE_NAME];

    g_snprintf(usual, sizeof usual, "meter%u", s->site.meters->len + 1);
    struct site_meter *m =
        site_add(&s->site, unit_new(options, sim_now(s->sim)), name ? name : usual);
    m->grid = s->site.grid;
    sim_add_unit(s->sim, m->unit);
    if (s->options.observer)
        observer_meter(s->options.observer, m->unit, m->name);
    return m;
}

static void wire_control(lua_State *L, struct site_meter *m)
{
    const char *name = args_text(L, 1, "meter", "control");
    int wired = 0;

    while (name && control_name(wired) && strcmp(control_name(wired), name))
        wired++;
    if (name && !control_name(wired))
        luaL_error(L,
                   "meter: control: \"A-B\", \"B-C\", \"C-A\", \"A-N\", "
                   "\"B-N\", \"C-N\" or \"separate\", not \"%s\"",
                   name);
    if (!control_fits((enum control_wiring)wired, m->unit->sensors.wiring))
        luaL_error(L, "meter: control: %s has no terminals %s", m->name, name);
    unit_wire_control(m->unit, (enum control_wiring)wired);
}

static void program(lua_State *L, struct unit *u, const struct unit_factory *f)
{
    int refused = unit_program(u, f);

    if (refused != UNIT_PROGRAMMED)
        luaL_error(L, "meter: %s = %d is refused by the meter",
                   setting_table[refused].name, f->value[refused]);
}

/* To its feeder, or to the grid and load of the site. */
static void connect_meter(lua_State *L, struct site_meter *m, struct site_meter *head)
{
    if (head)
        site_feeder_join(m, head);
    script_grid_apply(L, m);
    if (m->site->load.given)
        script_load_apply(L, &m->site->load, m);
}

int script_meter(lua_State *L)
{
    struct unit_factory factory = { .given = { false } };
    struct script *s = script_of(L);
    struct wanted wanted = { { false }, { 0 } };
    struct unit_options options = { .seed = unit_seed(s),
                                    .maker = sim_maker(s->sim),
                                    .sink = s->options.tape,
                                    .sink_user = s->options.tape_user };

    lua_settop(L, 1);
    check_names(L);
    check_tape(L, s);
    parse_settings(L, &wanted);
    parse_options(L, s, &wanted, &options);
    GError *error = NULL;
    if (!sim_next_nvm(s->sim, options.serial_number, &options.nvm, &error)) {
        lua_pushfstring(L, "meter: %s", error->message);
        g_error_free(error);
        lua_error(L);
    }
    const char *name = args_text(L, 1, "meter", "name");
    struct site_meter *head = script_feeder_parse(L, 1, options.wiring);
    script_object_push(L, NULL); /* before anything is made: it may want for memory */
    struct site_meter *m = new_meter(s, &options, name);
    script_object_set(L, -1, m);
    script_note_call(L, OBSERVED_SCRIPT, m);
    script_serial_parse(L, &factory);
    script_energy_parse(L, m, &factory);
    program(L, m->unit, &factory);
    wire_control(L, m);
    unit_power(m->unit, true);
    script_lines_add_meter(s, m);
    write_settings(L, m->unit, &wanted);
    set_options(L, m->unit);
    connect_meter(L, m, head);
    return 1;
}

/* The fields at 2 become a copy of their own: the caller's table stays as it is. */
static void copy_fields(lua_State *L)
{
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, 2)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, 3);
    }
    lua_replace(L, 2);
}

/* The address of meter n, base 1, of those that the fields at 2 describe: it counts up
 * from the one given, past the last of which there is an error; without one from 1, and
 * goes round, as those of `serve --count` do. */
static void set_address(lua_State *L, lua_Integer n, lua_Number first)
{
    if (first > 0)
        lua_pushnumber(L, first + (lua_Number)(n - 1));
    else
        lua_pushinteger(L, 1 + (n - 1) % 247);
    lua_setfield(L, 2, "address");
}

/* The address in the fields at 2; 0: none. What is no number, the verb meter
 * refuses. */
static lua_Number first_address(lua_State *L, bool *counts)
{
    int type = lua_getfield(L, 2, "address");
    lua_Number first = lua_tonumber(L, -1);

    *counts = type == LUA_TNIL || (lua_isnumber(L, -1) && first > 0);
    lua_pop(L, 1);
    return first;
}

/* Stack: count, fields, list. Addresses go up. A name given is numbered: house1,
 * house2, … */
int script_meters(lua_State *L)
{
    lua_Integer count = luaL_checkinteger(L, 1);

    luaL_argcheck(L, count >= 1 && count <= SITE_METERS_MAX, 1, "1 to 15808 meters");
    lua_settop(L, 2);
    luaL_checktype(L, 2, LUA_TTABLE);
    copy_fields(L);
    bool counts;
    lua_Number address = first_address(L, &counts);
    lua_createtable(L, (int)count, 0);
    for (lua_Integer n = 1; n <= count; n++) {
        if (counts)
            set_address(L, n, address);
        lua_pushcfunction(L, script_meter);
        lua_pushvalue(L, 2);
        lua_call(L, 1, 1);
        struct site_meter *m = script_meter_check(L, -1);
        if (lua_getfield(L, 2, "name") != LUA_TNIL)
            g_strlcpy(m->name,
                      lua_pushfstring(L, "%s%I", lua_tostring(L, -1), (LUAI_UACINT)n),
                      sizeof m->name);
        lua_settop(L, 4);
        lua_rawseti(L, 3, n);
    }
    return 1;
}

/* Stack: function, how many there were. The function may wait. */
static int call_next(lua_State *L, int status, lua_KContext done)
{
    struct script *s = script_of(L);
    lua_KContext count = (lua_KContext)lua_tointeger(L, 2);

    (void)status;
    while (done < count) {
        lua_settop(L, 2);
        lua_pushvalue(L, 1);
        script_object_push(L, site_at(&s->site, (guint)done));
        lua_pushinteger(L, ++done);
        lua_callk(L, 2, 0, done, call_next);
    }
    return 0;
}

int script_each(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_pushinteger(L, script_of(L)->site.meters->len);
    return call_next(L, LUA_OK, 0);
}

int script_power(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    const char *state = luaL_checkstring(L, 2);

    if (strcmp(state, "on") && strcmp(state, "off"))
        return luaL_error(L, "power: \"on\" or \"off\", not \"%s\"", state);
    m->energies.spoilt = true;
    unit_switch(m->unit, !strcmp(state, "on"));
    return 0;
}
