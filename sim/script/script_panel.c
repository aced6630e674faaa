/* The panel in a scenario: the verbs press and keys, and what one sees: m.lcd, m.led. The texts
 * are read off the glass, segment by segment, with its faults, and not out of the
 * firmware. */
#include "hal_sim/glass_text.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <string.h>

#define HOLD_NS INT64_C(100000000)
#define GAP_NS  INT64_C(100000000) /* long enough for the firmware to see the release */

static const struct {
    const char *name;
    enum meter_key key;
} keys[] = {
    { "+", METER_KEY_PLUS },        { "-", METER_KEY_MINUS },
    { "−", METER_KEY_MINUS },       { "back", METER_KEY_BACK },
    { "select", METER_KEY_SELECT },
};

/* One name of a blank-separated list. */
static unsigned find_key(lua_State *L, const char *name, size_t length)
{
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
        if (strlen(keys[k].name) == length && !strncmp(keys[k].name, name, length))
            return keys[k].key;
    return (unsigned)luaL_error(L,
                                "the keys are \"+\", \"-\", \"back\" and "
                                "\"select\", several at once \"+ -\"; not \"%s\"",
                                name);
}

static unsigned parse_keys(lua_State *L, const char *text)
{
    unsigned mask = 0;

    for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        mask |= find_key(L, at, length);
        at += length;
    }
    return mask;
}

static int released(lua_State *L, int status, lua_KContext unused)
{
    struct script *s = script_of(L);

    (void)status;
    (void)unused;
    unit_keys(script_meter_check(L, 1)->unit, 0);
    script_wake_at(L, sim_now(s->sim) + GAP_NS);
    return lua_yield(L, 0);
}

int script_press(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *m = script_meter_check(L, 1);
    const char *text = luaL_checkstring(L, 2);
    unsigned mask = parse_keys(L, text);
    int64_t hold = lua_isnoneornil(L, 3) ? HOLD_NS : args_ns(L, 3, "press");

    if (!mask)
        find_key(L, text, strlen(text));
    args_can_wait(L);
    unit_keys(m->unit, mask);
    script_wake_at(L, sim_now(s->sim) + hold);
    return lua_yieldk(L, 0, 0, released);
}

int script_keys(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);

    unit_keys(m->unit, parse_keys(L, luaL_checkstring(L, 2)));
    return 0;
}

static int refuse_name(lua_State *L)
{
    return luaL_error(L,
                      "m.lcd has top, bottom and icons.heart, .wrench, .import, "
                      ".export; m.led has red and green; not '%s'",
                      luaL_tolstring(L, 2, NULL));
}

static void set_text(lua_State *L, const char *name, char *text)
{
    lua_pushstring(L, g_strstrip(text));
    lua_setfield(L, -2, name);
}

int script_field_lcd(lua_State *L)
{
    uint8_t memory[HAL_LCD_SIZE];
    struct glass_text text;

    unit_glass(script_meter_check(L, 1)->unit, memory);
    glass_read(memory, &text);
    lua_createtable(L, 0, 3);
    set_text(L, "top", text.top);
    set_text(L, "bottom", text.bottom);
    lua_createtable(L, 0, 4);
    for (int k = 0; k < 4; k++) {
        lua_pushboolean(L, text.icon[k]);
        lua_setfield(L, -2, glass_labels[GLASS_ICONS][k]);
    }
    sandbox_close_names(L, refuse_name);
    lua_setfield(L, -2, "icons");
    sandbox_close_names(L, refuse_name);
    return 1;
}

int script_field_led(lua_State *L)
{
    const struct hal *h = &script_meter_check(L, 1)->unit->hal;

    lua_createtable(L, 0, 2);
    lua_pushboolean(L, h->output[HAL_LED_RED]);
    lua_setfield(L, -2, "red");
    lua_pushboolean(L, h->output[HAL_LED_GREEN]);
    lua_setfield(L, -2, "green");
    sandbox_close_names(L, refuse_name);
    return 1;
}
