/* What displays, records and tests read of a meter; nothing here changes it. What is
 * returned stays valid as long as the meter; its content is that of the last call. */
#ifndef CORE_METER_VIEW_H
#define CORE_METER_VIEW_H

#include "core/alert.h"
#include "core/identity.h"
#include "core/meter_state.h"

/* Readings of a quantity, in counts (see quantity.def); false when the system type has
 * no such value or it cannot be measured now. */
bool meter_reading(const struct meter *m, enum quantity q, int64_t *value);

const struct model *meter_model(const struct meter *m);
const struct settings *meter_settings(const struct meter *m);
const struct config *meter_config(const struct meter *m);
const struct calibration *meter_calibration(const struct meter *m);
const struct counters *meter_counters(const struct meter *m);
const struct second *meter_second(const struct meter *m);
const struct energy *meter_energy(const struct meter *m);
const struct demand *meter_demand(const struct meter *m);
const struct lcd *meter_lcd(const struct meter *m);

uint16_t meter_alerts(const struct meter *m);  /* register 146 */
uint8_t meter_outputs(const struct meter *m);  /* bit per enum hal_output */
uint32_t meter_seconds(const struct meter *m); /* published since power-up */
bool meter_waiting(const struct meter *m);     /* NVM has not answered since power-up */

/* When the frame that comes in on RS-485 ends by silence; UINT64_MAX: none comes. */
uint64_t meter_uart_deadline(const struct meter *m);

#endif
