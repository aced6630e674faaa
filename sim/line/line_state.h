/* The state of a line, its stations and its receivers: of line.c, and of
 * line_traffic.c, which adds noise and other devices. */
#pragma once

#include "sim/line/line.h"

/* All receivers of one rate and parity receive the same: they share a receiver. */
struct line_receiver {
    struct line *line;
    struct link_uart uart; /* baud, parity, inverted */
    int64_t from_ns;       /* where to look for the next start bit */
    int64_t edge_ns;       /* the start bit that is being heard; INT64_MAX: none */
    uint64_t event;        /* its character's end */
};

struct line_station {
    struct line *line;
    const struct line_station_type *type;
    void *user;
    char name[LINE_NAME];
    struct link_uart uart; /* when it was last asked */
    struct line_receiver *receiver;
    struct line_transmission *sending; /* NULL, or not yet ended */
};

struct line {
    struct sim *sim;
    char name[LINE_NAME];
    uint64_t random;
    GPtrArray *stations, *receivers;
    struct line_wire wire;
    uint64_t deadline_event; /* a station's deadline */
    int64_t deadline_at_ns;
    const void *claimed_by, *next_claim;
    line_listener listener;
    void *listener_user;
    struct line_counters counters;
    int64_t requests;
    struct line_cable cable;   /* as laid */
    struct line_cable faulted; /* with the faults of its stations */
    struct line_signal signal;
    struct line_traffic *traffic; /* NULL: none */
    void (*free_traffic)(struct line_traffic *traffic);
};
