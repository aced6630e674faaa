/* The physical board under a driver on the host: mmio_read and mmio_write reach the models
 * of its chips (hal_sim/chips), whose time goes on with each access; interrupts come
 * between accesses, as the processor would take them. A test includes it once. */
#pragma once

#include "hal_sim/chips/meter_board.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/factory.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include "tests/support/check.h"
#include <setjmp.h>

enum {
    CHIPS_WIRE = 600,
    CHIPS_BUFFER_BASE = 0x20001000,
    CHIPS_FACTORY = FACTORY_ADDRESS - FLASH_START
};

static struct {
    struct soc soc;
    struct meter_board board;
    void (*handler[CORTEX_EXCEPTIONS])(void);
    bool masked;  /* no interrupt is taken at all */
    bool held_up; /* of all interrupts only SysTick's, the highest, is taken */
    /* The ADC's next code in each channel, unless a test computes it. */
    int32_t code[ADS131M06_CHANNELS];
    void (*convert)(int64_t n, int32_t code[ADS131M06_CHANNELS]);
    int64_t conversions, grids;
    struct chip_rate sampling;
    uint8_t fram[FM25V20A_SIZE], glass[PCF8576_RAM], flash[STM32_FLASH_SIZE];
    bool output[METER_BOARD_OUTPUTS];
    /* Flash: power goes in this operation (0: in none), after so many 256ths of it. */
    uint32_t cut_in, cut_share;
    jmp_buf cut;
    /* On the line: characters that were sent whole, and the driver's enable. */
    uint8_t wire[CHIPS_WIRE];
    uint32_t sent;
    int64_t last_bit_ns, rose_ns, fell_ns;
    bool drives;
    uint32_t baud;
    unsigned parity;
} chips;

static void chips_attend(void)
{
    struct cortex_nvic *n = &chips.soc.nvic;
    int exception;

    while (!chips.masked && (exception = cortex_nvic_due(n))) {
        if (chips.held_up && exception != CORTEX_SYSTICK)
            return;
        cortex_nvic_enter(n, exception);
        assert_non_null(chips.handler[exception]);
        chips.handler[exception]();
        cortex_nvic_leave(n, exception);
    }
}

/* Who executes from flash stands still while it is written; power may go in the middle of
 * the n-th operation (chips.cut). */
static void chips_stall(void)
{
    struct stm32_flash *f = &chips.soc.flash;
    const int64_t lasts_ns = f->ends_ns - f->began_ns;

    if (f->operation == FLASH_RESTS)
        return;
    if (chips.cut_in && --chips.cut_in == 0) {
        soc_run(&chips.soc, f->began_ns + lasts_ns * chips.cut_share / 256);
        longjmp(chips.cut, 1);
    }
    soc_run(&chips.soc, f->ends_ns);
}

/* What is in flash is read without time. */
uint32_t mmio_read(uint32_t address)
{
    uint32_t value = 0;

    if (address - FLASH_START < STM32_FLASH_SIZE) {
        assert_true(soc_load(&chips.soc, address, &value, 4));
        return value;
    }
    value = soc_read(&chips.soc, address, 4);
    assert_false(chips.soc.bus_fault);
    chips_attend();
    return value;
}

void mmio_write(uint32_t address, uint32_t value)
{
    soc_write(&chips.soc, address, value, 4);
    assert_false(chips.soc.bus_fault);
    chips_stall();
    chips_attend();
}

uint32_t mmio_address(const void *buffer)
{
    struct soc_memory *m = chips.soc.wires.memory;
    int k = 1;

    while (m[k].size && m[k].bytes != buffer)
        k++;
    m[k] = (struct soc_memory){ .base = CHIPS_BUFFER_BASE + 0x1000 * (uint32_t)k,
                                .size = 256,
                                .bytes = (uint8_t *)(uintptr_t)buffer };
    return m[k].base;
}

static void chips_codes(void *user, int64_t at_ns, int32_t code[ADS131M06_CHANNELS])
{
    (void)user, (void)at_ns;
    memcpy(code, chips.code, sizeof chips.code);
    if (chips.convert)
        chips.convert(chips.conversions, code);
    chips.conversions++;
}

static void chips_grid(void *user, int64_t origin_ns, struct chip_rate rate)
{
    (void)user, (void)origin_ns;
    chips.grids++;
    chips.sampling = rate;
}

static uint8_t chips_fram_read(void *user, uint32_t address)
{
    (void)user;
    return chips.fram[address];
}

static bool chips_fram_write(void *user, uint32_t address, uint8_t byte)
{
    (void)user;
    chips.fram[address] = byte;
    return true;
}

static void chips_glass(void *user, const uint8_t ram[PCF8576_RAM])
{
    (void)user;
    memcpy(chips.glass, ram, sizeof chips.glass);
}

static void chips_output(void *user, enum meter_board_output which, bool on)
{
    (void)user;
    chips.output[which] = on;
}

static void chips_line_byte(void *user, uint8_t byte, int64_t start_ns, int64_t now_ns)
{
    (void)user, (void)start_ns;
    assert_true(chips.sent < CHIPS_WIRE);
    chips.wire[chips.sent++] = byte;
    chips.last_bit_ns = now_ns;
}

static void chips_line_given(void *user, uint8_t byte)
{
    (void)user, (void)byte;
}

static void chips_line_drives(void *user, bool on, int64_t now_ns)
{
    (void)user;
    chips.drives = on;
    *(on ? &chips.rose_ns : &chips.fell_ns) = now_ns;
}

static void chips_line_setup(void *user, uint32_t baud, unsigned parity)
{
    (void)user;
    chips.baud = baud;
    chips.parity = parity;
}

/* Power comes; FRAM, factory's block and the backup domain are as they were. */
static void chips_power_up(void)
{
    for (int k = 1; k < SOC_MEMORIES; k++)
        chips.soc.wires.memory[k] = (struct soc_memory){ 0 };
    chips.sent = 0;
    soc_power_up(&chips.soc);
    meter_board_power(&chips.board, true);
    meter_board_keys(&chips.board, 0);
    meter_board_power_good(&chips.board, true);
    chips.handler[CORTEX_SYSTICK] = clocks_tick;
}

/* A new board of which every part works, with power. */
static void chips_start(void)
{
    memset(&chips, 0, sizeof chips);
    memset(chips.fram, 0xFF, sizeof chips.fram);
    memset(chips.flash, 0xFF, sizeof chips.flash);
    soc_start(&chips.soc);
    chips.soc.wires.memory[0] = (struct soc_memory){
        .base = FLASH_START, .size = STM32_FLASH_SIZE, .bytes = chips.flash, true
    };
    chips.board.wires = (struct meter_board_wires){ .codes = chips_codes,
                                                    .grid = chips_grid,
                                                    .fram_read = chips_fram_read,
                                                    .fram_write = chips_fram_write,
                                                    .glass = chips_glass,
                                                    .output = chips_output,
                                                    .line_byte = chips_line_byte,
                                                    .line_given = chips_line_given,
                                                    .line_drives = chips_line_drives,
                                                    .line_setup = chips_line_setup };
    meter_board_start(&chips.board, &chips.soc);
    chips_power_up();
}

/* This interrupt is taken, at a priority, by this handler. */
static inline void chips_interrupt(enum irq irq, uint8_t priority,
                                   void (*handler)(void))
{
    const uint32_t reg = NVIC_IPR0 + (irq & ~3u);

    chips.handler[CORTEX_IRQ + irq] = handler;
    mmio_write(reg, mmio_read(reg) | (uint32_t)priority << irq % 4 * 8);
    mmio_write(NVIC_ISER0 + irq / 32 * 4, 1u << irq % 32);
}

static inline void chips_pass_ns(int64_t ns)
{
    struct soc *s = &chips.soc;
    const int64_t until = s->now_ns + ns;

    while (s->now_ns < until) {
        soc_run(s, s->next_ns < until && s->next_ns > s->now_ns ? s->next_ns : until);
        chips_attend();
    }
}

static inline void chips_pass_us(int64_t us)
{
    chips_pass_ns(us * 1000);
}

/* A register as a debugger reads it: no time passes. */
static inline uint32_t chips_peek(uint32_t address)
{
    const int64_t access_ns = chips.soc.access_ns;

    chips.soc.access_ns = 0;
    uint32_t value = soc_read(&chips.soc, address, 4);
    chips.soc.access_ns = access_ns;
    return value;
}

static inline bool chips_pin(enum pin pin)
{
    static const uint8_t number[PINS] = {
#define P(name, port, n, ...) [PIN_##name] = ((port)-GPIOA) / 0x400 * 16 + (n),
        PIN_ROWS(P)
#undef P
    };

    return soc_pin(&chips.soc, number[pin]);
}
