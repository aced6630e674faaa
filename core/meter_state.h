/* The whole state of a meter, below all that works on it. Boards allocate it (meter.h)
 * and the linked device reads it (hal_sim/device_core.c); only core writes it. */
#pragma once

#include "core/clock.h"
#include "core/config.h"
#include "core/demand.h"
#include "core/energy.h"
#include "core/factory.h"
#include "core/front_end.h"
#include "core/hal.h"
#include "core/lcd.h"
#include "core/log_state.h"
#include "core/menu_state.h"
#include "core/metering_state.h"
#include "core/model.h"
#include "core/nvm.h"
#include "core/pulse.h"
#include "core/quantity.h"
#include "core/rtu.h"

/* A reading that cannot be had now (before the first second, without samples, frequency
 * without a voltage): registers show QNAN. */
#define METER_NO_READING INT64_MIN

/* What is kept in NVM besides settings and calibration. */
struct counters {
    uint32_t power_ups;
    uint32_t lost; /* bit per enum nvm_record: lost, and nothing new stands there yet */
};

/* Written every second. */
struct stored_energy {
    struct energy energy;
    uint64_t pulse_rest_uj[PULSE_CHANNELS];
    uint32_t pulse_count[PULSE_CHANNELS];
    struct demand_maxima maxima;
};

struct meter {
    struct hal *hal;
    const struct model *model;
    struct settings settings;
    struct config config;
    struct calibration calibration;
    struct counters counters;
    struct factory factory;
    struct nvm nvm;
    struct metering metering;
    struct front_end front_end;
    struct energy energy;
    struct demand demand;
    struct pulse pulse;
    struct clock clock;
    struct log log;
    struct rtu rtu;
    struct menu menu;
    struct lcd lcd;
    struct second second; /* the last one */
    int64_t reading[QUANTITIES];
    uint16_t alerts;    /* register 146 */
    uint16_t fill_word; /* what unlisted registers read; 0: exception 02 */
    struct alert_rules rules;
    uint8_t outputs;       /* bit per enum hal_output, as last driven */
    bool settings_changed; /* and the panel has not been drawn since */
    bool waiting; /* NVM has not answered since power-up: what to meter is not known */
    uint32_t seconds; /* results published since power-up */
    uint64_t now_us;
    struct hal_report board;
    uint32_t board_faults_seen; /* since power-up */
    bool failing;               /* the supply does */
    uint64_t save_us;           /* … and energies are stored again then */
};

static inline struct metering_setup meter_setup(const struct meter *m)
{
    return (struct metering_setup){ &m->settings, &m->config, m->model,
                                    &m->calibration };
}
