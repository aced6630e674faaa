/* What the files of the line share: line.c (stations, transmissions, listening) and
 * line_traffic.c (noise and other devices). */
#ifndef SIM_LINE_LINE_INTERNAL_H
#define SIM_LINE_LINE_INTERNAL_H

#include "sim/line/line.h"

/* All receivers of one rate and parity hear the same: they share an ear. */
struct line_ear {
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
    struct line_ear *ear;
    struct line_transmission *sending; /* NULL, or not yet ended */
};

struct line {
    struct sim *sim;
    char name[LINE_NAME];
    uint64_t random;
    GPtrArray *stations, *ears;
    struct line_wire wire;
    uint64_t look_event; /* a station's deadline */
    int64_t look_ns;
    const void *claimed_by;
    line_listener listener;
    void *listener_user;
    struct line_counters counters;
    struct line_traffic *traffic; /* NULL: none */
};

/* Something changed on the wire: receivers that wait look again. */
void line_wire_changed(struct line *l);

void line_traffic_free(struct line *l);

#endif
