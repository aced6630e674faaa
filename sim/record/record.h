/* metersim run --record: what a scenario and its meters did, as files. A folder for the
 * scenario with events.csv, in it a folder for each meter: readings.csv (a row for each
 * second that the meter publishes), registers.csv (those of the verb watch), lcd.csv,
 * waves.cfg and .dat (COMTRADE of what the ADC saw). Everything is written as it
 * happens; nothing is kept in memory. */
#pragma once

#include "sim/record/observer.h"

/* Of COMTRADE, by default: 2520 rows of 34 bytes a second are 51 MB. */
enum { RECORD_WAVES_S = 600 };

struct record_options {
    const char *folder;   /* of the scenario */
    const char *scenario; /* its path, for the note that says what this is */
    uint64_t seed;
    double from_s, to_s; /* of COMTRADE, simulated time */
};

struct record;

/* Makes the folder, or removes an earlier record from it. NULL: it holds something
 * else, or cannot be written. */
struct record *record_open(const struct record_options *options, struct observer *o,
                           GError **error);

/* False and "FILE: why" of the first that cannot be written. */
bool record_check(const struct record *r, GError **error);

/* After observer_finish. Closes and frees; false when something could not be written.
 * *notice (g_free) says what was left out, or is NULL. */
bool record_close(struct record *r, char **notice, GError **error);
