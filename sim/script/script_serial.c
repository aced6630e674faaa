/* See script_serial.h. */
#include "sim/script/script_serial.h"
#include "sim/line/serial_device.h"
#include "sim/script/script_state.h"
#include <string.h>

static const char *const parities[] = { "none", "even", "odd" };

int script_serial_baud(lua_State *L, int table, const char *verb, int otherwise)
{
    double baud = otherwise;

    args_quantity(L, table, verb, "baud", DIMENSION_NUMBER, &baud);
    if (baud == (int)baud && serial_device_has_rate((int)baud))
        return (int)baud;
    return luaL_error(L, "%s: baud: " SERIAL_DEVICE_RATES, verb);
}

int script_serial_parity(lua_State *L, int table, const char *verb, int otherwise)
{
    const char *name = args_text(L, table, verb, "parity");

    for (int k = 0; name && k < 3; k++)
        if (!strcmp(name, parities[k]))
            return k;
    if (name)
        luaL_error(L, "%s: parity: \"none\", \"even\" or \"odd\", not \"%s\"", verb,
                   name);
    return otherwise;
}

static bool is_given(lua_State *L, const char *field)
{
    bool given = lua_getfield(L, 1, field) != LUA_TNIL;

    lua_pop(L, 1);
    return given;
}

static void give(struct unit_factory *f, enum setting id, int value)
{
    f->given[id] = true;
    f->value[id] = (uint16_t)value;
}

void script_serial_parse(lua_State *L, struct unit_factory *f)
{
    double address = 1;

    if (args_quantity(L, 1, "meter", "address", DIMENSION_NUMBER, &address)) {
        args_range(L, address, 1, 247, "meter: address");
        if (address != (int)address)
            luaL_error(L, "meter: address: a whole number");
        give(f, SETTING_ADDRESS, (int)address);
    }
    if (is_given(L, "baud"))
        give(f, SETTING_BAUD,
             serial_device_rate_code(script_serial_baud(L, 1, "meter", 19200)));
    if (is_given(L, "parity"))
        give(f, SETTING_PARITY, script_serial_parity(L, 1, "meter", 0));
}
