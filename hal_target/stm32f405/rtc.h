/* The real-time clock, on 32.768 kHz and a battery. It stamps fault records; the clock
 * that registers 155-157 show is the core's own and begins anew with each power-up.
 * It runs from 1 January 2001, when the battery was first connected. */
#pragma once

#include "hal_target/stm32f405/fault.h"

/* Backup registers, in this order (RTC_BKP0R at 0x40002850). */
enum rtc_backup {
    RTC_BACKUP_MAGIC,
    RTC_BACKUP_FAULTS, /* filed since the battery was connected */
    RTC_BACKUP_EXCEPTION,
    RTC_BACKUP_PC,
    RTC_BACKUP_LR,
    RTC_BACKUP_CFSR,
    RTC_BACKUP_HFSR,
    RTC_BACKUP_ADDRESS,
    RTC_BACKUP_DATE, /* of the last one: RTC_DR, RTC_TR; BCD */
    RTC_BACKUP_TIME
};

struct rtc {
    bool runs;
    bool lost_time; /* the battery was empty, or is new */
    /* rtc_measure: the time that the calendar shows, and when that began; 0: unknown. */
    uint32_t shown;
    uint64_t edge_us;
    bool exact; /* the edge was waited for */
    uint32_t second_ns;
};

/* Starts the oscillator, which takes up to 2 s; rtc_run sets the clock going then. */
void rtc_start(struct rtc *r);
void rtc_run(struct rtc *r);

/* How long the calendar's seconds are by the processor's crystal. To be called at least
 * every few milliseconds; waits at most 7 ms, where a second is to end. */
void rtc_measure(struct rtc *r, uint64_t now_us);

void rtc_file_fault(const struct fault *f);

/* How many have been filed, and the number of the last one's exception. */
uint32_t rtc_faults(uint32_t *last);
