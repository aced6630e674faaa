/* The meter as a Lua value. Readings come by the names of the quantity table with the
 * meter's full resolution; where the meter has none (QNAN, or no power) they are NaN,
 * so that comparisons are false. */
#include "sim/script/script_object.h"
#include "sim/field/register_list.h"
#include "sim/lua/near_name.h"
#include "sim/lua/userdata.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <math.h>
#include <string.h>

#define OBJECT "meter"

static const struct script_words *words_of(lua_State *L)
{
    return script_of(L)->words;
}

/* Fields: the meter is argument 1; one value is pushed. */

int script_field_alerts(lua_State *L)
{
    lua_pushinteger(L, unit_alerts(script_meter_check(L, 1)->unit));
    return 1;
}

static int push_output(lua_State *L, enum hal_output which, bool inverted)
{
    lua_pushboolean(L, script_meter_check(L, 1)->unit->hal.output[which] != inverted);
    return 1;
}

int script_field_energy_contact(lua_State *L)
{
    return push_output(L, HAL_ENERGY_CONTACT, false);
}

int script_field_alarm_contact(lua_State *L)
{
    return push_output(L, HAL_ALARM_CONTACT, true);
}

int script_field_led_green(lua_State *L)
{
    return push_output(L, HAL_LED_GREEN, false);
}

int script_field_led_red(lua_State *L)
{
    return push_output(L, HAL_LED_RED, false);
}

int script_field_backlight(lua_State *L)
{
    return push_output(L, HAL_BACKLIGHT, false);
}

int script_field_closures(lua_State *L)
{
    const struct hal *h = &script_meter_check(L, 1)->unit->hal;

    lua_pushinteger(L, (h->output_edges[HAL_ENERGY_CONTACT] + 1) / 2);
    return 1;
}

int script_field_name(lua_State *L)
{
    lua_pushstring(L, script_meter_check(L, 1)->name);
    return 1;
}

int script_field_model(lua_State *L)
{
    lua_pushstring(L, script_meter_check(L, 1)->unit->model->name);
    return 1;
}

int script_field_powered(lua_State *L)
{
    lua_pushboolean(L, script_meter_check(L, 1)->unit->powered);
    return 1;
}

int script_field_seconds(lua_State *L)
{
    lua_pushinteger(L, unit_seconds(script_meter_check(L, 1)->unit));
    return 1;
}

int script_object_quantity(const char *name)
{
    for (int q = 0; q < QUANTITIES; q++)
        if (!strcmp(quantity_table[q].name, name))
            return q;
    return -1;
}

/* What others call it, too far from our name for near_name.h. */
static const char *other_name(const char *name)
{
    static const struct {
        const char *theirs, *ours;
    } rows[] = {
        { "hz", "freq" },
        { "frequency", "freq" },
        { "f", "freq" },
        { "amps", "i_avg" },
        { "current", "i_avg" },
        { "power", "kw_total" },
        { "watts", "kw_total" },
        { "kw", "kw_total" },
        { "kvar", "kvar_total" },
        { "kva", "kva_total" },
        { "pf", "pf_total" },
        { "power_factor", "pf_total" },
        { "energy", "kwh_import" },
        { "kwh", "kwh_import" },
        { "volts", "vll_avg" },
        { "voltage", "vll_avg" },
        { "demand", "kw_demand_present" },
    };

    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++)
        if (!g_ascii_strcasecmp(rows[k].theirs, name))
            return rows[k].ours;
    return NULL;
}

static int unknown_field(lua_State *L, const struct model *model, const char *name)
{
    char own[QUANTITIES][REGISTER_NAME];
    struct near_name near;
    char hint[80];
    const char *other = other_name(name);

    near_name_start(&near, other ? other : name);
    for (int q = 0; q < QUANTITIES; q++)
        if (model_has_quantity(model, (enum quantity)q)) {
            register_list_name(model, (enum quantity)q, own[q]);
            near_name_offer(&near, own[q]);
        }
    for (const struct verb *row = words_of(L)->meter_fields; row->name; row++)
        near_name_offer(&near, row->name);
    for (const struct verb *row = words_of(L)->meter_methods; row->name; row++)
        near_name_offer(&near, row->name);
    return luaL_error(L, "a meter has no field '%s'%s", name,
                      near_name_hint(&near, hint, sizeof hint));
}

enum dimension script_object_dimension(enum quantity q)
{
    static const enum dimension dimensions[QUANTITY_KINDS] = {
        [QUANTITY_CURRENT] = DIMENSION_CURRENT,
        [QUANTITY_VOLTAGE] = DIMENSION_VOLTAGE,
        [QUANTITY_ACTIVE] = DIMENSION_POWER,
        [QUANTITY_REACTIVE] = DIMENSION_REACTIVE,
        [QUANTITY_APPARENT] = DIMENSION_APPARENT,
        [QUANTITY_ACTIVE_ENERGY] = DIMENSION_ENERGY,
        [QUANTITY_REACTIVE_ENERGY] = DIMENSION_REACTIVE_ENERGY,
        [QUANTITY_APPARENT_ENERGY] = DIMENSION_APPARENT_ENERGY,
        [QUANTITY_PF] = DIMENSION_NUMBER,
        [QUANTITY_FREQUENCY] = DIMENSION_FREQUENCY,
        [QUANTITY_COUNT] = DIMENSION_NUMBER,
    };

    return dimensions[quantity_table[q].kind];
}

/* A reading that the model has not is NaN; once a meter and reading it is said. */
static void say_missing(lua_State *L, struct site_meter *m, enum quantity q)
{
    char own[REGISTER_NAME], text[128];
    const bool other = register_list_instead(m->unit->model, q, own);

    if (m->missing_said[q])
        return;
    m->missing_said[q] = true;
    g_snprintf(text, sizeof text, "%s has no %s%s%s", m->unit->model->name,
               quantity_table[q].name, other ? "; it has " : "", other ? own : "");
    script_line(script_of(L), text);
}

static int get_field(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    int q = script_object_quantity(name);

    m->read = true;
    if (q < 0)
        q = register_list_quantity(m->unit->model, name);
    else if (!model_has_quantity(m->unit->model, (enum quantity)q))
        say_missing(L, m, (enum quantity)q);
    if (q >= 0) {
        lua_pushnumber(L, site_reading(m, (enum quantity)q));
        return 1;
    }
    const int pushed =
        verb_push(L, name, words_of(L)->meter_fields, words_of(L)->meter_methods);
    return pushed >= 0 ? pushed : unknown_field(L, m->unit->model, name);
}

static int refuse_assignment(lua_State *L)
{
    return luaL_error(L,
                      "the fields of a meter are read only; see grid, load, fault and "
                      "m:write");
}

static int to_text(lua_State *L)
{
    lua_pushstring(L, script_meter_check(L, 1)->name);
    return 1;
}

void script_object_push(lua_State *L, struct site_meter *m)
{
    static const luaL_Reg functions[] = { { "__index", get_field },
                                          { "__newindex", refuse_assignment },
                                          { "__tostring", to_text },
                                          { "__plain", to_text },
                                          { NULL, NULL } };

    *(struct site_meter **)userdata_push(L, sizeof m, OBJECT, functions) = m;
}

void script_object_set(lua_State *L, int index, struct site_meter *m)
{
    *(struct site_meter **)lua_touserdata(L, index) = m;
}

struct site_meter *script_meter_test(lua_State *L, int index)
{
    struct site_meter **box = luaL_testudata(L, index, OBJECT);
    return box ? *box : NULL;
}

struct site_meter *script_meter_check(lua_State *L, int index)
{
    struct site_meter *m = script_meter_test(L, index);

    if (!m)
        luaL_argerror(
            L, index,
            lua_pushfstring(L, "a meter expected, found %s", luaL_typename(L, index)));
    return m;
}

struct site_meter *script_meter_optional(lua_State *L)
{
    struct site_meter *m = script_meter_test(L, 1);

    if (m)
        lua_remove(L, 1);
    return m;
}

struct site_meter *script_meter_only(lua_State *L)
{
    return lua_isnoneornil(L, 1) ? NULL : script_meter_check(L, 1);
}
