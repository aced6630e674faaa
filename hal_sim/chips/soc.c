/* The microcontroller: addresses, clocks of peripherals, time. See soc.h. */
#include "hal_sim/chips/soc.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc_sound.h"
#include "waveform/base/store.h"
#include <stddef.h>
#include <string.h>

/* Where a peripheral is (RM0090, 2.3) and what clocks it (7.3.10 to 7.3.14). */
enum gate { ALWAYS, AHB1, APB1, APB2 };

struct block {
    uint32_t base, size;
    enum gate gate;
    uint8_t bit, which;
    uint32_t (*read)(struct soc *s, int which, uint32_t offset);
    void (*write)(struct soc *s, int which, uint32_t offset, uint32_t value);
};

/* Those of which there is one take no number. */
#define SINGLE(name)                                                                   \
    static uint32_t read_##name(struct soc *s, int which, uint32_t offset)             \
    {                                                                                  \
        (void)which;                                                                   \
        return stm32_##name##_read(s, offset);                                         \
    }                                                                                  \
    static void write_##name(struct soc *s, int which, uint32_t offset,                \
                             uint32_t value)                                           \
    {                                                                                  \
        (void)which;                                                                   \
        stm32_##name##_write(s, offset, value);                                        \
    }
SINGLE(rtc)
SINGLE(iwdg)
SINGLE(usart)
SINGLE(i2c)
SINGLE(pwr)
SINGLE(tim1)
SINGLE(syscfg)
SINGLE(exti)
SINGLE(rcc)
SINGLE(flash)
SINGLE(dma)
#undef SINGLE

static uint32_t read_gpio(struct soc *s, int which, uint32_t offset)
{
    return stm32_gpio_read(s, (unsigned)which, offset);
}

static void write_gpio(struct soc *s, int which, uint32_t offset, uint32_t value)
{
    stm32_gpio_write(s, (unsigned)which, offset, value);
}

static const struct block blocks[] = {
    { 0x40002800, 0x400, ALWAYS, 0, 0, read_rtc, write_rtc },
    { 0x40003000, 0x400, ALWAYS, 0, 0, read_iwdg, write_iwdg },
    { 0x40003800, 0x400, APB1, 14, 1, stm32_spi_read, stm32_spi_write },
    { 0x40004400, 0x400, APB1, 17, 0, read_usart, write_usart },
    { 0x40005400, 0x400, APB1, 21, 0, read_i2c, write_i2c },
    { 0x40007000, 0x400, APB1, 28, 0, read_pwr, write_pwr },
    { 0x40010000, 0x400, APB2, 0, 0, read_tim1, write_tim1 },
    { 0x40013000, 0x400, APB2, 12, 0, stm32_spi_read, stm32_spi_write },
    { 0x40013800, 0x400, APB2, 14, 0, read_syscfg, write_syscfg },
    { 0x40013C00, 0x400, ALWAYS, 0, 0, read_exti, write_exti },
    { 0x40020000, 0x400, AHB1, 0, 0, read_gpio, write_gpio },
    { 0x40020400, 0x400, AHB1, 1, 1, read_gpio, write_gpio },
    { 0x40020800, 0x400, AHB1, 2, 2, read_gpio, write_gpio },
    { 0x40020C00, 0x400, AHB1, 3, 3, read_gpio, write_gpio },
    { 0x40023800, 0x400, ALWAYS, 0, 0, read_rcc, write_rcc },
    { 0x40023C00, 0x400, ALWAYS, 0, 0, read_flash, write_flash },
    { 0x40026400, 0x400, AHB1, 22, 0, read_dma, write_dma },
};

/* What the chip has besides: its clock is off, for no firmware here switches it on. */
static bool is_other(uint32_t address)
{
    return address - 0x40000000u < 0x7800 || address - 0x40010000u < 0x4C00 ||
           address - 0x40020000u < 0x9400 || address - 0xE0042000u < 0x1000;
}

static const struct block *block_at(uint32_t address)
{
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++)
        if (address - blocks[k].base < blocks[k].size)
            return &blocks[k];
    return NULL;
}

static bool is_clocked(const struct soc *s, const struct block *b)
{
    const uint32_t gate[] = { [ALWAYS] = 1,
                              [AHB1] = s->rcc.ahb1enr,
                              [APB1] = s->rcc.apb1enr,
                              [APB2] = s->rcc.apb2enr };

    return gate[b->gate] >> b->bit & 1;
}

static bool is_private(uint32_t address)
{
    return address - 0xE000E000u < 0x1000;
}

static bool is_systick(uint32_t address)
{
    return address - 0xE000E010u < 0x10;
}

static const struct soc_memory *memory_at(const struct soc *s, uint32_t address,
                                          unsigned size)
{
    for (int k = 0; k < SOC_MEMORIES; k++) {
        const struct soc_memory *m = &s->wires.memory[k];
        if (m->size >= size && address - m->base <= m->size - size)
            return m;
    }
    return NULL;
}

/* Flash, as the processor's stores and a test's reads see it. */
static const struct soc_memory *flash_at(const struct soc *s, uint32_t address)
{
    const struct soc_memory *m = memory_at(s, address, 4);

    return m && m->fixed ? m : NULL;
}

static bool load_flash(const struct soc *s, uint32_t address, uint32_t *value)
{
    const struct soc_memory *m = flash_at(s, address);

    if (m)
        memcpy(value, m->bytes + (address - m->base), sizeof *value);
    return m != NULL;
}

static bool store_flash(struct soc *s, uint32_t address, uint32_t value, unsigned size)
{
    if (!flash_at(s, address & ~3u))
        return false;
    stm32_flash_store(s, address, value, size);
    return true;
}

/* A word of a peripheral, without the time that it takes; false: there is none. */
static bool read_word(struct soc *s, uint32_t address, uint32_t *value)
{
    const struct block *b = block_at(address);

    *value = 0;
    if (is_systick(address))
        *value = cortex_systick_read(s, address);
    else if (is_private(address))
        *value = cortex_nvic_read(s, address);
    else if (!b)
        return load_flash(s, address, value) || is_other(address);
    else if (is_clocked(s, b))
        *value = b->read(s, b->which, address - b->base);
    return true;
}

static bool write_word(struct soc *s, uint32_t address, uint32_t value, unsigned size)
{
    const struct block *b = block_at(address);

    if (is_systick(address))
        cortex_systick_write(s, address, value);
    else if (is_private(address))
        cortex_nvic_write(s, address, value, size);
    else if (!b)
        return store_flash(s, address, value, size) || is_other(address);
    else if (is_clocked(s, b))
        b->write(s, b->which, (address - b->base) & ~3u, value);
    return true;
}

static uint32_t part_of(uint32_t word, uint32_t address, unsigned size)
{
    word >>= 8 * (address & 3);
    return size == 4 ? word : word & ((1u << 8 * size) - 1);
}

static void spend(struct soc *s)
{
    soc_run(s, s->now_ns + s->access_ns);
}

uint32_t soc_read(struct soc *s, uint32_t address, unsigned size)
{
    uint32_t word;

    spend(s);
    s->reads++;
    s->bus_fault = !read_word(s, address & ~3u, &word);
    return part_of(word, address, size);
}

void soc_write(struct soc *s, uint32_t address, uint32_t value, unsigned size)
{
    spend(s);
    s->writes++;
    s->bus_fault = !write_word(s, address, value, size);
}

bool soc_load(struct soc *s, uint32_t address, uint32_t *value, unsigned size)
{
    const struct soc_memory *m = memory_at(s, address, size);

    *value = 0;
    if (m) {
        memcpy(value, m->bytes + (address - m->base), size);
        return true;
    }
    uint32_t word;
    if (!read_word(s, address & ~3u, &word))
        return false;
    *value = part_of(word, address, size);
    return true;
}

bool soc_save(struct soc *s, uint32_t address, uint32_t value, unsigned size)
{
    const struct soc_memory *m = memory_at(s, address, size);

    if (!m)
        return write_word(s, address, value, size);
    if (!m->fixed)
        memcpy(m->bytes + (address - m->base), &value, size);
    return !m->fixed;
}

static void find_next(struct soc *s)
{
    s->next_ns = INT64_MAX;
    for (int who = 0; who < SOC_WHO; who++)
        if (s->due_ns[who] < s->next_ns)
            s->next_ns = s->due_ns[who];
}

void soc_due(struct soc *s, enum soc_who who, int64_t at_ns)
{
    const int64_t before = s->due_ns[who];

    s->due_ns[who] = at_ns;
    if (at_ns <= s->next_ns)
        s->next_ns = at_ns;
    else if (before == s->next_ns)
        find_next(s);
}

static void ring(struct soc *s)
{
    s->nvic.attend = true;
}

static void act(struct soc *s, int who)
{
    static void (*const acts[])(struct soc * s) = {
        [SOC_SYSTICK] = cortex_systick_run, [SOC_RCC] = stm32_rcc_run,
        [SOC_I2C1] = stm32_i2c_run,         [SOC_USART2] = stm32_usart_run,
        [SOC_IWDG] = stm32_iwdg_run,        [SOC_RTC] = stm32_rtc_run,
        [SOC_FLASH] = stm32_flash_run,      [SOC_ALARM] = ring
    };

    soc_due(s, (enum soc_who)who, INT64_MAX);
    if (who >= SOC_PART && s->wires.run_part)
        s->wires.run_part(s->wires.user, who - SOC_PART, s->now_ns);
    else if (who >= SOC_PART)
        return;
    else if (who == SOC_SPI1 || who == SOC_SPI2)
        stm32_spi_run(s, who - SOC_SPI1);
    else
        acts[who](s);
}

/* The first of those that are due earliest; while it is held, SPI and flash alone. */
static int next_of(const struct soc *s)
{
    int first = -1;

    for (int who = 0; who < SOC_WHO; who++) {
        if (s->held && who != SOC_SPI1 && who != SOC_SPI2 && who != SOC_FLASH)
            continue;
        if (s->due_ns[who] < (first < 0 ? INT64_MAX : s->due_ns[first]))
            first = who;
    }
    return first;
}

void soc_run(struct soc *s, int64_t to_ns)
{
    while (s->next_ns <= to_ns) {
        const int who = next_of(s);
        if (who < 0 || s->due_ns[who] > to_ns)
            break;
        if (s->due_ns[who] > s->now_ns)
            s->now_ns = s->due_ns[who];
        act(s, who);
    }
    s->now_ns = to_ns;
}

void soc_hold(struct soc *s)
{
    s->held = true;
    s->held_ns = s->now_ns;
}

void soc_let_go(struct soc *s)
{
    for (int which = 0; which < 2; which++)
        while (s->due_ns[SOC_SPI1 + which] < INT64_MAX)
            soc_run(s, s->due_ns[SOC_SPI1 + which]);
    s->held = false;
    s->now_ns = s->held_ns;
}

void soc_drive(struct soc *s, unsigned pin, enum pin_level level)
{
    stm32_gpio_drive(s, pin, level);
}

bool soc_pin(const struct soc *s, unsigned pin)
{
    return stm32_gpio_level(s, pin);
}

void soc_receive(struct soc *s, uint8_t byte, unsigned flags)
{
    stm32_usart_receive(s, byte, flags);
}

void soc_start(struct soc *s)
{
    const struct soc_wires wires = s->wires;

    memset(s, 0, sizeof *s);
    s->wires = wires;
    for (int who = 0; who < SOC_WHO; who++)
        s->due_ns[who] = INT64_MAX;
    s->next_ns = INT64_MAX;
    s->rcc.crystal = (struct stm32_crystal){ .startup_ns = 2000000 };
    stm32_rcc_start(s);
    s->flash.options = STM32_OPTIONS;
    stm32_rtc_set(s);
}

/* 6.1: what any reset does. */
static void reset_all(struct soc *s, bool power_on)
{
    for (int who = 0; who < SOC_PART; who++)
        if (who != SOC_RTC)
            soc_due(s, (enum soc_who)who, INT64_MAX);
    cortex_nvic_reset(&s->nvic);
    memset(&s->systick, 0, sizeof s->systick);
    memset(&s->exti, 0, sizeof s->exti);
    memset(s->spi, 0, sizeof s->spi);
    memset(&s->dma, 0, sizeof s->dma);
    stm32_i2c_reset(s);
    stm32_usart_reset(s);
    stm32_spi_reset(s, 0);
    stm32_spi_reset(s, 1);
    stm32_iwdg_reset(s);
    stm32_flash_reset(s, power_on);
    stm32_rcc_reset(s, power_on);
    stm32_tim1_reset(s);
    stm32_gpio_reset(s);
    stm32_rtc_reset(s, power_on);
    s->reset = SOC_RUNS;
    s->bus_fault = s->held = false;
}

void soc_power_up(struct soc *s)
{
    stm32_flash_cut(s);
    for (int who = 0; who < SOC_WHO; who++)
        soc_due(s, (enum soc_who)who, INT64_MAX);
    s->now_ns = 0;
    reset_all(s, true);
}

void soc_power_down(struct soc *s)
{
    stm32_flash_cut(s);
}

void soc_restart(struct soc *s, enum soc_reset why)
{
    reset_all(s, false);
    stm32_rcc_reset_cause(s, why == SOC_WATCHDOG);
}

void soc_store(struct soc *s, struct store *st)
{
    store_bytes(st, s, offsetof(struct soc, wires));
    if (!st->loading)
        return;
    if (!soc_is_sound(s)) {
        soc_start(s);
        st->failed = true;
    }
    find_next(s);
}
