/* m:truth(): the exact values of the wave, under the names of the readings and in their
 * units (site_truth.h). */
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/site/site_truth.h"

int script_truth(lua_State *L)
{
    const struct site_meter *m = script_meter_check(L, 1);
    struct site_truth t;

    site_truth(m, &t);
    lua_createtable(L, 0, 40);
    for (int q = 0; q < QUANTITIES; q++)
        if (t.given[q]) {
            lua_pushnumber(L, t.value[q]);
            lua_setfield(L, -2, quantity_table[q].name);
        }
    lua_pushnumber(L, t.kvarh_net);
    lua_setfield(L, -2, "kvarh_net");
    return 1;
}
