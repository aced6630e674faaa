/* The RS-485 transceiver: DE and /RE are one pin, so who sends is deaf. What DE does not
 * span from the first bit to the last is no character on the line. */
#pragma once

#include "hal_sim/chips/part.h"

struct transceiver {
    bool drives;
    int64_t since_ns; /* DE is as it is */
    /* Of the characters that come in, every n-th (0: none) has … */
    uint32_t broken_one_in;  /* … no stop bit (framing error) */
    uint32_t overrun_one_in; /* … been too late for the one before it */
    uint8_t stuck;           /* enum transceiver_stuck */
    int64_t slow_ns;         /* it receives so much later than DE falls */
    uint32_t received, cut;
};

enum transceiver_stuck {
    TRANSCEIVER_FREE,
    TRANSCEIVER_NEVER_DRIVES,
    TRANSCEIVER_NEVER_RECEIVES
};

/* What is wrong with a character that comes in. */
enum transceiver_flaw { TRANSCEIVER_FRAMING = 1, TRANSCEIVER_OVERRUN = 2 };

/* Off and on again: faults stay. */
void transceiver_power(struct transceiver *t);
/* True: DE has changed. */
bool transceiver_enable(struct transceiver *t, bool on, int64_t now_ns);
/* A character of the UART's, whose first bit began then: has it gone on the line? */
bool transceiver_sends(struct transceiver *t, int64_t start_ns);
/* A character on the line: does the UART receive it? *flaws is set. */
bool transceiver_receives(struct transceiver *t, int64_t now_ns, unsigned *flaws);
