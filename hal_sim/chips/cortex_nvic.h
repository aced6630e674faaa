/* Exceptions of the Cortex-M4: NVIC (PM0214, 4.3) and system control block (4.4), with
 * four bits of priority (RM0090, 12.1.1). Numbers are those of the vector table:
 * interrupt n is exception 16 + n. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

enum cortex_exception {
    CORTEX_RESET = 1,
    CORTEX_NMI = 2,
    CORTEX_HARD_FAULT = 3,
    CORTEX_PENDSV = 14,
    CORTEX_SYSTICK = 15,
    CORTEX_IRQ = 16,
    CORTEX_EXCEPTIONS = 16 + 96
};

enum { CORTEX_NESTING = 8, CORTEX_WORDS = 2 };

/* A bit for each exception, by its number. */
struct cortex_set {
    uint64_t word[CORTEX_WORDS];
};

struct cortex_nvic {
    struct cortex_set enabled, pending, active;
    struct cortex_set line;              /* asserted by a peripheral now */
    uint8_t priority[64 * CORTEX_WORDS]; /* of each bit that a set can hold */
    uint8_t nested[CORTEX_NESTING];      /* those that are active, the first first */
    int depth;
    bool attend; /* something may be due that was not before */
    uint32_t vtor, aircr, scr, ccr, shcsr, cfsr, hfsr, mmfar, bfar;
};

void cortex_nvic_reset(struct cortex_nvic *n);

/* An interrupt's line; an edge pends it, and a level that stays does so again. */
void cortex_nvic_line(struct soc *s, int exception, bool high);
void cortex_nvic_pend(struct soc *s, int exception);

/* The exception to enter now, above what is active; 0: none. */
int cortex_nvic_due(const struct cortex_nvic *n);
void cortex_nvic_enter(struct cortex_nvic *n, int exception);
/* False: that was not active. */
bool cortex_nvic_leave(struct cortex_nvic *n, int exception);
/* Of the code that runs: 0 in thread mode. */
int cortex_nvic_active(const struct cortex_nvic *n);

uint32_t cortex_nvic_read(struct soc *s, uint32_t address);
void cortex_nvic_write(struct soc *s, uint32_t address, uint32_t value, unsigned size);
