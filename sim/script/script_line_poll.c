/* Background polling: line:poll { … } reads the same registers of a meter again and
 * again beside the scenario, checks every answer, and counts. A poll whose predecessor
 * is not over yet is missed, not queued. */
#include "sim/lua/near_name.h"
#include "sim/lua/userdata.h"
#include "sim/script/script_line.h"
#include "sim/script/script_modbus.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <string.h>

#define OBJECT "poll"

enum { POLLS_MAX = 1000 };

struct poll {
    struct script_line *bus; /* NULL: the script is over */
    struct line_exchange x;
    int64_t every_ns;
    uint64_t event;
    bool asking;
    int64_t sent, good, missed, timeouts, damaged, exceptions;
    int code; /* of the last exception */
    uint16_t value[125];
    int count;
};

/* Of the array of a line's polls. */
static void free_poll(void *user)
{
    struct poll *p = user;

    if (p->event)
        sim_cancel(p->bus->script->sim, p->event);
    if (p->asking)
        line_master_forget(p->bus->master, &p->x);
    p->bus = NULL; /* Lua owns the memory */
    p->event = 0;
}

static void judge(void *user)
{
    struct poll *p = user;
    const uint8_t *a = p->x.answer;

    p->asking = false;
    if (p->x.result == LINE_TIMEOUT || p->x.result == LINE_WRONG_ID) {
        p->timeouts++;
    } else if (p->x.result != LINE_ANSWERED) {
        p->damaged++;
    } else if (a[1] & 0x80) {
        p->exceptions++;
        p->code = a[2];
    } else {
        p->good++;
        for (int k = 0; k < p->count; k++)
            p->value[k] = (uint16_t)(a[3 + 2 * k] << 8 | a[4 + 2 * k]);
    }
}

static void tick(void *user)
{
    struct poll *p = user;
    struct sim *sim = p->bus->script->sim;

    p->event = sim_at(sim, sim_now(sim) + p->every_ns, tick, p);
    if (p->asking) {
        p->missed++;
        return;
    }
    p->asking = true;
    p->sent++;
    line_master_start(p->bus->master, &p->x);
}

static struct poll *check(lua_State *L)
{
    return luaL_checkudata(L, 1, OBJECT);
}

static int stop(lua_State *L)
{
    struct poll *p = check(L);

    if (p->bus)
        g_ptr_array_remove(p->bus->polls, p);
    return 0;
}

static int get_field(lua_State *L)
{
    const struct poll *p = check(L);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    const struct {
        const char *name;
        int64_t value;
    } counts[] = { { "sent", p->sent },       { "good", p->good },
                   { "missed", p->missed },   { "timeouts", p->timeouts },
                   { "damaged", p->damaged }, { "exceptions", p->exceptions },
                   { "code", p->code } };

    for (size_t k = 0; k < G_N_ELEMENTS(counts); k++)
        if (!strcmp(counts[k].name, name)) {
            lua_pushinteger(L, counts[k].value);
            return 1;
        }
    if (!strcmp(name, "stop"))
        sandbox_push_verb(L, stop);
    else if (strcmp(name, "registers"))
        return luaL_error(L,
                          "a poll has no field '%s' (sent, good, missed, timeouts, "
                          "damaged, exceptions, code, registers, stop)",
                          name);
    else if (p->good)
        script_registers_push(L, (p->x.request[2] << 8 | p->x.request[3]) + 1, p->count,
                              p->value);
    else
        lua_pushnil(L);
    return 1;
}

static struct poll *push_poll(lua_State *L)
{
    static const luaL_Reg functions[] = { { "__index", get_field }, { NULL, NULL } };

    return userdata_push(L, sizeof(struct poll), OBJECT, functions);
}

static int whole(lua_State *L, const char *field, int min, int max, int otherwise)
{
    double value = otherwise;
    const char *what = lua_pushfstring(L, "line:poll: %s", field);

    args_quantity(L, 2, "line:poll", field, DIMENSION_NUMBER, &value);
    args_range(L, value, min, max, what);
    lua_pop(L, 1);
    return (int)value;
}

/* Lua must not free what the master knows: the registry keeps it to the end. */
int script_line_poll(lua_State *L)
{
    static const char *const names[] = { "id", "register", "count", "every", NULL };
    struct script_line *b = script_line_check(L, 1);
    double every_s = 1;

    lua_settop(L, 2);
    args_names(L, 2, "line:poll", names);
    if (b->polls->len >= POLLS_MAX)
        return luaL_error(L, "line:poll: at most %d polls", POLLS_MAX);
    int id = whole(L, "id", 1, 247, 1), reg = whole(L, "register", 1, 65536, 1),
        count = whole(L, "count", 1, 125, 1);
    if (args_quantity(L, 2, "line:poll", "every", DIMENSION_TIME, &every_s))
        args_range(L, every_s, 1e-3, 86400, "line:poll: every");
    struct poll *p = push_poll(L);
    lua_pushvalue(L, -1);
    luaL_ref(L, LUA_REGISTRYINDEX);
    const uint8_t request[6] = { (uint8_t)id,        3, (uint8_t)((reg - 1) >> 8),
                                 (uint8_t)(reg - 1), 0, (uint8_t)count };
    memcpy(p->x.request, request, sizeof request);
    p->x.request_size = line_master_finish(p->x.request, sizeof request);
    p->x.timeout_ns = value_ns(b->timeout_s);
    p->x.done = judge;
    p->x.user = p;
    p->bus = b;
    p->count = count;
    p->every_ns = value_ns(every_s);
    g_ptr_array_set_free_func(b->polls, free_poll);
    g_ptr_array_add(b->polls, p);
    p->event = sim_at(b->script->sim, sim_now(b->script->sim), tick, p);
    return 1;
}
