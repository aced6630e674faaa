/* The world that `serve`, the tour and the benchmarks start with: one meter, a 480 V
 * grid, a load. */
#pragma once

#include "hal_sim/unit.h"

struct demo {
    const struct model *model;
    int system_type;     /* register 130 */
    double ct_primary_a; /* setting 131 and the CTs */
    double pt_ratio;     /* setting 133 and the PTs */
    double volts_ll;     /* setting 134 and the grid */
    double hz, amps, pf;
    struct unit_factory factory; /* made before power comes; the first one's address */
    uint16_t fill_word;          /* what unlisted registers read; 0: exception 02 */
    const struct device_maker *maker; /* NULL: the linked core */
    tape_sink tape;                   /* of the meter, or NULL */
    void *tape_user;
};

void demo_default(struct demo *d);

/* A powered unit, configured over its own Modbus, in its world. `index` makes serial
 * number, address and noise differ. NULL when the meter refuses a setting. */
struct unit *demo_unit(const struct demo *d, unsigned index);

/* The same with FRAM that outlives the unit; a meter that was configured before keeps
 * the settings it has there. */
struct unit *demo_unit_with_nvm(const struct demo *d, unsigned index,
                                const struct board_nvm *nvm, bool configured);

/* The serial number of the unit of this index. */
uint32_t demo_serial(unsigned index);

/* The grid of that demo at the unit's wiring. */
void demo_grid(const struct demo *d, struct waveform_grid *grid);
void demo_load(const struct demo *d, struct waveform_load *load);

/* Writes one holding register of a unit (base 1) through its PDU server. 0, or the
 * exception code. */
int demo_write(struct unit *u, uint16_t reg, uint16_t value);
