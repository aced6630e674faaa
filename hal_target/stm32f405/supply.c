/* POWER_GOOD on EXTI line 5 (RM0090, 12.2). See supply.h. */
#include "hal_target/stm32f405/supply.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"

enum { LINE = 1 << 5, PORT_C = 2, EXTICR2 = SYSCFG_EXTICR1 + 4 };

void supply_start(struct supply *s)
{
    *s = (struct supply){ 0 };
    mmio_write(EXTICR2, (mmio_read(EXTICR2) & ~(15u << 4)) | PORT_C << 4);
    mmio_set(EXTI_FTSR, LINE);
    mmio_write(EXTI_PR, LINE);
    mmio_set(EXTI_IMR, LINE);
}

void supply_interrupt(struct supply *s)
{
    mmio_write(EXTI_PR, LINE);
    s->fell = true;
}

/* Afterwards *s knows how long the supply has been good again. */
static void watch_return(struct supply *s, bool bad, uint64_t now_us)
{
    if (bad)
        s->good_us = 0;
    else if (s->good_us == 0)
        s->good_us = now_us;
    else if (now_us - s->good_us >= SUPPLY_BACK_US)
        s->failing = false;
}

/* The level counts as well as the edge: a supply that is bad from the start, or that was
 * while nobody watched, gives no edge. */
bool supply_run(struct supply *s, uint64_t now_us)
{
    const bool fell = s->fell;
    const bool bad = fell || !pin_read(PIN_POWER_GOOD);

    if (fell)
        s->fell = false;
    if (s->failing) {
        watch_return(s, bad, now_us);
    } else if (bad) {
        s->failing = true;
        s->good_us = 0;
        s->failures++;
    }
    return s->failing;
}
