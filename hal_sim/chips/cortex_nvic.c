/* NVIC and system control block. See cortex_nvic.h. */
#include "hal_sim/chips/cortex_nvic.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

/* Offsets from 0xE000E000. */
enum {
    ISER = 0x100,
    ICER = 0x180,
    ISPR = 0x200,
    ICPR = 0x280,
    IABR = 0x300,
    IPR = 0x400,
    CPUID = 0xD00,
    ICSR = 0xD04,
    VTOR = 0xD08,
    AIRCR = 0xD0C,
    SCR = 0xD10,
    CCR = 0xD14,
    SHPR1 = 0xD18,
    SHCSR = 0xD24,
    CFSR = 0xD28,
    HFSR = 0xD2C,
    MMFAR = 0xD34,
    BFAR = 0xD38
};

enum {
    IRQS = CORTEX_EXCEPTIONS - CORTEX_IRQ,
    AIRCR_KEY = 0x05FA,
    AIRCR_READS = 0xFA05,
    SYSRESETREQ = 1 << 2,
    PRIORITY_BITS = 0xF0, /* RM0090, 12.1.1: sixteen levels */
    THREAD = 256          /* below all priorities */
};

static bool has(const struct cortex_set *set, int n)
{
    return set->word[n / 64] >> n % 64 & 1;
}

static void put(struct cortex_set *set, int n, bool on)
{
    const uint64_t bit = UINT64_C(1) << n % 64;

    set->word[n / 64] = on ? set->word[n / 64] | bit : set->word[n / 64] & ~bit;
}

/* Exceptions of the processor itself cannot be switched off here. */
void cortex_nvic_reset(struct cortex_nvic *n)
{
    memset(n, 0, sizeof *n);
    n->enabled.word[0] = (1u << CORTEX_IRQ) - 1;
    n->ccr = 1 << 9; /* STKALIGN */
}

void cortex_nvic_pend(struct soc *s, int exception)
{
    put(&s->nvic.pending, exception, true);
    s->nvic.attend = true;
}

void cortex_nvic_line(struct soc *s, int exception, bool high)
{
    struct cortex_nvic *n = &s->nvic;

    if (has(&n->line, exception) == high)
        return;
    put(&n->line, exception, high);
    if (high)
        cortex_nvic_pend(s, exception);
}

static int level(const struct cortex_nvic *n, int exception)
{
    return exception < 4 ? exception - 4 : n->priority[exception % (64 * CORTEX_WORDS)];
}

int cortex_nvic_active(const struct cortex_nvic *n)
{
    return n->depth ? n->nested[n->depth - 1] : 0;
}

/* The lowest number wins among equals (PM0214, 2.3.5). */
int cortex_nvic_due(const struct cortex_nvic *n)
{
    const int active = cortex_nvic_active(n);
    int best = 0, below = active ? level(n, active) : THREAD;

    if (n->depth == CORTEX_NESTING)
        return 0;
    for (int w = 0; w < CORTEX_WORDS; w++)
        for (uint64_t left = n->pending.word[w] & n->enabled.word[w]; left;
             left &= left - 1) {
            const int exception = w * 64 + __builtin_ctzll(left);
            if (level(n, exception) >= below)
                continue;
            best = exception;
            below = level(n, exception);
        }
    return best;
}

/* A hard fault comes however deep exceptions are nested; more levels than there are
 * priorities cannot be. */
void cortex_nvic_enter(struct cortex_nvic *n, int exception)
{
    if (n->depth == CORTEX_NESTING)
        n->depth--;
    put(&n->pending, exception, false);
    put(&n->active, exception, true);
    n->nested[n->depth++] = (uint8_t)exception;
}

/* A line that is still high asks again (4.3.9). */
bool cortex_nvic_leave(struct cortex_nvic *n, int exception)
{
    if (cortex_nvic_active(n) != exception || exception == 0)
        return false;
    n->depth--;
    put(&n->active, exception, false);
    if (has(&n->line, exception))
        put(&n->pending, exception, true);
    n->attend = true;
    return true;
}

/* 32 interrupts' bits from interrupt 32 × k on. */
static uint32_t bits(const struct cortex_set *set, uint32_t k)
{
    uint32_t word = 0;

    for (unsigned bit = 0; bit < 32 && 32 * k + bit < IRQS; bit++)
        word |= (uint32_t)has(set, (int)(CORTEX_IRQ + 32 * k + bit)) << bit;
    return word;
}

static void change(struct cortex_nvic *n, struct cortex_set *set, uint32_t k,
                   uint32_t value, bool on)
{
    for (unsigned bit = 0; bit < 32 && 32 * k + bit < IRQS; bit++)
        if (value >> bit & 1)
            put(set, (int)(CORTEX_IRQ + 32 * k + bit), on);
    n->attend = true;
}

static uint32_t control_state(const struct cortex_nvic *n)
{
    const int due = cortex_nvic_due(n);

    return (uint32_t)cortex_nvic_active(n) | (uint32_t)due << 12 |
           (uint32_t)(due != 0) << 22 |
           (uint32_t)has(&n->pending, CORTEX_SYSTICK) << 26 |
           (uint32_t)has(&n->pending, CORTEX_PENDSV) << 28;
}

/* ICSR: PENDSTCLR, PENDSTSET, PENDSVCLR, PENDSVSET, NMIPENDSET. */
static void control(struct soc *s, uint32_t value)
{
    static const struct {
        uint8_t bit, exception;
        bool on;
    } acts[] = { { 25, CORTEX_SYSTICK, false },
                 { 26, CORTEX_SYSTICK, true },
                 { 27, CORTEX_PENDSV, false },
                 { 28, CORTEX_PENDSV, true },
                 { 31, CORTEX_NMI, true } };

    for (unsigned k = 0; k < sizeof acts / sizeof *acts; k++)
        if (value >> acts[k].bit & 1)
            put(&s->nvic.pending, acts[k].exception, acts[k].on);
    s->nvic.attend = true;
}

static uint32_t priorities(const struct cortex_nvic *n, uint32_t first)
{
    uint32_t word = 0;

    for (unsigned k = 0; k < 4 && first + k < CORTEX_EXCEPTIONS; k++)
        word |= (uint32_t)n->priority[first + k] << 8 * k;
    return word;
}

static void set_priorities(struct cortex_nvic *n, uint32_t first, uint32_t value,
                           unsigned size)
{
    for (unsigned k = 0; k < size && first + k < CORTEX_EXCEPTIONS; k++)
        n->priority[first + k] = (uint8_t)(value >> 8 * k & PRIORITY_BITS);
    n->attend = true;
}

/* Registers of system control that only hold what is written. */
static uint32_t *plain(struct cortex_nvic *n, uint32_t offset)
{
    switch (offset) {
    case VTOR:
        return &n->vtor;
    case SCR:
        return &n->scr;
    case CCR:
        return &n->ccr;
    case SHCSR:
        return &n->shcsr;
    case MMFAR:
        return &n->mmfar;
    case BFAR:
        return &n->bfar;
    default:
        return NULL;
    }
}

static uint32_t read_system(struct cortex_nvic *n, uint32_t offset)
{
    const uint32_t *held = plain(n, offset);

    if (held)
        return *held;
    switch (offset) {
    case CPUID:
        return 0x410FC241;
    case ICSR:
        return control_state(n);
    case AIRCR:
        return (uint32_t)AIRCR_READS << 16 | n->aircr;
    case CFSR:
        return n->cfsr;
    case HFSR:
        return n->hfsr;
    default:
        return offset >= SHPR1 && offset < SHCSR ? priorities(n, offset - SHPR1 + 4)
                                                 : 0;
    }
}

uint32_t cortex_nvic_read(struct soc *s, uint32_t address)
{
    struct cortex_nvic *n = &s->nvic;
    const uint32_t offset = address & 0xFFC, k = offset >> 2 & 31;

    if (offset >= CPUID)
        return read_system(n, offset);
    if (offset >= IPR)
        return priorities(n, offset - IPR + CORTEX_IRQ);
    if (offset >= IABR)
        return bits(&n->active, k);
    if (offset >= ISPR)
        return bits(&n->pending, k);
    return offset >= ISER ? bits(&n->enabled, k) : 0;
}

/* A line that is high stays pending whatever is cleared. */
static void clear_pending(struct cortex_nvic *n, uint32_t k, uint32_t value)
{
    change(n, &n->pending, k, value & ~bits(&n->line, k), false);
}

static void write_system(struct soc *s, uint32_t offset, uint32_t value, unsigned size)
{
    struct cortex_nvic *n = &s->nvic;
    uint32_t *held = plain(n, offset & ~3u);

    if (offset >= SHPR1 && offset < SHCSR) {
        set_priorities(n, offset - SHPR1 + 4, value, size);
    } else if (offset == ICSR) {
        control(s, value);
    } else if (offset == AIRCR && value >> 16 == AIRCR_KEY) {
        n->aircr = value & 0x700;
        if (value & SYSRESETREQ)
            s->reset = SOC_SOFTWARE;
        n->attend = true;
    } else if (offset == CFSR) {
        n->cfsr &= ~value;
    } else if (offset == HFSR) {
        n->hfsr &= ~value;
    } else if (held) {
        *held = value;
    }
}

void cortex_nvic_write(struct soc *s, uint32_t address, uint32_t value, unsigned size)
{
    struct cortex_nvic *n = &s->nvic;
    const uint32_t offset = address & 0xFFF, k = offset >> 2 & 31;

    if (offset >= CPUID)
        write_system(s, offset, value, size);
    else if (offset >= IPR)
        set_priorities(n, offset - IPR + CORTEX_IRQ, value, size);
    else if (offset >= ICPR && offset < IABR)
        clear_pending(n, k, value);
    else if (offset >= ISPR && offset < ICPR)
        change(n, &n->pending, k, value, true);
    else if (offset >= ICER && offset < ISPR)
        change(n, &n->enabled, k, value, false);
    else if (offset >= ISER && offset < ICER)
        change(n, &n->enabled, k, value, true);
}
