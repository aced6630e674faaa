/* EXTI and SYSCFG. See stm32_exti.h. */
#include "hal_sim/chips/stm32_exti.h"
#include "hal_sim/chips/soc.h"
#include <stddef.h>

enum { IMR = 0x00, EMR = 0x04, RTSR = 0x08, FTSR = 0x0C, SWIER = 0x10, PR = 0x14 };
enum { MEMRMP = 0x00, PMC = 0x04, EXTICR1 = 0x08, EXTICR4 = 0x14 };
enum { LINES = 0x7FFFFF };

/* Table 62: which lines share an interrupt. */
static void follow(struct soc *s)
{
    static const struct {
        uint32_t lines;
        uint8_t irq;
    } rows[] = { { 1 << 0, 6 },  { 1 << 1, 7 }, { 1 << 2, 8 }, { 1 << 3, 9 },
                 { 1 << 4, 10 }, { 0x3E0, 23 }, { 0xFC00, 40 } };
    const uint32_t asked = s->exti.pr & s->exti.imr;

    for (unsigned k = 0; k < sizeof rows / sizeof *rows; k++)
        cortex_nvic_line(s, CORTEX_IRQ + rows[k].irq, asked & rows[k].lines);
}

static uint32_t *plain(struct stm32_exti *e, uint32_t offset)
{
    switch (offset) {
    case IMR:
        return &e->imr;
    case EMR:
        return &e->emr;
    case RTSR:
        return &e->rtsr;
    case FTSR:
        return &e->ftsr;
    case PR:
        return &e->pr;
    default:
        return NULL;
    }
}

uint32_t stm32_exti_read(struct soc *s, uint32_t offset)
{
    const uint32_t *held = plain(&s->exti, offset);

    return held ? *held : 0;
}

/* PR is cleared by ones (12.3.6). */
void stm32_exti_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_exti *e = &s->exti;
    uint32_t *held = plain(e, offset);

    value &= LINES;
    if (offset == PR)
        e->pr &= ~value;
    else if (offset == SWIER)
        e->pr |= value;
    else if (held)
        *held = value;
    follow(s);
}

uint32_t stm32_syscfg_read(struct soc *s, uint32_t offset)
{
    if (offset >= EXTICR1 && offset <= EXTICR4)
        return s->exti.exticr[(offset - EXTICR1) / 4];
    return offset == MEMRMP ? s->exti.memrmp : offset == PMC ? s->exti.pmc : 0;
}

void stm32_syscfg_write(struct soc *s, uint32_t offset, uint32_t value)
{
    if (offset >= EXTICR1 && offset <= EXTICR4)
        s->exti.exticr[(offset - EXTICR1) / 4] = value & 0xFFFF;
    else if (offset == MEMRMP)
        s->exti.memrmp = value & 3;
    else if (offset == PMC)
        s->exti.pmc = value;
}

/* Line n belongs to pin n of the port that EXTICR names. */
void stm32_exti_edge(struct soc *s, unsigned pin, bool rising)
{
    struct stm32_exti *e = &s->exti;
    const unsigned line = pin % 16;

    if ((e->exticr[line / 4] >> 4 * (line % 4) & 15) != pin / 16)
        return;
    if (!((rising ? e->rtsr : e->ftsr) >> line & 1))
        return;
    e->pr |= 1u << line;
    follow(s);
}
