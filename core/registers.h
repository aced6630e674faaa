/* The register map: reading and writing by Modbus address. There are no shadow
 * registers: every read is made from the meter's state, and all of one request from one
 * state. */
#pragma once

#include "core/modbus.h"
#include <stdint.h>

struct meter;

/* `count` registers from wire address `addr` (base 0) into words[]. */
enum modbus_exception registers_read(struct meter *m, uint16_t addr, uint16_t count,
                                     uint16_t *words);

/* All or nothing, checked in ascending order, the clock as a whole after that; stored
 * before it returns. */
enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words);

/* Texts for functions 0x11 and 0x2B/0x0E. object 0 vendor, 1 product, 2 revision. */
const char *registers_server_text(const struct meter *m);
int registers_identity(const struct meter *m, int object, char *text, int size);
