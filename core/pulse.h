/* Pulses: energy into counts and contact closures (docs/decisions.md, Pulses; registers
 * 39-42, 144, 145). Channel 0 counts real import energy and closes the energy contact,
 * channel 1 counts export. The pulses of a second are spread evenly over the next
 * one. */
#pragma once

#include "core/config.h"
#include "core/hal.h"

enum { PULSE_CHANNELS = 2 };

struct pulse_channel {
    uint32_t count; /* the register */
    uint32_t due;   /* pulses of this second not yet given */
    uint32_t given;
    uint64_t rest_uj;   /* energy that is not a whole pulse yet */
    uint64_t before_uj; /* the rest at the start of the second that is spread */
    uint64_t added_uj;  /* the energy that is spread */
};

struct pulse {
    struct pulse_channel channel[PULSE_CHANNELS];
    uint64_t second_us; /* when the spreading second began */
    uint64_t weight_uj; /* of one of its pulses */
    uint32_t queued;    /* closures that wait for the contact */
    bool closed;
    uint64_t edge_us; /* the contact opens, or may close again */
};

/* Energies of the second that just ended, at now_us, and its mean import power. True when
 * that is too much for the contact: an overrun. */
bool pulse_second(struct pulse *p, const struct settings *settings,
                  const struct config *config, uint64_t now_us, const uint64_t uj[2],
                  int64_t power_uw);

/* Gives what is due at now_us; drives the contact and the green LED. */
void pulse_run(struct pulse *p, struct hal *h, const struct config *config,
               uint64_t now_us);

/* When pulse_run must be called next; UINT64_MAX: not at all. */
uint64_t pulse_deadline(const struct pulse *p);

void pulse_clear_counts(struct pulse *p);
