/* The display: a PCF8576 on I2C1. Its 40 × 4 segments are HAL_LCD_SIZE bytes; they are
 * kept here and sent whole when one has changed, a step for each pass of the main loop:
 * nothing waits for the bus. */
#pragma once

#include "core/hal.h"

enum {
    LCD_PCF8576_COMMANDS = 5,
    LCD_PCF8576_MESSAGE = LCD_PCF8576_COMMANDS + HAL_LCD_SIZE,
    LCD_PCF8576_POWER_ON_US = 1000, /* no transfer before ("Power-on reset") */
    LCD_PCF8576_STEP_US = 10000,    /* what no step may take */
    LCD_PCF8576_REFRESH_US =
        1000000 /* sent anew this often: the part may have been reset */
};

enum lcd_pcf8576_state {
    LCD_PCF8576_CLOSED, /* the bus is to be freed, and I2C1 to begin anew */
    LCD_PCF8576_IDLE,
    LCD_PCF8576_CLAIMED, /* until the last STOP has left and the bus is free */
    LCD_PCF8576_STARTED,
    LCD_PCF8576_ADDRESSED,
    LCD_PCF8576_SENDING
};

struct lcd_pcf8576 {
    uint8_t segments[HAL_LCD_SIZE];
    uint8_t message[LCD_PCF8576_MESSAGE];
    enum lcd_pcf8576_state state;
    uint32_t at;
    bool changed, answers;
    uint64_t moved_us;        /* the last step, or the last try */
    uint32_t failures, freed; /* freed: SDA was held low, and clocks ended that */
};

void lcd_pcf8576_start(struct lcd_pcf8576 *l);

/* Into the memory here; what lies outside is left out. */
void lcd_pcf8576_write(struct lcd_pcf8576 *l, uint32_t address, const uint8_t *data,
                       uint32_t size);

/* One step on the bus. */
void lcd_pcf8576_run(struct lcd_pcf8576 *l, uint64_t now_us);
