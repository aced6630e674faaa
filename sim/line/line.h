/* An RS-485 line in simulated time: a wire that stations share. What a station sends
 * takes the time that its own baud rate says, bit for bit; what it receives is the
 * wire's level sampled in the middle of its own bit times, as a UART does. So
 * collisions, noise, wrong baud rates and parities need no rules of their own.
 *
 * A receiver takes a falling edge for a start bit, samples its middle (1: a false
 * start, forgotten), the data, the parity and the stop bit, and gives the byte away at
 * the end of the character with flags of enum meter_uart_flags; then it looks for the
 * next edge from the middle of the stop bit on. A station's receiver is off while its
 * driver is on, unless it says otherwise.
 *
 * Lines belong to their simulation, which frees them. A line without stations that
 * speak costs nothing. */
#pragma once

#include "core/rtu.h"
#include "hal_sim/link.h"
#include "sim/line/line_cable.h"
#include "sim/line/line_wire.h"
#include "sim/plant/sim.h"

struct line;

enum { LINE_STATIONS_MAX = 300 };

/* What hangs on a line. NULL for what a station does not need. */
struct line_station_type {
    /* How it sends and receives now. */
    void (*uart)(void *user, struct link_uart *uart);
    void (*receive)(void *user, uint8_t byte, unsigned flags);
    /* What it has sent is on the wire, to the last stop bit. */
    void (*sent)(void *user);
    /* When silence ends the frame that it receives, INT64_MAX: never; and what it does
     * then (the deadline must lie ahead afterwards). */
    int64_t (*deadline_ns)(void *user);
    void (*run)(void *user);
    void (*free)(void *user);
};

struct line *line_new(struct sim *s, const char *name, uint64_t seed);

/* The lines of a simulation in the order in which they were made; NULL beyond. */
struct line *line_at(struct sim *s, int index);
const char *line_name(const struct line *l);
struct sim *line_sim(const struct line *l);

/* NULL when there are too many. */
struct line_station *line_attach(struct line *l, const struct line_station_type *type,
                                 const char *name, void *user);
void line_detach(struct line_station *station);

/* Drives the line from now on, or behind what the station is still sending; returns the
 * time at which the last stop bit will have ended. */
int64_t line_send(struct line_station *station, const uint8_t *bytes, int size);

/* The driver goes off, whatever is still to leave. */
void line_cut(struct line_station *station);

/* End of the last thing on the wire that is known of, which may lie ahead. */
int64_t line_busy_until_ns(const struct line *l);

/* Whose transmission ends last, or ended last of those that are remembered; NULL: it is
 * gone, or nobody's. */
const struct line_station *line_last_sender(const struct line *l);

/* Requests that masters and third parties have begun, with so many more. */
int64_t line_requests(struct line *l, int more);
/* A share from 0 to 1 by the line's seed. */
double line_chance(struct line *l);

bool line_is_sending(const struct line_station *station);

/* Every transmission, when it has ended, in that order. One listener. */
typedef void (*line_listener)(void *user, const struct line_sent *sent);
void line_set_listener(struct line *l, line_listener listener, void *user);

struct line_counters {
    int64_t transmissions, collisions, pulses, foreign;
};
void line_counters(const struct line *l, struct line_counters *counters);

/* The copper; faults of stations add to it. */
void line_set_cable(struct line *l, const struct line_cable *cable);
const struct line_cable *line_cable(const struct line *l);

/* For the files of the line. line_changed: something changed on the wire; receivers
 * that wait for a start bit search for it again. */
void line_changed(struct line *l);
void *line_station_user(const struct line_station *station);
struct line *line_of_station(const struct line_station *station);
const struct line_station_type *line_station_type_of(const struct line_station *s);
struct line_station *line_station_at(const struct line *l, int index);
