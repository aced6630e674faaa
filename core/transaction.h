/* All changes of a meter from outside: settings, the clock, commands, counters. A write
 * is built up as a transaction, which nothing sees before all of it has been checked;
 * what is committed is stored first and then in effect. Modbus and the panel both write
 * so: one set of rules. Whoever commits draws the panel anew (menu_follow_settings). */
#pragma once

#include "core/clock.h"
#include "core/config.h"
#include "core/modbus.h"
#include "core/model.h"

struct meter;
struct calibration;

struct transaction {
    struct settings settings;
    struct clock clock;
    uint16_t command, power_ups;
    bool sets_clock, sets_interval, sets_power_ups, sets_setting;
};

void transaction_start(struct transaction *t, const struct meter *m);

/* False when the value is refused, the transaction's other settings being as they
 * are. */
bool transaction_set(struct transaction *t, const struct model *model, enum setting id,
                     uint16_t value);

/* False when the model has no such command. */
bool transaction_command(struct transaction *t, const struct model *model,
                         uint16_t command);

/* False when it is above 32767. */
bool transaction_power_ups(struct transaction *t, uint16_t count);

/* Stored, then in effect. */
enum modbus_exception transaction_commit(const struct transaction *t, struct meter *m);

/* `count` settings from `first` on, which may have no register, at once. */
enum modbus_exception transaction_set_settings(struct meter *m, enum setting first,
                                               int count, const uint16_t *values);

enum modbus_exception transaction_run_command(struct meter *m,
                                              enum register_command command);

/* Constants of the board; -1 when NVM does not answer. */
int transaction_calibrate(struct meter *m, const struct calibration *calibration);

/* Configures CT inputs and UART by the settings. At power-up, too. */
void transaction_configure_board(struct meter *m);
