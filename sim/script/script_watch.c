/* The verb watch: a register that goes into records and reports. It is read past the
 * Modbus port, so watching changes nothing: the tape is the same. */
#include "sim/field/register_format.h"
#include "sim/record/observer.h"
#include "sim/script/script_modbus.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"

int script_watch(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *m = script_meter_check(L, 1);
    int reg = script_registers_check(L, 2);
    int format = script_registers_format(L, luaL_optstring(L, 3, "u16"));
    const char *name = luaL_optstring(L, 4, NULL);
    struct observed_register r = { .reg = reg, .format = format };

    if (lua_gettop(L) > 4)
        return luaL_error(L, "watch: too many arguments");
    luaL_argcheck(L, reg + register_formats[format].words <= 65537, 2,
                  "the last register is 65536");
    if (!s->options.observer)
        return 0;
    r.meter = observer_find(s->options.observer, m->unit);
    if (!name)
        g_snprintf(r.name, sizeof r.name, "register %d", reg);
    else if (g_strlcpy(r.name, name, sizeof r.name) >= sizeof r.name ||
             !g_utf8_validate(name, -1, NULL))
        return luaL_error(L, "watch: a name is UTF-8 of at most %d bytes",
                          OBSERVED_NAME - 1);
    observer_watch(s->options.observer, &r);
    return 0;
}
