/* SysTick (PM0214, 4.5): counts down core clocks, or eighths of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct cortex_systick {
    uint32_t csr, rvr;
    bool flag;       /* COUNTFLAG */
    int64_t from_ns; /* the counter was reloaded first then … */
    int64_t periods; /* … and has been so often since */
    uint32_t left;   /* while it stands still */
};

uint32_t cortex_systick_read(struct soc *s, uint32_t address);
void cortex_systick_write(struct soc *s, uint32_t address, uint32_t value);
void cortex_systick_run(struct soc *s);
/* What it counts is not long ago. */
bool cortex_systick_is_sound(const struct soc *s);
/* Before and after the core's clock changes. */
void cortex_systick_stop(struct soc *s);
void cortex_systick_go(struct soc *s);
