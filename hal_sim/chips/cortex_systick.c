/* SysTick. See cortex_systick.h. The counter is 0 at from_ns, is reloaded by the clock
 * after, and reaches 0 again RVR + 1 clocks later. */
#include "hal_sim/chips/cortex_systick.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include "hal_sim/chips/sound.h"

enum { CSR = 0x10, RVR = 0x14, CVR = 0x18, CALIB = 0x1C };
#define LATE_NS INT64_C(1000000)
enum { ENABLE = 1, TICKINT = 2, CLKSOURCE = 4, COUNTFLAG = 1 << 16 };

static struct chip_rate rate(const struct soc *s)
{
    return s->systick.csr & CLKSOURCE ? s->rcc.core : chip_rate_by(s->rcc.core, 8);
}

static int64_t period(const struct cortex_systick *t)
{
    return (int64_t)t->rvr + 1;
}

static void schedule(struct soc *s)
{
    struct cortex_systick *t = &s->systick;
    int64_t at = INT64_MAX;

    if (t->csr & ENABLE && t->rvr && rate(s).num)
        at = t->from_ns + chip_rate_ns(rate(s), (t->periods + 1) * period(t));
    soc_due(s, SOC_SYSTICK, at);
}

/* Periods that were missed would be caught up with one by one. */
bool cortex_systick_is_sound(const struct soc *s)
{
    const struct cortex_systick *t = &s->systick;

    if (!(t->csr & ENABLE) || !t->rvr || !rate(s).num)
        return true;
    const int64_t ends = chip_rate_ns(rate(s), (t->periods + 1) * period(t));
    return t->from_ns <= s->now_ns && ends <= SOUND_NS_MAX &&
           t->from_ns + ends >= s->now_ns - LATE_NS;
}

static uint32_t counter(const struct soc *s)
{
    const struct cortex_systick *t = &s->systick;

    if (!(t->csr & ENABLE) || !t->rvr || !rate(s).num)
        return t->left;
    int64_t cycles = chip_rate_cycles(rate(s), s->now_ns - t->from_ns);
    return cycles == 0 ? 0 : t->rvr - (uint32_t)((cycles - 1) % period(t));
}

/* The counter stands as it is; going on, it is as if it had been reloaded so long ago. */
void cortex_systick_stop(struct soc *s)
{
    s->systick.left = counter(s);
}

void cortex_systick_go(struct soc *s)
{
    struct cortex_systick *t = &s->systick;
    const int64_t gone = t->left && t->left <= t->rvr ? period(t) - t->left : 0;

    t->from_ns = s->now_ns - (rate(s).num ? chip_rate_ns(rate(s), gone) : 0);
    t->periods = 0;
    schedule(s);
}

void cortex_systick_run(struct soc *s)
{
    struct cortex_systick *t = &s->systick;

    t->periods++;
    t->flag = true;
    if (t->csr & TICKINT)
        cortex_nvic_pend(s, CORTEX_SYSTICK);
    /* Numbers stay small. */
    if (t->periods == 1 << 20) {
        t->from_ns += chip_rate_ns(rate(s), t->periods * period(t));
        t->periods = 0;
    }
    schedule(s);
}

uint32_t cortex_systick_read(struct soc *s, uint32_t address)
{
    struct cortex_systick *t = &s->systick;
    uint32_t value;

    switch (address & 0xFF) {
    case CSR:
        value = t->csr | (t->flag ? (uint32_t)COUNTFLAG : 0);
        t->flag = false;
        return value;
    case RVR:
        return t->rvr;
    case CVR:
        return counter(s);
    default:
        return 0;
    }
}

void cortex_systick_write(struct soc *s, uint32_t address, uint32_t value)
{
    struct cortex_systick *t = &s->systick;

    cortex_systick_stop(s);
    switch (address & 0xFF) {
    case CSR:
        t->csr = value & (ENABLE | TICKINT | CLKSOURCE);
        break;
    case RVR:
        t->rvr = value & 0xFFFFFF;
        break;
    case CVR:
        t->left = 0;
        t->flag = false;
        break;
    default:
        break;
    }
    cortex_systick_go(s);
}
