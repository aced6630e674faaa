/* See soc_sound.h. */
#include "hal_sim/chips/soc_sound.h"
#include "hal_sim/chips/soc.h"
#include "hal_sim/chips/sound.h"

enum { ITEMS_MAX = 0xFFFF, COUNTER_MAX = 0xFFFFFF, SIZE_SMALL = 16 << 10 };

/* The RTC's second has up to 128 × 32768 clocks of 32768 Hz. */
#define RTC_SECOND_NS INT64_C(129000000000)
#define OPERATION_NS  INT64_C(4000000000)
/* So long ago at most: what is late is caught up with, step by step. */
#define LATE_NS       INT64_C(1000000)
#define START_NS      INT64_C(1000000000000)

#define FLAG(member)              SOUND_FLAG(struct soc, member)
#define MOMENT(member)            SOUND_MOMENT(struct soc, member)
#define NUMBER(member, from, to)  SOUND_ROW(struct soc, member, from, to)
#define NUMBERS(member, from, to) SOUND_ROWS(struct soc, member, from, to)

static const struct sound_row rows[] = {
    NUMBER(now_ns, 0, SOUND_NS_MAX - 1),
    NUMBER(reset, SOC_RUNS, SOC_WATCHDOG),
    FLAG(bus_fault),
    NUMBER(held, 0, 0), /* nobody stores in the middle of a call */
    MOMENT(held_ns),
    NUMBER(nvic.depth, 0, CORTEX_NESTING),
    NUMBERS(nvic.nested, 0, CORTEX_EXCEPTIONS - 1),
    FLAG(nvic.attend),
    NUMBER(systick.rvr, 0, COUNTER_MAX),
    NUMBER(systick.left, 0, COUNTER_MAX),
    FLAG(systick.flag),
    MOMENT(systick.from_ns),
    NUMBER(systick.periods, 0, 1 << 20),
    MOMENT(rcc.hse_on_ns),
    MOMENT(rcc.pll_on_ns),
    MOMENT(rcc.lse_on_ns),
    FLAG(rcc.crystal.stopped),
    NUMBER(rcc.crystal.startup_ns, 0, START_NS),
    NUMBER(rcc.crystal.error_ppb, -100000000, 100000000),
    FLAG(rcc.beyond),
    NUMBERS(gpio.outside, PIN_OPEN, PIN_HIGH),
    NUMBERS(gpio.driven, PIN_OPEN, PIN_HIGH),
    FLAG(spi[0].full),
    FLAG(spi[0].busy),
    FLAG(spi[0].ovr_half),
    MOMENT(spi[0].ends_ns),
    FLAG(spi[1].full),
    FLAG(spi[1].busy),
    FLAG(spi[1].ovr_half),
    MOMENT(spi[1].ends_ns),
    NUMBER(dma.serves, 0, 0),
    NUMBER(dma.fail_in, 0, INT32_MAX),
    FLAG(i2c.master),
    NUMBER(i2c.phase, STM32_I2C_IDLE, STM32_I2C_STOP),
    FLAG(i2c.full),
    FLAG(i2c.sr1_read),
    MOMENT(i2c.ends_ns),
    FLAG(usart.full),
    FLAG(usart.busy),
    FLAG(usart.sr_read),
    MOMENT(usart.starts_ns),
    MOMENT(usart.ends_ns),
    MOMENT(usart.idle_until_ns),
    NUMBER(tim1.psc_now, 0, 0xFFFF),
    NUMBER(tim1.arr_now, 0, 0xFFFF),
    NUMBER(tim1.ccr1_now, 0, 0xFFFF),
    FLAG(iwdg.running),
    FLAG(iwdg.unlocked),
    NUMBER(iwdg.pr, 0, 7),
    NUMBER(iwdg.rlr, 0, 0xFFF),
    MOMENT(iwdg.ends_ns),
    NUMBER(rtc.key, 0, 2),
    FLAG(rtc.empty_battery),
    MOMENT(rtc.second_ns),
    MOMENT(rtc.synchronised_ns),
    NUMBER(rtc.left_ns, 0, RTC_SECOND_NS),
    NUMBER(flash.option_keys, 0, 1),
    NUMBER(flash.keys, -1, 1),
    NUMBER(flash.operation, FLASH_RESTS, FLASH_ERASES),
    MOMENT(flash.began_ns),
    MOMENT(flash.ends_ns),
    FLAG(flash.changed),
};

static bool set_is_sound(const struct cortex_set *set)
{
    return !(set->word[0] & 1) && !(set->word[1] >> (CORTEX_EXCEPTIONS - 64));
}

static bool nvic_is_sound(const struct cortex_nvic *n)
{
    return set_is_sound(&n->pending) && set_is_sound(&n->active) &&
           set_is_sound(&n->line) && !(n->enabled.word[1] >> (CORTEX_EXCEPTIONS - 64));
}

static bool dma_is_sound(const struct stm32_dma *d)
{
    for (int k = 0; k < STM32_STREAMS; k++) {
        const struct stm32_stream *t = &d->stream[k];
        if (t->ndtr > ITEMS_MAX || t->reload > ITEMS_MAX || t->at > ITEMS_MAX)
            return false;
    }
    return true;
}

/* What is under way is a word or a sector, and takes as long as such a thing does. */
static bool flash_is_sound(const struct stm32_flash *f)
{
    const int64_t lasts_ns = f->ends_ns - f->began_ns;

    if (f->operation == FLASH_RESTS)
        return true;
    if (f->began_ns == INT64_MAX || lasts_ns <= 0 || lasts_ns > OPERATION_NS)
        return false;
    return f->operation == FLASH_PROGRAMS
               ? f->size == 1 || f->size == 2 || f->size == 4
               : f->size >= SIZE_SMALL && f->size % SIZE_SMALL == 0;
}

static bool rtc_is_sound(const struct soc *s)
{
    return s->rtc.second_ns >= s->now_ns - LATE_NS;
}

bool soc_is_sound(const struct soc *s)
{
    return sound_rows(s, rows, sizeof rows / sizeof *rows) && nvic_is_sound(&s->nvic) &&
           dma_is_sound(&s->dma) && flash_is_sound(&s->flash) && rtc_is_sound(s) &&
           stm32_rcc_is_sound(s) && stm32_tim1_is_sound(s) &&
           cortex_systick_is_sound(s) && stm32_spi_is_sound(s, 0) &&
           stm32_spi_is_sound(s, 1);
}
