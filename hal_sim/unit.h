/* A unit: one meter on its board, with its sensors, in its world. The one owner of time
 * for the unit is whoever calls unit_advance; everything from outside (requests,
 * faults, changes of the world) comes between two advances and lands on the exact
 * sample. */
#ifndef HAL_SIM_UNIT_H
#define HAL_SIM_UNIT_H

#include "core/pdu.h"
#include "hal_sim/board.h"
#include "hal_sim/contacts.h"
#include "hal_sim/device.h"
#include "hal_sim/fault.h"
#include "hal_sim/link.h"
#include "hal_sim/sensors.h"
#include "waveform/waveform.h"

struct unit {
    struct device *device; /* runs the firmware; owned */
    struct hal hal;
    struct sensors sensors;
    struct contacts contacts; /* of the buttons */
    struct faults faults;
    struct waveform *world;
    const struct model *model;
    bool powered;  /* the meter runs */
    bool supplied; /* control power is there; the meter rides through UNIT_RIDE_NS */
    int64_t supply_lost_ns;
    int64_t now_ns;                    /* simulated time */
    int64_t power_on_ns;               /* when power came last */
    int64_t rate_ppb;                  /* the meter's clock error, in 10^-9 */
    int64_t clock_ns;                  /* the sample grid's origin … */
    int64_t clock_count;               /* … and the samples taken since then */
    int64_t since_lost, since_doubled; /* sample sets seen by these faults */
    struct link link;                  /* the meter on RS-485 */
    uint64_t rot_state;                /* decides which bits of NVM rot */
    int32_t filled;                    /* sample sets in the meter's present block */
    /* Asked for, without the grid's faults (unit_grid.c); valid while `shaped`. */
    struct waveform_grid grid;
    struct waveform_disturbance disturbance;
    bool shaped;
    double hz_shift;
    int64_t dips_ns; /* since when supply_dips is in force */
    bool dipped;     /* by it, control power is away */
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
    uint8_t *nvm; /* FRAM that outlives the unit (board_nvm_attach); NULL: its own */
};

/* What the factory, or years of service, have left in FRAM when power first comes: any
 * settings, those that no register has among them; counters of energy, 0: none. */
struct unit_factory {
    bool given[SETTINGS];
    uint16_t value[SETTINGS];
    uint64_t energy_mwh[ENERGY_KINDS];
};

/* Writes that to a unit without power. UNIT_PROGRAMMED, or the first setting that the
 * meter does not allow to have its value, where it ends. */
enum { UNIT_PROGRAMMED = -1 };
int unit_program(struct unit *u, const struct unit_factory *f);

/* The wiring that a system type (register 130) expects. */
enum waveform_wiring unit_wiring_of(int system_type);

/* A unit at `now_ns`, without power. Aborts without memory. */
struct unit *unit_new(const struct unit_options *options, int64_t now_ns);
void unit_free(struct unit *u);

/* From now on a failed assertion of the firmware takes this unit's power away, with a
 * message, instead of ending the program. */
void unit_guard(struct unit *u);

void unit_power(struct unit *u, bool on);

/* Control power comes or goes; a meter that runs goes on for UNIT_RIDE_NS without it
 * (manual: 100 ms at 120 V; less with the fault supply_capacitor), and starts anew when
 * it comes back later. */
#define UNIT_RIDE_NS INT64_C(100000000)
void unit_supply(struct unit *u, bool on);

/* Advances to `to_ns` of simulated time (not before now). */
void unit_advance(struct unit *u, int64_t to_ns);

/* A Modbus PDU for this meter, now: answer's length; 0 when the meter has no power. */
int unit_request(struct unit *u, const uint8_t *request, int length, uint8_t *answer);

/* A byte from RS-485 whose last bit ends now, with flags of enum meter_uart_flags. */
void unit_uart_byte(struct unit *u, uint8_t byte, unsigned flags);

/* The simulated time at which the meter ends the frame that comes in, or INT64_MAX; not
 * before that it answers. */
int64_t unit_uart_deadline(const struct unit *u);

/* The buttons are pressed so from now on: bits of enum meter_key. */
void unit_keys(struct unit *u, unsigned down);

/* What the meter knows now; the last values without power. False: no such value, or it
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

/* The LCD's memory as the glass shows it: dead segments are dark. */
void unit_glass(const struct unit *u, uint8_t memory[HAL_LCD_SIZE]);

/* Sets a fault's value; phase 0-2, or -1 for all (and for those not per phase). */
void unit_set_fault(struct unit *u, enum fault_id fault, int phase, double value);

/* The grid and its disturbance as asked for; the world has them with the grid's faults in
 * force. Trouble: -1 when it cannot be. */
void unit_set_grid(struct unit *u, const struct waveform_grid *grid);
struct waveform_grid unit_grid(const struct unit *u);
int unit_set_disturbance(struct unit *u,
                         const struct waveform_disturbance *disturbance);
void unit_grid_faults(struct unit *u); /* after they have changed */

/* A fault of the FRAM takes this value (unit_nvm.c); other faults do nothing. */
void unit_nvm_faults(struct unit *u, enum fault_id fault, double value);

/* After a change of the sensors' fields. */
void unit_sensors_changed(struct unit *u);

/* unit_save.c: all of the unit as bytes (store.h): firmware, NVM, outputs, sensors,
 * faults, world, its time. Restore puts it back into a unit, whatever that was; what
 * then happens is to the bit what would have happened to the one that was saved. Tape,
 * line and before_request stay those of the unit that is restored. -1: a recording
 * plays, which is not kept; or the bytes are none: the unit is then only fit to be
 * freed. The firmware's state is an image of memory: bytes from elsewhere are to be
 * checked before (a CRC, and which build made them). */
struct store;
int unit_save(const struct unit *u, struct store *s);
int unit_restore(struct unit *u, struct store *s);
uint64_t unit_layout(void); /* what this compiler makes of the structs */
struct unit *unit_new_restored(struct store *s, tape_sink sink, void *sink_user);

/* Holds over power cycles. */
void unit_set_option(struct unit *u, enum unit_option option, uint16_t value);

#endif
