/* What a line's master asks: line:read, :write, :request, :frame, :send. Each waits in
 * simulated time, so several functions of a scenario may ask at once: the master takes
 * their exchanges in turn. While the master has an exchange, Lua's registry has it, and
 * it has its coroutine: a console's client may hang up and its coroutine be dropped. */
#include "sim/field/register_format.h"
#include "sim/gateway/exception_name.h"
#include "sim/script/script_line.h"
#include "sim/script/script_modbus.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <string.h>

enum { READ_MAX = 125, PDU_MAX = 253, BROADCAST = 0 };

struct asking {
    struct line_exchange x;
    struct script_line *bus;
    lua_State *L;
    int reference; /* in the registry, while it is under way */
};

static void done(void *user)
{
    struct asking *a = user;

    luaL_unref(a->L, LUA_REGISTRYINDEX, a->reference);
    if (!script_over(a->bus->script))
        script_wake_at(a->L, sim_now(a->bus->script->sim));
}

/* Pushed; what it sends is to be put in. */
static struct asking *push_asking(lua_State *L, enum line_exchange_kind kind)
{
    struct script_line *b = script_line_check(L, 1);

    if (!lua_isyieldable(L))
        luaL_error(L, "a condition or a function called by Lua's library cannot wait: "
                      "line methods wait");
    struct asking *a = lua_newuserdatauv(L, sizeof *a, 1);
    lua_pushthread(L);
    lua_setiuservalue(L, -2, 1);
    memset(a, 0, sizeof *a);
    a->bus = b;
    a->L = L;
    a->x.kind = kind;
    a->x.timeout_ns = value_ns(kind == LINE_BROADCAST ? b->turnaround_s : b->timeout_s);
    a->x.done = done;
    a->x.user = a;
    return a;
}

/* The exchange is on top and stays there; `then` finds it at the index given to it. */
static int start(lua_State *L, struct asking *a, lua_KFunction then)
{
    lua_pushvalue(L, -1);
    a->reference = luaL_ref(L, LUA_REGISTRYINDEX);
    line_master_start(a->bus->master, &a->x);
    return lua_yieldk(L, 0, lua_gettop(L), then);
}

static struct line_exchange *finished(lua_State *L, lua_KContext at)
{
    struct asking *a = lua_touserdata(L, (int)at);

    a->bus->last = a->x;
    return &a->x;
}

static int check_id(lua_State *L, int min)
{
    lua_Integer id = luaL_checkinteger(L, 2);

    luaL_argcheck(L, id >= min && id <= 255, 2,
                  min ? "ids are 1 to 255; 0 only writes" : "ids are 0 to 255");
    return (int)id;
}

/* 0, or the exception's code. */
static int exception_of(const struct line_exchange *x)
{
    return x->result == LINE_ANSWERED && x->answer_size >= 3 && x->answer[1] & 0x80
               ? x->answer[2]
               : 0;
}

/* nil and the exception's code, or nil and what happened to the answer. */
static int push_failure(lua_State *L, const struct line_exchange *x)
{
    lua_pushnil(L);
    if (x->result == LINE_ANSWERED)
        lua_pushinteger(L, exception_of(x));
    else
        lua_pushstring(L, line_result_name(x->result));
    return 2;
}

static int raise_failure(lua_State *L, const struct line_exchange *x, const char *verb)
{
    int code = exception_of(x);

    if (code)
        return luaL_error(L, "line:%s to id %d: exception %d, %s", verb, x->request[0],
                          code, exception_name(code));
    return luaL_error(L, "line:%s to id %d: %s", verb, x->request[0],
                      line_result_name(x->result));
}

static bool failed(const struct line_exchange *x)
{
    return x->result != LINE_ANSWERED || exception_of(x);
}

/* --- read --- */

static int format_of(lua_State *L)
{
    return lua_type(L, 4) == LUA_TSTRING
               ? script_registers_format(L, lua_tostring(L, 4))
               : -1;
}

static int push_read(lua_State *L, const struct line_exchange *x)
{
    const int format = format_of(L), count = x->answer[2] / 2;
    uint16_t word[READ_MAX];

    for (int k = 0; k < count; k++)
        word[k] = (uint16_t)(x->answer[3 + 2 * k] << 8 | x->answer[4 + 2 * k]);
    if (format >= 0)
        script_registers_number(L, word, format);
    else
        script_registers_push(L, script_registers_check(L, 3), count, word);
    return 1;
}

static int finish_read(lua_State *L, int status, lua_KContext at)
{
    const struct line_exchange *x = finished(L, at);

    (void)status;
    return failed(x) ? raise_failure(L, x, "read") : push_read(L, x);
}

static int finish_try_read(lua_State *L, int status, lua_KContext at)
{
    const struct line_exchange *x = finished(L, at);

    (void)status;
    return failed(x) ? push_failure(L, x) : push_read(L, x);
}

static int read_registers(lua_State *L, lua_KFunction then)
{
    const int id = check_id(L, 1), reg = script_registers_check(L, 3),
              format = format_of(L);
    lua_Integer count =
        format >= 0 ? register_formats[format].words : luaL_optinteger(L, 4, 1);

    luaL_argcheck(L, count >= 1 && count <= READ_MAX, 4, "1 to 125 registers");
    struct asking *a = push_asking(L, LINE_REQUEST);
    a->x.request[0] = (uint8_t)id;
    int size = 1 + script_registers_read_pdu(a->x.request + 1, reg, (int)count);
    a->x.request_size = line_master_finish(a->x.request, size);
    return start(L, a, then);
}

int script_line_read(lua_State *L)
{
    return read_registers(L, finish_read);
}

int script_line_try_read(lua_State *L)
{
    return read_registers(L, finish_try_read);
}

/* --- write --- */

static int finish_write(lua_State *L, int status, lua_KContext at)
{
    const struct line_exchange *x = finished(L, at);

    (void)status;
    return failed(x) ? raise_failure(L, x, "write") : 0;
}

static int finish_try_write(lua_State *L, int status, lua_KContext at)
{
    const struct line_exchange *x = finished(L, at);

    (void)status;
    if (failed(x))
        return push_failure(L, x);
    lua_pushboolean(L, 1);
    return 1;
}

static int write_registers(lua_State *L, lua_KFunction then)
{
    const int id = check_id(L, 0), reg = script_registers_check(L, 3),
              count = lua_gettop(L) - 3;

    struct asking *a = push_asking(L, id == BROADCAST ? LINE_BROADCAST : LINE_REQUEST);
    a->x.request[0] = (uint8_t)id;
    int size = 1 + script_registers_write_pdu(L, a->x.request + 1, reg, 4, count);
    a->x.request_size = line_master_finish(a->x.request, size);
    return start(L, a, then);
}

int script_line_write(lua_State *L)
{
    return write_registers(L, finish_write);
}

int script_line_try_write(lua_State *L)
{
    return write_registers(L, finish_try_write);
}

/* --- any PDU, any bytes --- */

static int finish_request(lua_State *L, int status, lua_KContext at)
{
    const struct line_exchange *x = finished(L, at);

    (void)status;
    if (x->result != LINE_ANSWERED)
        return push_failure(L, x);
    if (x->kind == LINE_BROADCAST)
        return 0;
    script_registers_hexadecimal(L, x->answer + 1, x->answer_size - 3);
    return 1;
}

int script_line_request(lua_State *L)
{
    const int id = check_id(L, 0);
    uint8_t pdu[PDU_MAX];
    int size = script_registers_bytes(L, 3, "line:request", pdu, PDU_MAX);
    struct asking *a = push_asking(L, id == BROADCAST ? LINE_BROADCAST : LINE_REQUEST);

    a->x.request[0] = (uint8_t)id;
    memcpy(a->x.request + 1, pdu, (size_t)size);
    a->x.request_size = line_master_finish(a->x.request, 1 + size);
    return start(L, a, finish_request);
}

static int finish_frame(lua_State *L, int status, lua_KContext at)
{
    const struct line_exchange *x = finished(L, at);

    (void)status;
    if (x->result != LINE_ANSWERED)
        return push_failure(L, x);
    script_registers_hexadecimal(L, x->answer, MIN(x->answer_size, LINE_ANSWER_MAX));
    return 1;
}

static int finish_send(lua_State *L, int status, lua_KContext at)
{
    (void)status;
    finished(L, at);
    return 0;
}

static int put_bytes(lua_State *L, enum line_exchange_kind kind, const char *verb,
                     lua_KFunction then)
{
    struct asking *a = push_asking(L, kind);

    a->x.request_size =
        script_registers_bytes(L, 2, verb, a->x.request, LINE_REQUEST_MAX);
    return start(L, a, then);
}

int script_line_frame(lua_State *L)
{
    return put_bytes(L, LINE_RAW_REQUEST, "line:frame", finish_frame);
}

int script_line_send(lua_State *L)
{
    return put_bytes(L, LINE_BYTES, "line:send", finish_send);
}

/* line:crc("01 03 …"): the same with its CRC. */
int script_line_crc(lua_State *L)
{
    uint8_t bytes[LINE_REQUEST_MAX + 2];

    script_line_check(L, 1);
    int size = script_registers_bytes(L, 2, "line:crc", bytes, LINE_REQUEST_MAX);
    script_registers_hexadecimal(L, bytes, line_master_finish(bytes, size));
    return 1;
}
