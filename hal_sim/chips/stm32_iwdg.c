/* The independent watchdog. See stm32_iwdg.h. */
#include "hal_sim/chips/stm32_iwdg.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

enum { KR = 0x00, PR = 0x04, RLR = 0x08 };
enum { FEED = 0xAAAA, UNLOCK = 0x5555, START = 0xCCCC };

void stm32_iwdg_reset(struct soc *s)
{
    s->iwdg = (struct stm32_iwdg){ .rlr = 0xFFF };
    soc_due(s, SOC_IWDG, INT64_MAX);
}

/* LSI / 4 … 256, RLR + 1 of its periods (table 107). */
static void reload(struct soc *s)
{
    struct stm32_iwdg *w = &s->iwdg;
    const unsigned power = 2 + (w->pr < 6 ? w->pr : 6);
    const struct chip_rate lsi = { STM32_LSI_HZ, UINT64_C(1) << power };

    if (!w->running)
        return;
    w->ends_ns = s->now_ns + chip_rate_ns(lsi, (int64_t)w->rlr + 1);
    soc_due(s, SOC_IWDG, w->ends_ns);
}

void stm32_iwdg_run(struct soc *s)
{
    s->reset = SOC_WATCHDOG;
    s->nvic.attend = true;
}

uint32_t stm32_iwdg_read(struct soc *s, uint32_t offset)
{
    return offset == PR ? s->iwdg.pr : offset == RLR ? s->iwdg.rlr : 0;
}

static void write_key(struct soc *s, uint32_t key)
{
    struct stm32_iwdg *w = &s->iwdg;

    w->unlocked = key == UNLOCK;
    if (key == START)
        w->running = true;
    if (key == START || key == FEED)
        reload(s);
}

void stm32_iwdg_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_iwdg *w = &s->iwdg;

    if (offset == KR)
        write_key(s, value & 0xFFFF);
    else if (offset == PR && w->unlocked)
        w->pr = value & 7;
    else if (offset == RLR && w->unlocked)
        w->rlr = value & 0xFFF;
}
