/* What a script asks through a gateway: g:read, g:try_read, g:request. It is a Modbus TCP
 * client without a socket: a sound one drops what is of another transaction or unit and
 * waits on; one that trusts takes whatever comes next. It connects anew when its
 * connection has ended. */
#include "sim/field/register_format.h"
#include "sim/gateway/exception_name.h"
#include "sim/script/script_gateway.h"
#include "sim/script/script_modbus.h"
#include "sim/script/script_verbs.h"
#include <string.h>

enum { READ_MAX = 125, HEADER = 7, LENGTH_AT = 4, PREFIX = 6 };

/* The request is over, one way or the other. */
static void finish(struct script_gateway *g, const char *failure)
{
    struct script_gateway_ask *a = g->ask;
    struct sim *sim = g->script->sim;

    if (a->timeout)
        sim_cancel(sim, a->timeout);
    a->timeout = 0;
    a->failure = failure;
    g->ask = NULL;
    g->took_s = (double)(sim_now(sim) - a->start_ns) * 1e-9;
    luaL_unref(a->L, LUA_REGISTRYINDEX, a->reference);
    if (!script_over(g->script))
        script_wake_at(a->L, sim_now(sim));
}

static void on_timeout(void *user)
{
    struct script_gateway_ask *a = user;

    a->timeout = 0;
    finish(a->gateway, a->gateway->dropped ? a->gateway->dropped : "timeout");
}

/* A whole frame. */
static void judge(struct script_gateway *g, const uint8_t *frame, int size)
{
    struct script_gateway_ask *a = g->ask;

    if (!a || size < HEADER + 2)
        return;
    if (!g->trusts && (frame[0] << 8 | frame[1]) != a->transaction) {
        g->dropped = "wrong transaction";
        return;
    }
    if (!g->trusts && frame[PREFIX] != a->unit) {
        g->dropped = "wrong unit";
        return;
    }
    a->size = size - HEADER;
    memcpy(a->pdu, frame + HEADER, (size_t)a->size);
    finish(g, NULL);
}

static void on_bytes(void *user, const uint8_t *bytes, int size)
{
    struct script_gateway *g = user;
    GByteArray *input = g->input;

    g_byte_array_append(input, bytes, (guint)size);
    while (input->len >= PREFIX) {
        const guint frame =
            PREFIX + (guint)(input->data[LENGTH_AT] << 8 | input->data[LENGTH_AT + 1]);
        if (input->len < frame)
            return;
        judge(g, input->data, (int)frame);
        g_byte_array_remove_range(input, 0, frame);
    }
}

static void on_end(void *user, enum bridge_end how)
{
    struct script_gateway *g = user;

    g->client = NULL;
    g_byte_array_set_size(g->input, 0);
    if (g->ask)
        finish(g, how == BRIDGE_RESET ? "reset" : "closed");
}

static const struct bridge_peer peer = { .send = on_bytes, .end = on_end };

/* Sends the PDU and yields; `then` is called with the request at the index given. */
static int start(lua_State *L, struct script_gateway *g, uint8_t unit,
                 const uint8_t *pdu, int size, lua_KFunction then)
{
    args_can_wait(L);
    if (g->ask)
        luaL_error(L, "gateway: this client waits for an answer already: g:client() is "
                      "another one");
    struct script_gateway_ask *a = lua_newuserdatauv(L, sizeof *a, 1);
    const int at = lua_gettop(L);
    lua_pushthread(L);
    lua_setiuservalue(L, -2, 1);
    memset(a, 0, sizeof *a);
    a->gateway = g;
    a->L = L;
    a->unit = unit;
    a->transaction = ++g->transaction;
    a->start_ns = sim_now(g->script->sim);
    lua_pushvalue(L, -1);
    a->reference = luaL_ref(L, LUA_REGISTRYINDEX);
    g->ask = a;
    g->dropped = NULL;
    if (!g->client)
        g->client = bridge_connect(g->bridge, &peer, g);
    if (!g->client) {
        finish(g, "refused");
        return lua_yieldk(L, 0, at, then);
    }
    a->timeout = sim_at(g->script->sim, a->start_ns + (int64_t)(g->timeout_s * 1e9),
                        on_timeout, a);
    bridge_request(g->client, a->transaction, unit, pdu, size);
    return lua_yieldk(L, 0, at, then);
}

static uint8_t check_unit(lua_State *L)
{
    lua_Integer unit = luaL_checkinteger(L, 2);

    luaL_argcheck(L, unit >= 0 && unit <= 255, 2, "unit ids are 0 to 255");
    return (uint8_t)unit;
}

/* 0: it is none. */
static int exception_of(const struct script_gateway_ask *a)
{
    return a->size >= 2 && a->pdu[0] & 0x80 ? a->pdu[1] : 0;
}

static int format_of(lua_State *L)
{
    return lua_type(L, 4) == LUA_TSTRING
               ? script_registers_format(L, lua_tostring(L, 4))
               : -1;
}

/* Why it is no answer; NULL: it is one. */
static const char *flaw_of(lua_State *L, const struct script_gateway_ask *a)
{
    const int format = format_of(L);

    if (a->failure)
        return a->failure;
    if (exception_of(a))
        return NULL;
    if (a->size < 2 || a->size != 2 + a->pdu[1] ||
        (format >= 0 && a->pdu[1] / 2 < register_formats[format].words))
        return "wrong length";
    return NULL;
}

static int push_read(lua_State *L, const struct script_gateway_ask *a)
{
    const int format = format_of(L), count = a->pdu[1] / 2;
    uint16_t word[READ_MAX + 2];

    for (int k = 0; k < count; k++)
        word[k] = (uint16_t)(a->pdu[2 + 2 * k] << 8 | a->pdu[3 + 2 * k]);
    if (format >= 0)
        script_registers_number(L, word, format);
    else
        script_registers_push(L, script_registers_check(L, 3), count, word);
    return 1;
}

static int finish_try_read(lua_State *L, int status, lua_KContext at)
{
    const struct script_gateway_ask *a = lua_touserdata(L, (int)at);
    const char *flaw = flaw_of(L, a);

    (void)status;
    if (!flaw && !exception_of(a))
        return push_read(L, a);
    lua_pushnil(L);
    if (flaw)
        lua_pushstring(L, flaw);
    else
        lua_pushinteger(L, exception_of(a));
    return 2;
}

static int finish_read(lua_State *L, int status, lua_KContext at)
{
    const struct script_gateway_ask *a = lua_touserdata(L, (int)at);
    const char *flaw = flaw_of(L, a);

    (void)status;
    if (flaw)
        return luaL_error(L, "gateway:read of unit %d: %s", a->unit, flaw);
    if (exception_of(a))
        return luaL_error(L, "gateway:read of unit %d: exception %d, %s", a->unit,
                          exception_of(a), exception_name(exception_of(a)));
    return push_read(L, a);
}

static int read_registers(lua_State *L, lua_KFunction then)
{
    struct script_gateway *g = script_gateway_check(L, 1);
    const uint8_t unit = check_unit(L);
    const int reg = script_registers_check(L, 3), format = format_of(L);
    lua_Integer count =
        format >= 0 ? register_formats[format].words : luaL_optinteger(L, 4, 1);
    uint8_t pdu[8];

    luaL_argcheck(L, count >= 1 && count <= READ_MAX, 4, "1 to 125 registers");
    return start(L, g, unit, pdu, script_registers_read_pdu(pdu, reg, (int)count),
                 then);
}

int script_gateway_read(lua_State *L)
{
    return read_registers(L, finish_read);
}

int script_gateway_try_read(lua_State *L)
{
    return read_registers(L, finish_try_read);
}

static int finish_request(lua_State *L, int status, lua_KContext at)
{
    const struct script_gateway_ask *a = lua_touserdata(L, (int)at);

    (void)status;
    if (a->failure) {
        lua_pushnil(L);
        lua_pushstring(L, a->failure);
        return 2;
    }
    script_registers_hexadecimal(L, a->pdu, a->size);
    return 1;
}

int script_gateway_request(lua_State *L)
{
    struct script_gateway *g = script_gateway_check(L, 1);
    const uint8_t unit = check_unit(L);
    uint8_t pdu[SCRIPT_GATEWAY_PDU];
    const int size =
        script_registers_bytes(L, 3, "gateway:request", pdu, SCRIPT_GATEWAY_PDU);

    luaL_argcheck(L, size >= 1, 3, "at least a function code");
    return start(L, g, unit, pdu, size, finish_request);
}
