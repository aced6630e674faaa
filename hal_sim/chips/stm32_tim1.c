/* TIM1 channel 1 as a clock. See stm32_tim1.h. */
#include "hal_sim/chips/stm32_tim1.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

enum {
    CR1 = 0x00,
    EGR = 0x14,
    CCMR1 = 0x18,
    CCER = 0x20,
    PSC = 0x28,
    ARR = 0x2C,
    CCR1 = 0x34,
    BDTR = 0x44
};
enum {
    CEN = 1 << 0,
    ARPE = 1 << 7,
    UG = 1 << 0,
    OC1PE = 1 << 3,
    CC1E = 1 << 0,
    MOE = 1 << 15,
    TOGGLE = 3,
    PWM1 = 6,
    PWM2 = 7
};
enum { PIN = SOC_PA + 8, FUNCTION = 1 };

static bool comes_out(const struct soc *s)
{
    const struct stm32_tim1 *t = &s->tim1;

    return s->rcc.apb2enr & 1 && t->cr1 & CEN && t->ccer & CC1E && t->bdtr & MOE &&
           (t->ccmr1 & 3) == 0 && stm32_gpio_has_function(s, PIN, FUNCTION);
}

static struct chip_rate rate(const struct soc *s)
{
    const struct stm32_tim1 *t = &s->tim1;
    const unsigned how = t->ccmr1 >> 4 & 7;
    const bool wave =
        (how == PWM1 || how == PWM2) && t->ccr1_now > 0 && t->ccr1_now <= t->arr_now;

    const struct chip_rate out =
        chip_rate_by(s->rcc.timer2, (uint64_t)(t->psc_now + 1) * (t->arr_now + 1) *
                                        (how == TOGGLE ? 2 : 1));

    if (!comes_out(s) || (!wave && how != TOGGLE) || t->arr_now == 0 ||
        !stm32_gpio_follows(s, PIN, chip_rate_hz(out)))
        return (struct chip_rate){ 0, 1 };
    return out;
}

int64_t stm32_tim1_pulse_ns(const struct soc *s)
{
    const struct stm32_tim1 *t = &s->tim1;
    const int64_t period = (int64_t)t->arr_now + 1, high = t->ccr1_now,
                  pulse = (t->ccmr1 >> 4 & 7) == TOGGLE ? period
                          : high < period - high        ? high
                                                        : period - high;

    return chip_rate_ns(chip_rate_by(s->rcc.timer2, (uint64_t)t->psc_now + 1), pulse);
}

bool stm32_tim1_is_sound(const struct soc *s)
{
    const struct chip_rate now = rate(s), told = s->tim1.out;

    return now.num == told.num && (now.num == 0 || now.den == told.den);
}

void stm32_tim1_update(struct soc *s)
{
    const struct chip_rate now = rate(s);

    if (stm32_tim1_is_sound(s))
        return;
    s->tim1.out = now;
    if (s->wires.clock_out)
        s->wires.clock_out(s->wires.user, now, s->now_ns);
}

void stm32_tim1_reset(struct soc *s)
{
    const struct chip_rate told = s->tim1.out;

    memset(&s->tim1, 0, sizeof s->tim1);
    s->tim1.arr = s->tim1.arr_now = 0xFFFF;
    s->tim1.out = told;
    stm32_tim1_update(s);
}

static uint32_t *plain(struct stm32_tim1 *t, uint32_t offset)
{
    switch (offset) {
    case CR1:
        return &t->cr1;
    case CCMR1:
        return &t->ccmr1;
    case CCER:
        return &t->ccer;
    case PSC:
        return &t->psc;
    case ARR:
        return &t->arr;
    case CCR1:
        return &t->ccr1;
    case BDTR:
        return &t->bdtr;
    default:
        return offset / 4 < sizeof t->other / 4 ? &t->other[offset / 4] : NULL;
    }
}

uint32_t stm32_tim1_read(struct soc *s, uint32_t offset)
{
    const uint32_t *held = plain(&s->tim1, offset);

    return held && offset != EGR ? *held : 0;
}

/* An update puts in force what is buffered (17.3.1): the prescaler always, the others
 * when they are preloaded. */
void stm32_tim1_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_tim1 *t = &s->tim1;
    uint32_t *held = plain(t, offset);

    if (!held)
        return;
    *held = value & 0xFFFF;
    const bool update = offset == EGR && value & UG;
    if (update)
        t->psc_now = t->psc;
    if (update || !(t->cr1 & ARPE))
        t->arr_now = t->arr;
    if (update || !(t->ccmr1 & OC1PE))
        t->ccr1_now = t->ccr1;
    stm32_tim1_update(s);
}
