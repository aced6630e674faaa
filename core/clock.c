/* The meter's clock. See clock.h. */
#include "core/clock.h"

void clock_start(struct clock *c)
{
    *c = (struct clock){ .day = 1, .month = 1 };
}

/* Gregorian: of the years 2000…2199 only 2100 breaks the rule of four. */
static bool leap_year(unsigned year)
{
    return year % 4 == 0 && year != 100;
}

static uint8_t days_of_month(unsigned month, unsigned year)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return (uint8_t)(days[month - 1] + (month == 2 && leap_year(year)));
}

/* Counts one up; true when it starts again from `first`. */
static bool carry(uint8_t *part, uint8_t first, uint8_t last)
{
    if (*part < last) {
        (*part)++;
        return false;
    }
    *part = first;
    return true;
}

void clock_second(struct clock *c)
{
    if (!carry(&c->second, 0, 59) || !carry(&c->minute, 0, 59) ||
        !carry(&c->hour, 0, 23))
        return;
    if (carry(&c->day, 1, days_of_month(c->month, c->year)) && carry(&c->month, 1, 12))
        carry(&c->year, 0, CLOCK_YEARS - 1);
}

uint16_t clock_word(const struct clock *c, int word)
{
    const uint8_t high[CLOCK_WORDS] = { c->day, c->hour, c->second };
    const uint8_t low[CLOCK_WORDS] = { c->month, c->year, c->minute };
    return (uint16_t)(high[word] << 8 | low[word]);
}

void clock_set_word(struct clock *c, int word, uint16_t value)
{
    uint8_t *high[CLOCK_WORDS] = { &c->day, &c->hour, &c->second };
    uint8_t *low[CLOCK_WORDS] = { &c->month, &c->year, &c->minute };

    *high[word] = (uint8_t)(value >> 8);
    *low[word] = (uint8_t)value;
}

bool clock_valid(const struct clock *c)
{
    return c->month >= 1 && c->month <= 12 && c->year < CLOCK_YEARS && c->day >= 1 &&
           c->day <= days_of_month(c->month, c->year) && c->hour <= 23 &&
           c->minute <= 59 && c->second <= 59;
}
