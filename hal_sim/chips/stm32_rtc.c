/* The real-time clock. See stm32_rtc.h. */
#include "hal_sim/chips/stm32_rtc.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

enum {
    TR = 0x00,
    DR = 0x04,
    CR = 0x08,
    ISR = 0x0C,
    PRER = 0x10,
    WPR = 0x24,
    BKP0R = 0x50
};
enum {
    READY = 7, /* ALRAWF, ALRBWF, WUTWF */
    INITS = 1 << 4,
    RSF = 1 << 5,
    INITF = 1 << 6,
    INIT = 1 << 7,
    PRER_RESET = 0x007F00FF,
    DR_RESET = 0x2101,
    LSEON = 1 << 0,
    LSERDY = 1 << 1,
    RTCEN = 1 << 15,
    DBP = 1 << 8
};
enum { LSE_HZ = 32768, LSE_SELECTED = 1, DAY_S = 86400, CALENDAR_DAYS = 7 * 36525 };

static const struct chip_rate lse = { LSE_HZ, 1 };

static bool is_clocked(const struct soc *s)
{
    const uint32_t bdcr = s->rcc.bdcr;

    return bdcr & RTCEN && (bdcr >> 8 & 3) == LSE_SELECTED && bdcr & LSERDY;
}

static int64_t second(const struct stm32_rtc *r)
{
    return chip_rate_ns(lse, (int64_t)((r->prer >> 16 & 0x7F) + 1) *
                                 (int64_t)((r->prer & 0x7FFF) + 1));
}

static void schedule(struct soc *s)
{
    const struct stm32_rtc *r = &s->rtc;

    soc_due(s, SOC_RTC,
            r->second_ns < r->synchronised_ns ? r->second_ns : r->synchronised_ns);
}

/* RSF comes two RTC clocks after the shadow registers are in doubt (26.3.6). */
static void synchronise(struct soc *s)
{
    s->rtc.isr &= ~(uint32_t)RSF;
    s->rtc.synchronised_ns =
        is_clocked(s) ? s->now_ns + chip_rate_ns(lse, 2) : INT64_MAX;
    schedule(s);
}

void stm32_rtc_clock(struct soc *s)
{
    struct stm32_rtc *r = &s->rtc;
    const bool runs = is_clocked(s) && !(r->isr & INITF);

    if (runs && r->second_ns == INT64_MAX)
        r->second_ns = s->now_ns + second(r);
    if (!runs)
        r->second_ns = INT64_MAX;
    if (is_clocked(s) && !(r->isr & RSF) && r->synchronised_ns == INT64_MAX)
        synchronise(s);
    schedule(s);
}

/* The backup domain's reset (7.1.3). */
void stm32_rtc_clear(struct soc *s)
{
    struct stm32_rtc *r = &s->rtc;
    const bool empty = r->empty_battery;

    memset(r, 0, sizeof *r);
    r->empty_battery = empty;
    r->isr = READY;
    r->prer = PRER_RESET;
    r->dr = DR_RESET;
    r->second_ns = r->synchronised_ns = INT64_MAX;
    schedule(s);
}

/* Monday 1 January 2024. */
void stm32_rtc_set(struct soc *s)
{
    stm32_rtc_clear(s);
    s->rtc.dr = 0x242101;
    s->rcc.bdcr = LSEON | LSERDY | LSE_SELECTED << 8 | RTCEN;
}

/* A two-digit BCD field of *reg counts from `first` to `last`; true when it wraps. */
static bool count(uint32_t *reg, unsigned shift, unsigned width, unsigned first,
                  unsigned last)
{
    const uint32_t mask = ((1u << width) - 1) << shift;
    const uint32_t bcd = (*reg & mask) >> shift;
    unsigned value = (bcd >> 4) * 10 + (bcd & 15) + 1;
    const bool wraps = value > last;

    if (wraps)
        value = first;
    *reg = (*reg & ~mask) | (value / 10 << 4 | value % 10) << shift;
    return wraps;
}

static unsigned days_of(uint32_t dr)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const unsigned month = (dr >> 12 & 1) * 10 + (dr >> 8 & 15);
    const unsigned year = (dr >> 20 & 15) * 10 + (dr >> 16 & 15);

    if (month == 2 && year % 4 == 0)
        return 29;
    return month >= 1 && month <= 12 ? days[month - 1] : 31;
}

static void next_day(struct stm32_rtc *r)
{
    const uint32_t weekday = r->dr >> 13 & 7;
    const unsigned days = days_of(r->dr);

    r->dr = (r->dr & ~(7u << 13)) | (weekday % 7 + 1) << 13;
    if (count(&r->dr, 0, 6, 1, days) && count(&r->dr, 8, 5, 1, 12))
        count(&r->dr, 16, 8, 0, 99);
}

static void next_second(struct stm32_rtc *r)
{
    if (count(&r->tr, 0, 7, 0, 59) && count(&r->tr, 8, 7, 0, 59) &&
        count(&r->tr, 16, 6, 0, 23))
        next_day(r);
}

/* Its oscillator and calendar go on by the battery (26.3.4, 5.1.2), from the fraction of a
 * second at which power went. */
void stm32_rtc_rest(struct soc *s, int64_t ns)
{
    struct stm32_rtc *r = &s->rtc;

    if (r->empty_battery || r->second_ns == INT64_MAX || ns < 0)
        return;
    const int64_t takes_ns = second(r), next_ns = r->second_ns - s->now_ns;
    const int64_t done_ns =
        ns + takes_ns - (next_ns > 0 && next_ns <= takes_ns ? next_ns : takes_ns);
    /* Weekdays and two digits of a year are the same again after 700 years. */
    int64_t days = done_ns / takes_ns / DAY_S % CALENDAR_DAYS;
    int64_t count = done_ns / takes_ns % DAY_S;
    for (; days > 0; days--)
        next_day(r);
    for (; count > 0; count--)
        next_second(r);
    r->left_ns = takes_ns - done_ns % takes_ns;
}

void stm32_rtc_reset(struct soc *s, bool power)
{
    struct stm32_rtc *r = &s->rtc;

    if (r->prer == 0 || (power && r->empty_battery)) {
        stm32_rtc_clear(s);
        return;
    }
    r->key = 0;
    r->isr &= ~(uint32_t)(INIT | INITF);
    r->shadow_tr = 0;
    r->shadow_dr = DR_RESET;
    if (power)
        r->second_ns = r->left_ns ? s->now_ns + r->left_ns : INT64_MAX;
    r->left_ns = 0;
    r->synchronised_ns = INT64_MAX;
    synchronise(s);
    stm32_rtc_clock(s);
}

void stm32_rtc_run(struct soc *s)
{
    struct stm32_rtc *r = &s->rtc;

    if (r->second_ns <= s->now_ns) {
        r->second_ns += second(r);
        next_second(r);
    }
    if (r->synchronised_ns <= s->now_ns) {
        r->synchronised_ns = INT64_MAX;
        r->isr |= RSF;
    }
    if (r->isr & RSF) {
        r->shadow_tr = r->tr;
        r->shadow_dr = r->dr;
    }
    schedule(s);
}

uint32_t stm32_rtc_read(struct soc *s, uint32_t offset)
{
    struct stm32_rtc *r = &s->rtc;

    if (offset >= BKP0R && offset < BKP0R + 4 * STM32_BACKUP_WORDS)
        return r->backup[(offset - BKP0R) / 4];
    switch (offset) {
    case TR:
        return r->shadow_tr;
    case DR:
        return r->shadow_dr;
    case ISR:
        return r->isr | (r->dr >> 16 & 0xFF ? (uint32_t)INITS : 0);
    case PRER:
        return r->prer;
    default:
        return 0;
    }
}

/* 26.3.5: INITF follows two RTC clocks after INIT; here at once, when there is a
 * clock. */
static void write_state(struct soc *s, uint32_t value)
{
    struct stm32_rtc *r = &s->rtc;

    r->isr = (r->isr & ~(uint32_t)INIT) | (value & INIT);
    if (value & INIT && is_clocked(s))
        r->isr |= INITF;
    if (!(value & INIT))
        r->isr &= ~(uint32_t)INITF;
    if (!(value & RSF))
        synchronise(s);
    stm32_rtc_clock(s);
}

static void write_key(struct stm32_rtc *r, uint32_t key)
{
    r->key = key == 0xCA ? 1 : key == 0x53 && r->key == 1 ? 2 : 0;
}

/* Everything stands behind DBP; the calendar behind the key and INITF, too. */
void stm32_rtc_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_rtc *r = &s->rtc;
    const bool open = r->key == 2, setting = open && r->isr & INITF;

    if (!(s->rcc.pwr_cr & DBP))
        return;
    if (offset >= BKP0R && offset < BKP0R + 4 * STM32_BACKUP_WORDS)
        r->backup[(offset - BKP0R) / 4] = value;
    else if (offset == WPR)
        write_key(r, value & 0xFF);
    else if (offset == ISR && open)
        write_state(s, value);
    else if (offset == TR && setting)
        r->tr = value & 0x7F7F7F;
    else if (offset == DR && setting)
        r->dr = value & 0xFFFF3F;
    else if (offset == PRER && setting)
        r->prer = value & 0x7F7FFF;
}
