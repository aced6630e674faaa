/* The metering core, as a board sees it: what it calls, and the whole state of a meter.
 *
 * The caller allocates one `struct meter`; there is no other state, no heap, no clock.
 * Time is what meter_tick says and the number of samples. meter_samples may be called
 * in an interrupt; everything else from one thread. The fields are for reading by tests
 * and displays; only core writes them. */
#ifndef CORE_METER_H
#define CORE_METER_H

#include "core/alert.h"
#include "core/clock.h"
#include "core/config.h"
#include "core/demand.h"
#include "core/energy.h"
#include "core/hal.h"
#include "core/keys.h"
#include "core/lcd.h"
#include "core/log.h"
#include "core/menu.h"
#include "core/metering.h"
#include "core/model.h"
#include "core/nvm.h"
#include "core/pdu.h"
#include "core/pulse.h"
#include "core/quantity.h"
#include "core/rtu.h"

enum { METER_FIRMWARE_VERSION = 1000 /* register 7001: V01.000 */ };

/* A reading that cannot be had now (frequency without a voltage): registers show QNAN.
 */
#define METER_NO_READING INT64_MIN

/* What is kept in NVM besides settings and calibration. */
struct counters {
    uint32_t power_ups;
    uint32_t lost; /* bit per enum nvm_record: lost, and nothing new stands there yet */
};

/* Written every second: as it stands here, its gaps zero. */
struct kept_energy {
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
    struct nvm nvm;
    struct metering metering;
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
    uint8_t phase_loss_rule;
    uint8_t outputs; /* bit per enum hal_output, as last driven */
    bool waiting; /* NVM has not answered since power-up: what to meter is not known */
    uint32_t seconds; /* results published since power-up */
    uint64_t now_us;
};

/* Power-up: reads NVM, counts it, drives the outputs. Everything in *m is overwritten.
 * When NVM does not answer, the meter asks again every second and starts when it does.
 */
void meter_start(struct meter *m, struct hal *hal, const struct model *model);

/* Sample sets from the ADC, 24-bit codes, x[channel][0…count-1], count 1…42, channels
 * Va Vb Vc Ia Ib Ic. May be called in an interrupt. */
void meter_samples(struct meter *m, const int32_t x[][BLOCK], uint32_t count);

/* Time since power-up; never runs back. Drives the contacts and the panel, and ends
 * frames on RS-485. To be called at least every millisecond, or (the same to the bit)
 * at meter_deadline and before meter_poll. */
void meter_tick(struct meter *m, uint64_t now_us);
uint64_t meter_deadline(const struct meter *m);

/* One turn of the main loop: meters what has come in. At least once per 42 samples. */
void meter_poll(struct meter *m);

/* A byte from RS-485 whose last bit ended at now_us; flags of enum meter_uart_flags.
 * Frames and their end by silence are core's business (rtu.h); PDUs that come by
 * another way go to meter_request (pdu.h). */
void meter_uart_byte(struct meter *m, uint8_t byte, unsigned flags, uint64_t now_us);

/* The contacts of the buttons as they are at now_us, bits of enum meter_key: to be told
 * whenever they change, or as often as the board likes (the same to the bit). */
void meter_keys(struct meter *m, unsigned down, uint64_t now_us);

/* Readings of a quantity, in counts (see quantity.def); false when the system type has
 * no such value or it cannot be measured now. */
bool meter_reading(const struct meter *m, enum quantity q, int64_t *value);

/* For core's own parts (registers, panel): a candidate configuration takes effect and
 * is stored; energy and other kept values are stored; -1 when NVM does not answer. */
int meter_apply_settings(struct meter *m, const struct settings *settings);
int meter_keep(struct meter *m);

/* At the factory: constants of the board, stored in NVM; -1 when that does not
 * answer. */
int meter_calibrate(struct meter *m, const struct calibration *calibration);

/* Commands of register 129 and the panel's RESET group. */
int meter_reset_energy(struct meter *m);
int meter_clear_pulses(struct meter *m);
int meter_set_power_ups(struct meter *m, uint16_t count);

#endif
