/* The real-time clock and its backup registers (RM0090, 26): written behind a key and
 * DBP, its shadow registers valid when RSF says so. A battery keeps it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

enum { STM32_BACKUP_WORDS = 20 };

struct stm32_rtc {
    uint32_t tr, dr, isr, prer, backup[STM32_BACKUP_WORDS];
    uint32_t shadow_tr, shadow_dr;
    uint8_t key;             /* of WPR: 0, 1 after 0xCA, 2 open */
    bool empty_battery;      /* nothing outlives the supply */
    int64_t second_ns;       /* the calendar's next second */
    int64_t synchronised_ns; /* RSF is set then */
    int64_t left_ns;         /* until the next second, at power-up; 0: not known */
};

/* As a board leaves the factory: the clock runs and has been set. */
void stm32_rtc_set(struct soc *s);

/* The supply is away for so long; before soc_power_up. */
void stm32_rtc_rest(struct soc *s, int64_t ns);
/* power: the supply was away. */
void stm32_rtc_reset(struct soc *s, bool power);
/* Its clock may have come or gone; BDRST clears all of it (7.3.20). */
void stm32_rtc_clock(struct soc *s);
void stm32_rtc_clear(struct soc *s);
uint32_t stm32_rtc_read(struct soc *s, uint32_t offset);
void stm32_rtc_write(struct soc *s, uint32_t offset, uint32_t value);
void stm32_rtc_run(struct soc *s);
