/* RTC (RM0090, 26.3), backup domain (5.1.2, 7.3.20). See rtc.h. */
#include "hal_target/stm32f405/rtc.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/registers.h"

enum {
    MAGIC = 0x52544331,
    TRIES = 10000,
    PREDIV_A = 127 << 16, /* 32768 / 128 / 256 */
    PREDIV_S = 255,
    SECOND_US = 1000000,
    /* An edge that is not exact is found up to 2.5 ms late, the turn before it comes up
     * to 2.5 ms early. */
    BEFORE_US = 6000,
    AFTER_US = 1000,
    FIRST_DAY = 0x012101 /* Monday 1 January 2001; in a year 00 INITS stays clear */
};

void rtc_start(struct rtc *r)
{
    r->runs = r->lost_time = false;
    mmio_set(PWR_CR, PWR_CR_DBP);
    mmio_set(RCC_BDCR, RCC_BDCR_LSEON);
}

static void unlock(bool open)
{
    mmio_write(RTC_WPR, open ? 0xCA : 0xFF);
    if (open)
        mmio_write(RTC_WPR, 0x53);
}

/* 26.3.5. A clock that the battery has kept (INITS) is left alone. */
static void set_first_day(void)
{
    unlock(true);
    mmio_set(RTC_ISR, RTC_ISR_INIT);
    if (!mmio_wait(RTC_ISR, RTC_ISR_INITF, RTC_ISR_INITF, TRIES)) {
        mmio_write(RTC_PRER, PREDIV_S);
        mmio_write(RTC_PRER, PREDIV_A | PREDIV_S);
        mmio_write(RTC_TR, 0);
        mmio_write(RTC_DR, FIRST_DAY);
    }
    mmio_clear(RTC_ISR, RTC_ISR_INIT);
    unlock(false);
}

void rtc_run(struct rtc *r)
{
    if (r->runs || !(mmio_read(RCC_BDCR) & RCC_BDCR_LSERDY))
        return;
    mmio_set(RCC_BDCR, RCC_BDCR_RTC_LSE | RCC_BDCR_RTCEN);
    r->lost_time = !(mmio_read(RTC_ISR) & RTC_ISR_INITS);
    if (r->lost_time)
        set_first_day();
    r->runs = true;
}

/* Reading TR holds DR until that is read (26.3.6). */
static uint32_t time_shown(void)
{
    const uint32_t time = mmio_read(RTC_TR);

    mmio_read(RTC_DR);
    return time;
}

static void note_edge(struct rtc *r, uint32_t shown, uint64_t edge_us, bool exact)
{
    if (r->exact && exact)
        r->second_ns = (uint32_t)(edge_us - r->edge_us) * 1000;
    r->shown = shown;
    r->edge_us = edge_us;
    r->exact = exact;
}

void rtc_measure(struct rtc *r, uint64_t now_us)
{
    uint32_t shown;

    if (!r->runs)
        return;
    shown = time_shown();
    if (shown != r->shown) {
        note_edge(r, shown, now_us, false); /* missed: it was some time ago */
        return;
    }
    if (now_us < r->edge_us + SECOND_US - BEFORE_US)
        return;
    while (shown == r->shown && now_us < r->edge_us + SECOND_US + AFTER_US) {
        shown = time_shown();
        now_us = clocks_now_us();
    }
    note_edge(r, shown, now_us, shown != r->shown);
}

static void backup(enum rtc_backup word, uint32_t value)
{
    mmio_write(RTC_BKP0R + 4 * (uint32_t)word, value);
}

/* After a reset the shadow registers hold the time from RSF on, two periods of the RTC
 * later (26.3.6). A clock that does not run has none. */
static void wait_for_time(void)
{
    if (mmio_read(RCC_BDCR) & RCC_BDCR_RTCEN)
        mmio_wait(RTC_ISR, RTC_ISR_RSF, RTC_ISR_RSF, TRIES);
}

static uint32_t stored(enum rtc_backup word)
{
    return mmio_read(RTC_BKP0R + 4 * (uint32_t)word);
}

uint32_t rtc_faults(uint32_t *last)
{
    const bool any = stored(RTC_BACKUP_MAGIC) == MAGIC;

    *last = any ? stored(RTC_BACKUP_EXCEPTION) : 0;
    return any ? stored(RTC_BACKUP_FAULTS) : 0;
}

/* TR before DR: reading TR holds DR (26.3.6). */
void rtc_file_fault(const struct fault *f)
{
    uint32_t last;
    const uint32_t filed = rtc_faults(&last);

    backup(RTC_BACKUP_MAGIC, MAGIC);
    backup(RTC_BACKUP_FAULTS, filed + 1);
    backup(RTC_BACKUP_EXCEPTION, f->exception);
    backup(RTC_BACKUP_PC, f->pc);
    backup(RTC_BACKUP_LR, f->lr);
    backup(RTC_BACKUP_CFSR, f->cfsr);
    backup(RTC_BACKUP_HFSR, f->hfsr);
    backup(RTC_BACKUP_ADDRESS, f->address);
    wait_for_time();
    backup(RTC_BACKUP_TIME, mmio_read(RTC_TR));
    backup(RTC_BACKUP_DATE, mmio_read(RTC_DR));
}
