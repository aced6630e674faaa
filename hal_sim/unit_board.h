/* Faults of a unit's board on a device without chips, the linked core: what of them
 * reaches the core. Part of unit.h. */
#pragma once

#include "hal_sim/fault.h"
#include <stdbool.h>

struct unit;

/* Why this unit's device cannot show the fault; NULL: it can. */
const char *unit_board_cannot(const struct unit *u, enum fault_id fault);

/* A fault of the board has taken this value. */
void unit_board_fault(struct unit *u, enum fault_id fault, double value);

/* The meter has started: what only a start finds, and what lasts. */
void unit_board_started(struct unit *u);

/* Of how many sample sets one is lost on its way to the device; 0: none, or its own ADC
 * loses them. */
double unit_board_lost_sets(const struct unit *u);

/* No sample set comes from the front end. */
bool unit_board_is_mute(const struct unit *u);

/* Flags of enum meter_uart_flags of the next byte from RS-485. */
unsigned unit_board_uart_flags(struct unit *u);
