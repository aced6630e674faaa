/* A unit: one meter on its board, with its sensors, in its world. The one owner of time
 * for the unit is whoever calls unit_advance; everything from outside (requests,
 * faults, changes of the world) comes between two advances and lands on the exact
 * sample. */
#pragma once

#include "core/pdu.h"
#include "hal_sim/board.h"
#include "hal_sim/contacts.h"
#include "hal_sim/control.h"
#include "hal_sim/device.h"
#include "hal_sim/fault.h"
#include "hal_sim/link.h"
#include "hal_sim/sensors.h"
#include "hal_sim/unit_board.h"
#include "hal_sim/unit_fault.h"
#include "hal_sim/unit_grid.h"
#include "hal_sim/unit_nvm.h"
#include "hal_sim/unit_read.h"
#include "hal_sim/unit_save.h"
#include "hal_sim/unit_wiring.h"
#include "waveform/waveform.h"

/* What was asked for, without the grid's faults (unit_grid.c). */
struct unit_asked {
    struct waveform_grid grid;
    struct waveform_disturbance disturbance;
};

struct unit {
    struct device *device; /* runs the firmware; owned */
    struct hal hal;
    struct sensors sensors;
    struct contacts contacts;    /* of the buttons */
    const struct faults *faults; /* in force: its own, or faults_none */
    struct faults *own_faults;   /* NULL while none is */
    struct waveform *world;
    const struct model *model;
    bool powered;  /* the meter runs */
    bool supplied; /* control power is there; the meter rides through a gap */
    bool off;      /* by unit_switch */
    bool dipped;   /* by supply_dips, control power is away */
    int64_t supply_lost_ns;
    struct control control;            /* where control power comes from */
    int64_t now_ns;                    /* simulated time */
    int64_t power_on_ns;               /* when power came last */
    int64_t rate_ppb;                  /* the meter's clock error, in 10^-9 */
    int64_t clock_ns;                  /* the sample grid's origin … */
    int64_t clock_count;               /* … and the samples taken since then */
    int64_t since_lost, since_doubled; /* sample sets seen by these faults */
    int64_t uart_bytes;                /* bytes from RS-485, as these faults see them */
    /* Bits of enum hal_fault: what the last start found, and what was reported last. */
    int64_t start_faults, reported_faults;
    struct link link;   /* the meter on RS-485 */
    uint64_t rot_state; /* decides which bits of NVM rot */
    int32_t filled;     /* sample sets in the meter's present block */
    struct unit_asked
        *asked; /* while the world has it with the grid's faults, or NULL */
    double hz_shift;
    int64_t dips_ns; /* since when supply_dips is in force */
    /* Called before a request is handled; NULL: not. */
    void (*before_request)(void *user, const struct unit *u);
    void *before_request_user;
    uint16_t option[UNIT_OPTIONS];
    bool option_set[UNIT_OPTIONS];
};

/* What is fixed when a unit is made. */
struct unit_options {
    const struct model *model;
    enum waveform_wiring wiring;
    double ct_primary_a, ct_output_v, pt_ratio; /* of the sensors */
    uint32_t serial_number;
    uint64_t seed;  /* of the unit's noise */
    tape_sink sink; /* NULL: no tape */
    void *sink_user;
    const struct board_nvm *nvm;      /* FRAM that outlives the unit; NULL: its own */
    const struct device_maker *maker; /* NULL: the linked core */
};

/* A unit at `now_ns`, without power. Aborts without memory. */
struct unit *unit_new(const struct unit_options *options, int64_t now_ns);
void unit_free(struct unit *u);

/* From now on a failed assertion of the firmware takes this unit's power away, with a
 * message, instead of ending the program. */
void unit_guard(struct unit *u);

void unit_power(struct unit *u, bool on);

/* Control power comes or goes; a meter that runs goes on for a while without it
 * (control.h; less with the fault supply_capacitor), and starts anew when it comes back
 * later. Where control power is wired to the meter's terminals it does not come without
 * a voltage there. */
void unit_supply(struct unit *u, bool on);

/* The switch before the control power: off, nothing else brings it back. */
void unit_switch(struct unit *u, bool on);

/* Control power is wired so, from now on; a new unit's is separate. */
void unit_wire_control(struct unit *u, enum control_wiring wired);

/* Advances to `to_ns` of simulated time (not before now), while `next`, to be advanced
 * next, comes into the cache (unit_ahead.h); NULL: none. */
void unit_advance_with(struct unit *u, int64_t to_ns, const struct unit *next);

static inline void unit_advance(struct unit *u, int64_t to_ns)
{
    unit_advance_with(u, to_ns, NULL);
}

/* Advances to its last stop of its own before to_ns (some 17 ms at most). How time is cut
 * into such steps leaves no trace on the tape; unit_advance has a pass at each end. */
void unit_advance_before(struct unit *u, int64_t to_ns);

/* A Modbus PDU for this meter, now: answer's length; 0 when the meter has no power. */
int unit_request(struct unit *u, const uint8_t *request, int length, uint8_t *answer);

/* A byte from RS-485 whose last bit ends now, with flags of enum meter_uart_flags. */
void unit_uart_byte(struct unit *u, uint8_t byte, unsigned flags);

/* The simulated time at which the meter ends the frame that comes in, or INT64_MAX; not
 * before that it answers. */
int64_t unit_uart_deadline(const struct unit *u);

/* The buttons are pressed so from now on: bits of enum meter_key. */
void unit_keys(struct unit *u, unsigned down);

/* The LCD's memory as the glass shows it: dead segments are dark. */
void unit_glass(const struct unit *u, uint8_t memory[HAL_LCD_SIZE]);

/* After a change of the sensors' fields. */
void unit_sensors_changed(struct unit *u);

/* Sample n (from 1) of the present clock grid comes at its origin + n ÷ rate; exact. */
int64_t unit_sample_ns(const struct unit *u, int64_t n);

/* POWER_GOOD is so, for the device and on the tape. */
void unit_report_supply(struct unit *u, bool good);

/* Control power as supply_dips sets it now. */
void unit_dip(struct unit *u);

/* Holds over power cycles. False: its device has no such switch. */
bool unit_set_option(struct unit *u, enum unit_option option, uint16_t value);
