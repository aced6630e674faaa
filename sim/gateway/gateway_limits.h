/* The limits of the gateway: what they are, their table, and how a value is set. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Limits, all per gateway, in the units of the fields; rows in gateway_limits.c, from
 * which defaults, ranges, options and their help come. A time of 0 is no limit. */
struct gateway_limits {
    int connections;   /* beyond: the one longest without a request is closed */
    int frame_ms;      /* half a frame may wait this long */
    int answer_ms;     /* a client may refuse to read this long */
    int idle_ms;       /* a connection without requests may live this long */
    int unread_bytes;  /* unread answers kept per connection */
    int turn_requests; /* requests and events served in one turn of the loop */
};

struct gateway_limit {
    const char *option;      /* of `metersim serve` */
    size_t offset;           /* of the int in struct gateway_limits */
    int per_unit;            /* of the field, in one unit of the user: 1000 ms in 1 s */
    double preset, min, max; /* in the user's unit */
    const char *unit, *text;
};

extern const struct gateway_limit gateway_limit_table[];
extern const int gateway_limit_count;

void gateway_default_limits(struct gateway_limits *limits);

/* Sets the limit of a row from the user's value; false: it is out of range. */
bool gateway_limit_set(struct gateway_limits *limits, const struct gateway_limit *row,
                       double value);
