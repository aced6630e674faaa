/* See script_setting.h. */
#include "sim/script/script_setting.h"
#include "sim/lua/near_name.h"
#include "sim/script/script_state.h"
#include <math.h>

enum { INTERVALS_MAX = 8 };

static void append_interval(GString *text, int first, int last, int number)
{
    if (number)
        g_string_append(text, ", ");
    if (last - first > 2)
        g_string_append_printf(text, "%d to %d", first, last);
    else
        for (int value = first; value <= last; value++)
            g_string_append_printf(text, value == first ? "%d" : ", %d", value);
}

/* "10, 11, 12, 31, 40" or "82 to 660". */
static void list_allowed(const struct unit *u, enum setting id, GString *text)
{
    const struct settings now = unit_settings(u);
    int first = -1, number = 0;

    for (int value = 0; value <= 65536 && number < INTERVALS_MAX; value++) {
        bool allowed =
            value <= 65535 && config_allows(&now, u->model, id, (uint16_t)value);
        if (allowed && first < 0)
            first = value;
        if (!allowed && first >= 0) {
            append_interval(text, first, value - 1, number++);
            first = -1;
        }
    }
    if (!number)
        g_string_append(text, "no value, as the other settings are");
}

static int refuse(lua_State *L, const struct unit *u, int id, double value)
{
    GString *text = g_string_new("");
    char number[32];

    list_allowed(u, (enum setting)id, text);
    lua_pushfstring(L, "%s = %s (register %d%s) is refused by the meter; allowed: %s",
                    setting_table[id].name, value_text(value, number, sizeof number),
                    (int)setting_table[id].reg,
                    id == SETTING_PT_RATIO ? ", in hundredths" : "", text->str);
    g_string_free(text, TRUE);
    return luaL_error(L, "%s", lua_tostring(L, -1));
}

void script_setting_write(lua_State *L, struct unit *u, int id, double value)
{
    const struct setting_row *row = &setting_table[id];
    const uint16_t addr = (uint16_t)(row->reg - 1);
    uint8_t answer[METER_PDU_MAX];

    if (!row->reg)
        luaL_error(L, "%s has no register; it is set on the meter's panel", row->name);
    if (!(value >= 0 && value <= 65535) || value != floor(value))
        refuse(L, u, id, value);
    uint16_t word = (uint16_t)value;
    uint8_t request[5] = { 6, (uint8_t)(addr >> 8), (uint8_t)addr, (uint8_t)(word >> 8),
                           (uint8_t)word };
    int size = unit_request(u, request, sizeof request, answer);
    if (size != sizeof request || answer[0] != 6)
        refuse(L, u, id, value);
}
