/* The meter's clock: registers 155-157 (manual, "Modbus point map"). It has no battery:
 * it runs from 2000-01-01 00:00:00 at power-up and is advanced by metered seconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_WORDS = 3, CLOCK_YEARS = 200 };

/* In the order of the registers' bytes: high byte first. */
struct clock {
    uint8_t day, month;     /* 155: 1…31, 1…12 */
    uint8_t hour, year;     /* 156: 0…23, 0…199 (2000…2199) */
    uint8_t second, minute; /* 157 */
};

void clock_start(struct clock *c);

/* One second on; 2199 is followed by 2000. */
void clock_second(struct clock *c);

/* Word 0…2 is register 155…157. A write sets words, then asks for the whole. */
uint16_t clock_word(const struct clock *c, int word);
void clock_set_word(struct clock *c, int word, uint16_t value);
bool clock_valid(const struct clock *c);
