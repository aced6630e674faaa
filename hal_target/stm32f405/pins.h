/* Where things are wired (BOARD.md, "Pins"): one row for each pin that the meter uses.
 * P(name, port, pin, mode, pull, speed, function, level): level is what an output shows
 * first, set before it becomes one. */
#pragma once

#include "hal_target/stm32f405/registers.h"
#include <stdbool.h>
#include <stdint.h>

#define PIN_ROWS(P)                                                                    \
    P(AFE_DRDY, GPIOA, 0, PIN_INPUT, PIN_UP, 0, 0, 0)                                  \
    P(RS485_DE, GPIOA, 1, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                               \
    P(RS485_TX, GPIOA, 2, PIN_FUNCTION, PIN_UP, 0, 7, 0)                               \
    P(RS485_RX, GPIOA, 3, PIN_FUNCTION, PIN_UP, 0, 7, 0)                               \
    P(AFE_CS, GPIOA, 4, PIN_OUTPUT, PIN_NONE, 2, 0, 1)                                 \
    P(AFE_SCK, GPIOA, 5, PIN_FUNCTION, PIN_NONE, 2, 5, 0)                              \
    P(AFE_MISO, GPIOA, 6, PIN_FUNCTION, PIN_UP, 2, 5, 0)                               \
    P(AFE_MOSI, GPIOA, 7, PIN_FUNCTION, PIN_NONE, 2, 5, 0)                             \
    P(AFE_CLKIN, GPIOA, 8, PIN_FUNCTION, PIN_NONE, 2, 1, 0)                            \
    P(LCD_SCL, GPIOB, 6, PIN_FUNCTION_OPEN, PIN_UP, 0, 4, 0)                           \
    P(LCD_SDA, GPIOB, 7, PIN_FUNCTION_OPEN, PIN_UP, 0, 4, 0)                           \
    P(FRAM_CS, GPIOB, 12, PIN_OUTPUT, PIN_NONE, 2, 0, 1)                               \
    P(FRAM_SCK, GPIOB, 13, PIN_FUNCTION, PIN_NONE, 2, 5, 0)                            \
    P(FRAM_MISO, GPIOB, 14, PIN_FUNCTION, PIN_UP, 2, 5, 0)                             \
    P(FRAM_MOSI, GPIOB, 15, PIN_FUNCTION, PIN_NONE, 2, 5, 0)                           \
    P(KEY_PLUS, GPIOC, 0, PIN_INPUT, PIN_UP, 0, 0, 0)                                  \
    P(KEY_MINUS, GPIOC, 1, PIN_INPUT, PIN_UP, 0, 0, 0)                                 \
    P(KEY_BACK, GPIOC, 2, PIN_INPUT, PIN_UP, 0, 0, 0)                                  \
    P(KEY_SELECT, GPIOC, 3, PIN_INPUT, PIN_UP, 0, 0, 0)                                \
    P(AFE_RESET, GPIOC, 4, PIN_OUTPUT, PIN_NONE, 0, 0, 1)                              \
    P(POWER_GOOD, GPIOC, 5, PIN_INPUT, PIN_UP, 0, 0, 0)                                \
    P(ENERGY_CONTACT, GPIOC, 6, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                         \
    P(ALARM_CONTACT, GPIOC, 7, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                          \
    P(LED_GREEN, GPIOC, 8, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                              \
    P(LED_RED, GPIOC, 9, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                                \
    P(BACKLIGHT, GPIOC, 10, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                             \
    P(CT_THIRD_V, GPIOC, 11, PIN_OUTPUT, PIN_NONE, 0, 0, 0)                            \
    P(FACTORY, GPIOC, 13, PIN_INPUT, PIN_UP, 0, 0, 0)

enum pin_mode {
    PIN_INPUT,
    PIN_OUTPUT,
    PIN_OUTPUT_OPEN, /* open drain */
    PIN_FUNCTION,
    PIN_FUNCTION_OPEN
};
enum pin_pull { PIN_NONE, PIN_UP, PIN_DOWN };

enum pin {
#define P(name, port, number, mode, pull, speed, function, level) PIN_##name,
    PIN_ROWS(P)
#undef P
        PINS
};

/* All pins as in the table; the clocks of their ports must run. */
void pins_start(void);

/* One of them alone, an input. */
void pin_start(enum pin pin);

/* Another mode than the table's, for a while. */
void pin_set_mode(enum pin pin, enum pin_mode mode);

void pin_write(enum pin pin, bool high);
bool pin_read(enum pin pin);

/* Levels of all pins of its port at one moment, and which of them it is. */
uint32_t pin_port(enum pin pin);
unsigned pin_number(enum pin pin);
