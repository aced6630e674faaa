/* See script_modbus.h. */
#include "sim/script/script_modbus.h"
#include "core/registers.h"
#include "hal_sim/link.h"
#include "sim/field/register_format.h"
#include "sim/gateway/exception_name.h"
#include "sim/lua/userdata.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <string.h>

#define REGISTERS "registers"

enum { READ_MAX = 125, WRITE_MAX = 123, NO_ANSWER = -1 };

/* What m:read returns. */
struct registers {
    struct site_meter *meter;
    int reg, count;
    uint16_t word[READ_MAX];
};

int script_registers_format(lua_State *L, const char *name)
{
    static const struct args_choice formats = { "unknown format", register_formats,
                                                sizeof *register_formats,
                                                REGISTER_FORMATS,
                                                " (s16, u16, s32, u32, f32)" };

    return args_choose(L, NULL, &formats, name);
}

/* As a client on Modbus TCP would: the size of the answer; 0: none. */
static int try_exchange(struct site_meter *m, const uint8_t *request, int length,
                        uint8_t *answer)
{
    m->read = true;
    if (!link_receives_pdu(m->unit))
        return 0;
    int size = unit_request(m->unit, request, length, answer);
    return size > 0 ? link_answer_pdu(m->unit, answer, size) : 0;
}

static int raise_silence(lua_State *L, const struct site_meter *m)
{
    return luaL_error(L, "%s does not answer: %s", m->name,
                      m->unit->powered ? "a fault of the family bus is set"
                                       : "it has no power");
}

static int exchange(lua_State *L, struct site_meter *m, const uint8_t *request,
                    int length, uint8_t *answer)
{
    int size = try_exchange(m, request, length, answer);

    return size > 0 ? size : raise_silence(L, m);
}

static void put16(uint8_t *at, int x)
{
    at[0] = (uint8_t)(x >> 8);
    at[1] = (uint8_t)x;
}

int script_registers_read_pdu(uint8_t *pdu, int reg, int count)
{
    pdu[0] = 3;
    put16(pdu + 1, reg - 1);
    put16(pdu + 3, count);
    return 5;
}

int script_registers_write_pdu(lua_State *L, uint8_t *pdu, int reg, int first,
                               int count)
{
    int at = count == 1 ? 3 : 6;

    luaL_argcheck(L, count >= 1 && count <= WRITE_MAX, first, "1 to 123 values");
    pdu[0] = count == 1 ? 6 : 16;
    put16(pdu + 1, reg - 1);
    if (count > 1) {
        put16(pdu + 3, count);
        pdu[5] = (uint8_t)(2 * count);
    }
    for (int k = first; k < first + count; k++, at += 2) {
        lua_Integer value = luaL_checkinteger(L, k);
        luaL_argcheck(L, value >= -32768 && value <= 65535, k, "not 16 bits");
        put16(pdu + at, (int)value);
    }
    return at;
}

/* 0, an exception's code, or NO_ANSWER. */
static int read_words(struct site_meter *m, int reg, int count, uint16_t *word)
{
    uint8_t request[METER_PDU_MAX], answer[METER_PDU_MAX];
    int size = script_registers_read_pdu(request, reg, count);

    if (try_exchange(m, request, size, answer) == 0)
        return NO_ANSWER;
    if (answer[0] != 3)
        return answer[1];
    for (int k = 0; k < count; k++)
        word[k] = (uint16_t)(answer[2 + 2 * k] << 8 | answer[3 + 2 * k]);
    return 0;
}

static int raise_failure(lua_State *L, const struct site_meter *m, const char *what,
                         int reg, int code)
{
    if (code == NO_ANSWER)
        return raise_silence(L, m);
    return luaL_error(L, "m:%s(%d): exception %d, %s", what, reg, code,
                      exception_name(code));
}

int script_registers_check(lua_State *L, int index)
{
    lua_Integer reg = luaL_checkinteger(L, index);

    luaL_argcheck(L, reg >= 1 && reg <= 65536, index, "registers are 1 to 65536");
    return (int)reg;
}

void script_registers_number(lua_State *L, const uint16_t *word, int format)
{
    if (format == REGISTER_FORMAT_F32)
        lua_pushnumber(L, register_format_number(word, format));
    else
        lua_pushinteger(L, (lua_Integer)register_format_number(word, format));
}

/* A register that was read alone but is one half of a longer value is read again. */
void script_registers_decode(lua_State *L, int index, const char *name)
{
    struct registers *r = luaL_checkudata(L, index, REGISTERS);
    int format = script_registers_format(L, name);
    uint16_t word[2] = { r->word[0], r->word[1] };

    if (r->count < register_formats[format].words) {
        if (!r->meter)
            luaL_error(L, "'%s' takes %d registers: read as many over the line", name,
                       register_formats[format].words);
        int code = read_words(r->meter, r->reg, 2, word);
        if (code)
            raise_failure(L, r->meter, "read", r->reg, code);
    }
    script_registers_number(L, word, format);
}

int script_registers_count(lua_State *L, int index, int *reg)
{
    const struct registers *r = luaL_checkudata(L, index, REGISTERS);

    *reg = r->reg;
    return r->count;
}

void script_registers_decode_at(lua_State *L, int index, int at, int format)
{
    const struct registers *r = luaL_checkudata(L, index, REGISTERS);

    script_registers_number(L, r->word + at, format);
}

bool script_registers_test(lua_State *L, int index)
{
    return luaL_testudata(L, index, REGISTERS) != NULL;
}

static int get_field(lua_State *L)
{
    const struct registers *r = luaL_checkudata(L, 1, REGISTERS);

    if (lua_isinteger(L, 2)) {
        lua_Integer k = lua_tointeger(L, 2);
        luaL_argcheck(L, k >= 1 && k <= r->count, 2, "not one of the registers read");
        lua_pushinteger(L, r->word[k - 1]);
        return 1;
    }
    script_registers_decode(L, 1, luaL_checkstring(L, 2));
    return 1;
}

static int get_length(lua_State *L)
{
    const struct registers *r = luaL_checkudata(L, 1, REGISTERS);

    lua_pushinteger(L, r->count);
    return 1;
}

static int to_text(lua_State *L)
{
    const struct registers *r = luaL_checkudata(L, 1, REGISTERS);
    luaL_Buffer text;
    char word[16];

    luaL_buffinit(L, &text);
    for (int k = 0; k < r->count; k++) {
        g_snprintf(word, sizeof word, "%s0x%04X", k ? " " : "", r->word[k]);
        luaL_addstring(&text, word);
    }
    luaL_pushresult(&text);
    return 1;
}

/* A list of the words. */
static int to_list(lua_State *L)
{
    const struct registers *r = luaL_checkudata(L, 1, REGISTERS);

    lua_createtable(L, r->count, 0);
    for (int k = 0; k < r->count; k++) {
        lua_pushinteger(L, r->word[k]);
        lua_rawseti(L, -2, k + 1);
    }
    return 1;
}

static struct registers *push_registers(lua_State *L)
{
    static const luaL_Reg functions[] = { { "__index", get_field },
                                          { "__len", get_length },
                                          { "__tostring", to_text },
                                          { "__plain", to_list },
                                          { NULL, NULL } };

    return userdata_push(L, sizeof(struct registers), REGISTERS, functions);
}

void script_registers_push(lua_State *L, int reg, int count, const uint16_t *word)
{
    struct registers *r = push_registers(L);

    r->reg = reg;
    r->count = count;
    memcpy(r->word, word, (size_t)count * sizeof *word);
}

/* Pushes registers or a number; 0, or the failure of read_words and nothing pushed. */
static int read_and_push(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    int reg = script_registers_check(L, 2);
    int format = lua_type(L, 3) == LUA_TSTRING
                     ? script_registers_format(L, lua_tostring(L, 3))
                     : -1;
    lua_Integer count =
        format >= 0 ? register_formats[format].words : luaL_optinteger(L, 3, 1);

    luaL_argcheck(L, count >= 1 && count <= READ_MAX, 3, "1 to 125 registers");
    struct registers *r = push_registers(L);
    r->meter = m;
    r->reg = reg;
    r->count = (int)count;
    int code = read_words(m, reg, r->count, r->word);
    if (!code && format >= 0)
        script_registers_number(L, r->word, format);
    return code;
}

int script_read(lua_State *L)
{
    int code = read_and_push(L);

    return code ? raise_failure(L, script_meter_check(L, 1), "read",
                                script_registers_check(L, 2), code)
                : 1;
}

static int nil_and_code(lua_State *L, int code)
{
    lua_pushnil(L);
    if (code == NO_ANSWER)
        lua_pushliteral(L, "no answer");
    else
        lua_pushinteger(L, code);
    return 2;
}

int script_try_read(lua_State *L)
{
    int code = read_and_push(L);

    return code ? nil_and_code(L, code) : 1;
}

/* As read_words. */
static int write_values(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    uint8_t request[METER_PDU_MAX], answer[METER_PDU_MAX];
    int size = script_registers_write_pdu(L, request, script_registers_check(L, 2), 3,
                                          lua_gettop(L) - 2);

    if (try_exchange(m, request, size, answer) == 0)
        return NO_ANSWER;
    return answer[0] == request[0] ? 0 : answer[1];
}

int script_write(lua_State *L)
{
    int code = write_values(L);

    return code ? raise_failure(L, script_meter_check(L, 1), "write",
                                script_registers_check(L, 2), code)
                : 0;
}

int script_try_write(lua_State *L)
{
    int code = write_values(L);

    if (code)
        return nil_and_code(L, code);
    lua_pushboolean(L, 1);
    return 1;
}

int script_registers_bytes(lua_State *L, int index, const char *verb, uint8_t *bytes,
                           int max)
{
    const char *text = luaL_checkstring(L, index);
    int count = 0;

    for (; *text; text++) {
        if (*text == ' ')
            continue;
        int high = g_ascii_xdigit_value(text[0]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(text[1]);
        if (low < 0 || count == max)
            luaL_error(L, "%s: up to %d bytes as pairs of hexadecimal digits", verb,
                       max);
        bytes[count++] = (uint8_t)(16 * high + low);
        text++;
    }
    luaL_argcheck(L, count > 0, index, "no bytes");
    return count;
}

void script_registers_hexadecimal(lua_State *L, const uint8_t *bytes, int count)
{
    g_autoptr(GString) text = g_string_new("");

    for (int k = 0; k < count; k++)
        g_string_append_printf(text, k ? " %02X" : "%02X", bytes[k]);
    lua_pushlstring(L, text->str, text->len);
}

int script_request(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    uint8_t request[METER_PDU_MAX], answer[METER_PDU_MAX];
    int length = script_registers_bytes(L, 2, "m:request", request, METER_PDU_MAX);
    int size = exchange(L, m, request, length, answer);

    script_registers_hexadecimal(L, answer, size);
    return 1;
}

/* --- function 0x42 with 01, by names (core/pdu.c, core/hal.h) --- */

static const char *const counter_names[] = { "gaps",
                                             "gap_ms",
                                             "silent_seconds",
                                             "late_blocks",
                                             "faults",
                                             "faults_seen",
                                             "sets_damaged",
                                             "sets_late",
                                             "starts",
                                             "uart_bytes_lost",
                                             "display_failures",
                                             "supply_failures",
                                             "faults_recorded",
                                             "last_fault" };

/* Bits of enum hal_fault. */
static const char *const fault_names[] = { "crystal", "front_end", "fram",
                                           "display", "clock",     "factory",
                                           "options", "battery",   "factory_pin" };

static void push_faults(lua_State *L, uint32_t bits)
{
    lua_newtable(L);
    for (size_t k = 0; k < G_N_ELEMENTS(fault_names); k++) {
        lua_pushboolean(L, (int)(bits >> k & 1));
        lua_setfield(L, -2, fault_names[k]);
    }
}

int script_counters(lua_State *L)
{
    enum { HEAD = 3, COUNTERS = G_N_ELEMENTS(counter_names) };
    const uint8_t request[] = { 0x42, 0x01 };
    uint8_t answer[METER_PDU_MAX];

    _Static_assert(COUNTERS == 6 + HAL_COUNTERS, "a name for each");
    if (exchange(L, script_meter_check(L, 1), request, sizeof request, answer) !=
        HEAD + 4 * COUNTERS)
        return luaL_error(L, "m:counters: the meter does not give them");
    lua_newtable(L);
    for (int k = 0; k < COUNTERS; k++) {
        const uint8_t *at = answer + HEAD + 4 * k;
        const uint32_t value = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
                               (uint32_t)at[2] << 8 | at[3];
        if (g_str_has_prefix(counter_names[k], "faults") &&
            strcmp(counter_names[k], "faults_recorded") != 0)
            push_faults(L, value);
        else
            lua_pushinteger(L, value);
        lua_setfield(L, -2, counter_names[k]);
    }
    return 1;
}
