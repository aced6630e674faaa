/* The device of a unit: what runs the firmware. It stands between the sensors and the
 * rest of the board (`struct hal`: FRAM, glass, contacts, transceiver), which are the
 * same whatever the device is. The kind that exists is the core linked into the program
 * (device_core.h); the table is made for a second one as well: the flashed image on
 * modelled chips, in a module that is loaded when asked for. Neither sim/ nor gui/
 * reaches into a meter but through this table, whose calls unit.h makes for them. */
#pragma once

#include "core/config.h"
#include "core/energy.h"
#include "core/hal.h"
#include "core/model.h"
#include "core/quantity.h"
#include "hal_sim/fault.h"
#include "hal_sim/tape.h"

struct device;
struct store;

/* In sample sets. */
enum {
    DEVICE_BLOCK = 42,                /* 1/60 s: at most so many are given at once */
    DEVICE_BEHIND = 2 * DEVICE_BLOCK, /* by so many metering lags the samples */
    DEVICE_WAVE = 4 * DEVICE_BLOCK    /* what device_inside.waves gives */
};

/* The last second, per phase, in µV, µA, µW, µvar and µVA. */
struct device_phasors {
    int64_t uhz; /* 0: no frequency */
    uint64_t v[3], i[3], s[3];
    int64_t p[3], q[3];
};

/* What a processor that takes time shows (metersim run --cpu): how often it was measured,
 * and the least, the mean and the most; once measured, all are the same. */
struct device_figure {
    const char *name, *unit;
    int64_t count;
    double least, mean, most;
};
enum { DEVICE_FIGURES = 12 };

/* How a device is made, drives the board and answers. A time `now_us` is that since
 * power-up, as on the tape; the board's now_ns is the same moment. Calls in which
 * firmware runs may drive the board: write FRAM, glass and contacts, send on RS-485,
 * and die when the FRAM loses power (hal.dead), after which nothing reaches the board.
 *
 *  samples   up to 42 sets of ADC codes, of which the last is taken now and the others
 *            before it at the sampling rate. The core takes them as a block; the image's
 *            ADC shifts each out at its own instant while `run` catches up with them.
 *  run       brings the device to now: the core has a turn of its main loop, the image
 *            executes up to the moment.
 *  deadline  when it must run next, UINT64_MAX: not. The unit stops there.
 *  request   a PDU answered without simulated time, as a debugger would have it (the
 *            image's meter_request is called by its symbol): the answer's length.
 *  supply    POWER_GOOD; the device goes on until power_down.
 */
struct device_kind {
    const char *name;
    size_t bytes; /* of state, from the device on, that each block uses; 0: not told */
    void (*free)(struct device *d);
    void (*power_up)(struct device *d);
    void (*power_down)(struct device *d);
    void (*supply)(struct device *d, bool good);
    void (*samples)(struct device *d, const int32_t x[][DEVICE_BLOCK], int count);
    void (*run)(struct device *d, uint64_t now_us);
    uint64_t (*deadline_us)(const struct device *d);
    void (*keys)(struct device *d, unsigned closed, uint64_t now_us);
    void (*uart_byte)(struct device *d, uint8_t byte, unsigned flags, uint64_t now_us);
    uint64_t (*uart_deadline_us)(const struct device *d); /* of the frame coming in */
    int (*request)(struct device *d, const uint8_t *pdu, int size, uint8_t *answer);

    /* Reads that change nothing and are on no tape. Without power the last values. */
    bool (*reading)(const struct device *d, enum quantity q, int64_t *value);
    bool (*registers)(struct device *d, uint16_t addr, int count, uint16_t *words);
    void (*settings)(const struct device *d, struct settings *settings);
    uint32_t (*seconds)(const struct device *d); /* results since power-up */
    uint16_t (*alerts)(const struct device *d);  /* register 146 */

    /* All of the device's state, to a device of the same kind and model. The FRAM and
     * the rest of the board are the unit's to save. What is loaded fails unless it is
     * one that firmware could have left, with power or without. */
    void (*store)(struct device *d, bool powered, struct store *s);

    /* A fault of the board, and its value, from now on (fault.def). NULL: this kind has
     * no chips, and the unit does what the core can show. */
    void (*fault)(struct device *d, enum fault_id fault, double value);

    /* So many figures, since power-up; 0 or NULL: its processor takes no time. */
    int (*figures)(const struct device *d, struct device_figure f[DEVICE_FIGURES]);

    const struct device_inside *inside; /* NULL: this kind cannot show it */
};

/* What only the linked core gives. A unit with another device has none of it: the panel
 * shows no phasors and no waves, and energies end at a mWh. */
struct device_inside {
    void (*option)(struct device *d, enum unit_option option, uint16_t value);
    void (*report)(struct device *d, const struct hal_report *report); /* the board's */
    void (*phasors)(const struct device *d, struct device_phasors *last);
    void (*waves)(const struct device *d, int32_t x[HAL_CHANNELS][DEVICE_WAVE]);
    double (*energy_wh)(const struct device *d, enum energy_kind kind);
};

struct device {
    const struct device_kind *kind;
    struct hal *board; /* the unit's */
    const struct model *model;
    bool guarded; /* a failed assertion stops this device, not the program … */
    bool stopped; /* … and has done so: nothing runs before the next power_up */
    /* From the unit: when the last of the samples was taken, in the board's time, and
     * the error of the meter's clock. */
    int64_t sampled_ns, clock_error_ppb;
    /* To the unit: the device takes its samples from there on, at its own rate. */
    bool grid_changed;
    int64_t grid_ns;
};

/* Makes a device of some kind for a board; aborts without memory. */
struct device_maker {
    struct device *(*make)(const struct device_maker *maker, struct hal *board,
                           const struct model *model);
};
