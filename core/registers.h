/* The register map: reading and writing by Modbus address. There are no shadow
 * registers: every read is made from the meter's state, and all of one request from one
 * state.
 *
 * Return values are Modbus exception codes (application protocol V1.1b3, section 7). */
#ifndef CORE_REGISTERS_H
#define CORE_REGISTERS_H

#include "core/config.h"
#include "core/model.h"
#include "core/quantity.h"

struct meter;

enum modbus_exception {
    MODBUS_OK = 0,
    MODBUS_ILLEGAL_FUNCTION = 1,
    MODBUS_ILLEGAL_ADDRESS = 2,
    MODBUS_ILLEGAL_VALUE = 3,
    MODBUS_DEVICE_FAILURE = 4
};

enum { COMMAND_REGISTER = 129 };

/* What it may be written with; it reads 0. */
enum register_command {
    COMMAND_CLEAR_ENERGY = 30078,
    COMMAND_START_SUBINTERVAL = 21211,
    COMMAND_RESET_MAXIMA = 21212,
    COMMAND_RESET_LOGS = 16640,
    COMMAND_CLEAR_PULSES = 16498
};

/* `count` registers from wire address `addr` (base 0) into words[]. */
enum modbus_exception registers_read(struct meter *m, uint16_t addr, uint16_t count,
                                     uint16_t *words);

/* All or nothing, checked in ascending order, the clock as a whole after that; stored
 * before it returns. */
enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words);

/* The same for `count` settings from `first` on, which may have no register, and for a
 * command of register 129: what the panel does. */
enum modbus_exception registers_set(struct meter *m, enum setting first, int count,
                                    const uint16_t *values);
enum modbus_exception registers_command(struct meter *m, enum register_command command);

/* Texts for functions 0x11 and 0x2B/0x0E. object 0 vendor, 1 product, 2 revision. */
const char *registers_server_text(const struct meter *m);
int registers_identity(const struct meter *m, int object, char *text, int size);

/* For core's own parts. The row behind a wire address, NULL for none; see
 * model_find_register. */
const struct register_row *registers_find(const struct meter *m, uint32_t addr,
                                          int *word, enum register_kind *kind);

/* A quantity as its 16- or 32-bit register or float; 16 bits stand in the high word. */
uint32_t registers_quantity(const struct meter *m, enum quantity q,
                            enum register_kind kind);

/* Into -32767…32767. */
uint16_t registers_clamp16(int64_t x);

#endif
