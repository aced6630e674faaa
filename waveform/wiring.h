/* How a meter is connected. The rows stand in wiring.def; everything that asks which
 * conductor an input sits on asks here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum waveform_wiring {
#define W(id, ...) WAVEFORM_##id,
#include "waveform/wiring.def"
#undef W
    WAVEFORM_WIRINGS
};

struct wiring_row {
    const char *name;   /* stands first: scenarios choose a row by it */
    uint8_t conductors; /* bits */
    bool neutral;
    int elements;
};

extern const struct wiring_row wiring_table[WAVEFORM_WIRINGS];

/* The conductor that the meter's input A sits on; B and C are on the next ones. */
int wiring_first(enum waveform_wiring wiring);

/* Conductors that voltage inputs sit on. */
int wiring_count(enum waveform_wiring wiring);

/* The meter's inputs that are connected, as bits: A 1, B 2, C 4. */
unsigned wiring_inputs(enum waveform_wiring wiring);
