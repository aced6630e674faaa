/* The wire of an RS-485 line: its level at every instant, from what drives it.
 *
 * Bits are laid from the start of a transmission: bit n begins at start + n ÷ baud, so
 * nothing drifts. A character is a start bit (0), eight data bits (least first), a
 * parity bit unless there is none, and a stop bit (1). The line idles at 1. Where
 * drivers disagree, 0 wins (stated, so that collisions are the same on every run; on
 * real wires it is the stronger one). A pulse of noise inverts the level; where the line
 * floats, it reads 0 while nobody drives. */
#pragma once

#include "core/hal.h"
#include <glib.h>
#include <stdint.h>

struct line_station;

enum { LINE_NAME = 48 };

struct line_sent {
    const struct line_station *sender; /* NULL when it is gone */
    char name[LINE_NAME];              /* the sender's */
    int64_t start_ns, end_ns;
    uint32_t baud;
    enum hal_parity parity;
    bool inverted;
    bool collided; /* another transmission overlaps */
    const uint8_t *byte;
    int size;
};

struct line_pulse {
    int64_t start_ns, end_ns;
};

struct line_wire {
    GPtrArray *sent;         /* struct line_transmission, in order of their start */
    GArray *pulses, *floats; /* struct line_pulse */
};

struct line_transmission {
    struct line_sent sent;
    GByteArray *bytes;
    void *owner; /* the line */
    bool over;   /* its end has been told */
};

void line_wire_start(struct line_wire *w);
void line_wire_clear(struct line_wire *w);

/* 10 bits, or 11 with a parity. */
int line_wire_bits(enum hal_parity parity);

/* Duration of n bits, rounded down; n characters are n × line_wire_bits. */
int64_t line_wire_span_ns(int64_t bits, uint32_t baud);

/* t3.5: 38.5 bits, 1.75 ms above 19200 baud (Serial line V1.02, 2.5.1.1). */
int64_t line_wire_silence_ns(uint32_t baud);

/* The new transmission, without bytes yet. */
struct line_transmission *line_wire_add(struct line_wire *w, struct line_sent sent);
void line_wire_append(struct line_transmission *t, const uint8_t *bytes, int size);
void line_wire_cut(struct line_transmission *t, int64_t at_ns);

/* Forgets what is over and ended before `ns`. */
void line_wire_forget(struct line_wire *w, int64_t ns);

/* Does anybody drive the wire? */
bool line_wire_is_driven(const struct line_wire *w, int64_t t_ns);

int line_wire_level(const struct line_wire *w, int64_t t_ns);

/* The first change of the level to `level` after from_ns; INT64_MAX: none. */
int64_t line_wire_edge(const struct line_wire *w, int64_t from_ns, int level);

/* Does the level change after from_ns and not after to_ns? */
bool line_wire_changes(const struct line_wire *w, int64_t from_ns, int64_t to_ns);
