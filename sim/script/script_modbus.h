/* Registers of a meter through the firmware's own Modbus: m:read, m:write, m:request.
 * Register numbers are base 1, as in the manual; the request has them less one. */
#pragma once

#include "sim/script/script_state.h"

/* The register format of that name. */
int script_registers_format(lua_State *L, const char *name);

/* The register at an argument. */
int script_registers_check(lua_State *L, int index);
void script_registers_number(lua_State *L, const uint16_t *word, int format);

/* Pushes the number that the registers at `index` hold, read as "s16", "f32" …. */
void script_registers_decode(lua_State *L, int index, const char *format);

/* How many there are, and the number of the first. */
int script_registers_count(lua_State *L, int index, int *reg);

/* Pushes the number that they hold from word `at` (from 0) on. */
void script_registers_decode_at(lua_State *L, int index, int at, int format);

/* Registers of a proxy made by m:read. */
bool script_registers_test(lua_State *L, int index);

/* Registers that came over a line. */
void script_registers_push(lua_State *L, int reg, int count, const uint16_t *word);

/* Requests: function 03; 06 for one value, 16 for several, which are the arguments from
 * `first` on. Their size. */
int script_registers_read_pdu(uint8_t *pdu, int reg, int count);
int script_registers_write_pdu(lua_State *L, uint8_t *pdu, int reg, int first,
                               int count);

/* Pairs of hexadecimal digits at an argument, and back; the number of bytes. */
int script_registers_bytes(lua_State *L, int index, const char *verb, uint8_t *bytes,
                           int max);
void script_registers_hexadecimal(lua_State *L, const uint8_t *bytes, int count);
