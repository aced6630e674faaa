/* Instructions that the meter executes, for a budget of the real processor. Under
 * QEMU's -icount shift=0 one instruction takes 1 ns and TIM2 counts at 1 GHz, so that
 * TIM2 is an exact counter of instructions. What the board does to record an output is
 * not the meter's, and is left out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum counter_part { COUNTER_SAMPLES, COUNTER_PASS, COUNTER_REQUEST, COUNTER_PARTS };

struct counter {
    bool on;
    uint32_t began, paused;
    uint32_t overhead; /* what an empty measurement shows */
    uint64_t calls[COUNTER_PARTS], sum[COUNTER_PARTS];
    uint32_t worst[COUNTER_PARTS];
};

void counter_start(struct counter *c);

/* Around a call of the meter. They do nothing before counter_start. */
void counter_begin(struct counter *c);
void counter_end(struct counter *c, enum counter_part part);

/* Around what is not the meter's own. */
void counter_pause(struct counter *c);
void counter_resume(struct counter *c);
