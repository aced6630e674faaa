/* Readings and registers of a unit's meter. Part of unit.h. */
#pragma once

#include "core/config.h"
#include "core/quantity.h"

struct unit;

/* The value now; the last values without power. False: no such value, or it
 * cannot be measured (quantity.def has the counts). */
bool unit_reading(const struct unit *u, enum quantity q, int64_t *value);
uint16_t unit_setting(const struct unit *u, enum setting id);
struct settings unit_settings(const struct unit *u);
struct config unit_config(const struct unit *u); /* all 0 before the first power-up */
uint32_t unit_seconds(const struct unit *u);     /* results since power-up */
uint16_t unit_alerts(const struct unit *u);      /* register 146 */

/* `count` registers from wire address `addr` (base 0), on no tape and without
 * before_request; false when they cannot be read. */
bool unit_registers(const struct unit *u, uint16_t addr, int count, uint16_t *words);
