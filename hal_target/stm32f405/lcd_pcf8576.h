/* The display: a PCF8576 on I2C1. Its 40 × 4 segments are HAL_LCD_SIZE bytes; they are
 * kept here and sent whole when one has changed, a step for each pass of the main loop:
 * nothing waits for the bus. */
#ifndef STM32F405_LCD_PCF8576_H
#define STM32F405_LCD_PCF8576_H

#include "core/hal.h"

enum {
    PCF8576_COMMANDS = 5,
    PCF8576_MESSAGE = PCF8576_COMMANDS + HAL_LCD_SIZE,
    PCF8576_STEP_US = 10000, /* what no step may take */
    PCF8576_REFRESH_US =
        1000000 /* sent anew this often: the part may have been reset */
};

enum pcf8576_state {
    PCF8576_IDLE,
    PCF8576_STARTED,
    PCF8576_ADDRESSED,
    PCF8576_SENDING
};

struct pcf8576 {
    uint8_t segments[HAL_LCD_SIZE];
    uint8_t message[PCF8576_MESSAGE];
    enum pcf8576_state state;
    uint32_t at;
    bool changed, answers;
    uint64_t moved_us; /* the last step, or the last try */
    uint32_t failures;
};

void pcf8576_start(struct pcf8576 *l);

/* Into the memory here; what lies outside is left out. */
void pcf8576_write(struct pcf8576 *l, uint32_t address, const uint8_t *data,
                   uint32_t size);

/* One step on the bus. */
void pcf8576_run(struct pcf8576 *l, uint64_t now_us);

#endif
