/* Modbus of the reset system: functions 0x11, 0x2B/0x0E, and the update's of 0x42; all
 * else is unknown to it. Address, baud rate and parity are those that FRAM holds, or the
 * defaults. */
#pragma once

#include "hal_target/stm32f405/update.h"

/* Until an update restarts the processor. */
_Noreturn void serve(struct update *u);
