/* The time of a row: ISO 8601 with or without a zone, day or month first, 12-hour clock,
 * names of months, a date and a time of day in columns of their own, epoch seconds and
 * milliseconds, seconds since the start. Zones and calendars are GLib's. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum moment_order { MOMENT_ORDER_UNKNOWN, MOMENT_DAY_FIRST, MOMENT_MONTH_FIRST };

enum moment_form {
    MOMENT_CALENDAR,
    MOMENT_EPOCH_S,
    MOMENT_EPOCH_MS,
    MOMENT_SINCE_START
};

/* As written. */
struct moment {
    enum moment_form form;
    int64_t number_ms; /* of those that are one number */
    int year;          /* 0: a time of day alone */
    int first, second; /* day and month, or month and day; or month and day of ISO */
    bool slashed;      /* which of the two is open, but for the order */
    bool pointed;      /* 01.11.2026: the day stood first */
    bool has_clock;    /* a time of day stands there, too */
    int64_t clock_ms;  /* since midnight; a whole day for 24:00 */
    bool has_zone;
    int offset_s; /* east of Greenwich */
};

/* False: this is no time. A text with a time of day alone has year 0. */
bool moment_parse(const char *text, struct moment *m);

/* The date of one and the clock of the other. False: not such a pair. */
bool moment_join(const struct moment *date, const struct moment *clock,
                 struct moment *both);

/* Which of day and month stands first, where that can be seen. */
enum moment_order moment_shows(const struct moment *m);

/* Milliseconds since 1970, UTC. A local time without a zone is one of `zone` (NULL:
 * UTC). Where clocks go back an hour comes twice: the first that is later than
 * `after_ms` counts. */
enum moment_error {
    MOMENT_NO_DATE = -1, /* no such day */
    MOMENT_UNCLEAR = -2, /* 01/11/2026 without an order */
    MOMENT_SKIPPED = -3  /* clocks were put forward over it */
};
int moment_resolve(const struct moment *m, enum moment_order order, GTimeZone *zone,
                   int64_t after_ms, int64_t *utc_ms, bool *twice);
