/* The plant as it was asked for, whoever asked: meters with their names, the grid and
 * the loads in words, feeders, faults with their ends. Scenarios, consoles and files of
 * saved state drive it; it knows no language. */
#pragma once

#include "hal_sim/fault.h"
#include "hal_sim/unit.h"
#include "sim/plant/sim.h"
#include "sim/site/site_grid.h"
#include "sim/site/site_load.h"
#include <glib.h>

enum { SITE_NAME = 48, SITE_METERS_MAX = 247 * 64 };

/* Energies at the last judgement by a class (site_class.h). */
struct site_energies {
    bool spoilt; /* a fault or a power cut came in between */
    double kva, read[QUANTITIES], exact[QUANTITIES];
};

struct site_meter {
    struct site *site;
    struct unit *unit;
    char name[SITE_NAME];
    struct site_grid grid;
    struct waveform_load load; /* its own, without those of its submeters */
    struct site_meter *head;   /* of its feeder; NULL: itself (site_feeder.h) */
    int64_t made_ns;
    bool plays;                    /* a recording instead of grid and load */
    bool missing_said[QUANTITIES]; /* that the model has no such reading */
    bool read;                     /* since whoever reports on meters has cleared it */
    /* Ends of faults that were set for some time; 0: none (site_fault.h). */
    uint64_t fault_end[FAULTS][3];
    struct site_energies energies;
};

struct site {
    struct sim *sim;
    GPtrArray *meters; /* struct site_meter */
    /* As asked for, for all; a new meter gets its own by its wiring. */
    struct site_grid grid;
    struct site_load load;
    GPtrArray *fault_ends;
    /* A fault has changed its value; `line` of the script, or 0. May be NULL. */
    void (*fault_changed)(void *user, const struct site_meter *m, enum fault_id id,
                          int phase, int line);
    void *user;
};

/* What cannot be; see site_error_text. */
enum {
    SITE_ERROR_NO_VOLTAGE = -1,
    SITE_ERROR_NO_PF = -2,
    SITE_ERROR_MIXED_AB = -3,
    SITE_ERROR_DISTURBANCE = -4,
    SITE_ERROR_NO_WAY_BACK = -5 /* struct site_load_sum */
};
const char *site_error_text(int error);

void site_init(struct site *site, struct sim *sim);
void site_clear(struct site *site);

/* A meter of the site, which the unit stays the owner of. */
struct site_meter *site_add(struct site *site, struct unit *unit, const char *name);

/* NULL: it is none of this site's. */
struct site_meter *site_find(const struct site *site, const struct unit *unit);
struct site_meter *site_at(const struct site *site, guint index);

/* A reading in register units, or NaN where the meter has none. */
double site_reading(const struct site_meter *m, enum quantity q);

/* A recording plays to it now. */
bool site_plays(const struct site_meter *m);

/* The grid as it is, phase by phase: what is not named later stays. */
void site_adopt_grid(struct site_meter *m);
