/* TIM2 as a counter of instructions. See counter.h; registers: RM0090, 18.4. */
#include "hal_target/emulated/counter.h"
#include <string.h>

#define TIM2_CR1 (*(volatile uint32_t *)0x40000000)
#define TIM2_CNT (*(volatile uint32_t *)0x40000024)

enum { CR1_CEN = 1 };

void counter_start(struct counter *c)
{
    memset(c, 0, sizeof *c);
    TIM2_CR1 = CR1_CEN;
    c->on = true;
    counter_begin(c);
    counter_end(c, COUNTER_SAMPLES);
    c->overhead = c->worst[COUNTER_SAMPLES];
    c->calls[COUNTER_SAMPLES] = c->sum[COUNTER_SAMPLES] = 0;
    c->worst[COUNTER_SAMPLES] = 0;
}

void counter_begin(struct counter *c)
{
    if (c->on)
        c->began = TIM2_CNT;
}

void counter_end(struct counter *c, enum counter_part part)
{
    if (!c->on)
        return;
    uint32_t count = TIM2_CNT - c->began - c->overhead;
    c->calls[part]++;
    c->sum[part] += count;
    if (count > c->worst[part])
        c->worst[part] = count;
}

void counter_pause(struct counter *c)
{
    if (c->on)
        c->paused = TIM2_CNT;
}

/* As if the time between had not been. */
void counter_resume(struct counter *c)
{
    if (c->on)
        c->began += TIM2_CNT - c->paused;
}
