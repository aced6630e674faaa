/* See image_fault.h. Each fault is a state of one chip. */
#include "hal_sim/image/image_fault.h"
#include "hal_sim/image/image_state.h"
#include <stddef.h>

enum {
    CRYSTAL_NS = 2000000, /* of a good one */
    BOR_LEVEL = 3 << 2,   /* FLASH_OPTCR, BOR_LEV */
    STRAY = 0x5A,
    BLOCKS = 0x0C, /* of the FRAM's status register: all are protected, and … */
    BY_PIN = 0x80,
    MS = 1000000
};

struct on {
    struct machine *m;
    struct meter_board *b;
    int64_t now_ns;
};

static void crystal_stopped(const struct on *on, double value)
{
    struct stm32_crystal crystal = on->m->soc.rcc.crystal;

    crystal.stopped = value != 0;
    stm32_crystal_set(&on->m->soc, &crystal);
}

static void crystal_late(const struct on *on, double value)
{
    on->m->soc.rcc.crystal.startup_ns = value != 0 ? (int64_t)(value * MS) : CRYSTAL_NS;
}

static void afe_silent(const struct on *on, double value)
{
    ads131m06_silence(&on->b->afe, value != 0, on->now_ns);
}

static void afe_reset(const struct on *on, double value)
{
    if (value != 0)
        ads131m06_upset(&on->b->afe, on->now_ns);
}

static void afe_stray_byte(const struct on *on, double value)
{
    if (value != 0)
        stm32_spi_stray(&on->m->soc, 0, STRAY);
}

static void afe_bad_crc(const struct on *on, double value)
{
    on->b->afe.one_in = (uint32_t)value;
}

static void afe_edge_lost(const struct on *on, double value)
{
    on->b->afe.hidden_one_in = (uint32_t)value;
}

static void adc_lost(const struct on *on, double value)
{
    on->b->afe.lost_one_in = (uint32_t)value;
}

static void dma_error(const struct on *on, double value)
{
    on->m->soc.dma.fail_in = (int)value;
}

static void fram_protected(const struct on *on, double value)
{
    on->b->fram.protect = value == 0 ? 0 : value == 1 ? BLOCKS : BLOCKS | BY_PIN;
    on->b->fram.wp_low = value == 2;
}

static void i2c_held(const struct on *on, double value)
{
    pcf8576_hold(&on->b->lcd, (uint32_t)value);
}

static void lcd_absent(const struct on *on, double value)
{
    on->b->lcd.absent = value != 0;
}

static void uart_overrun(const struct on *on, double value)
{
    on->b->transceiver.overrun_one_in = (uint32_t)value;
}

static void uart_framing(const struct on *on, double value)
{
    on->b->transceiver.broken_one_in = (uint32_t)value;
}

static void power_good_bounces(const struct on *on, double value)
{
    supervisor_bounce(&on->b->supply, (int64_t)(value * MS), on->now_ns);
}

static void power_good_low(const struct on *on, double value)
{
    on->b->supply.stuck = value != 0;
    supervisor_run(&on->b->supply, on->now_ns);
}

static void power_good_slow(const struct on *on, double value)
{
    on->b->supply.slow_ns = (int64_t)(value * MS);
}

static void watchdog_starved(const struct on *on, double value)
{
    on->m->stalled_ns = on->now_ns + (int64_t)(value * MS);
}

static void rtc_battery(const struct on *on, double value)
{
    on->m->soc.rtc.empty_battery = value != 0;
}

static void option_bytes(const struct on *on, double value)
{
    uint32_t *options = &on->m->soc.flash.options;

    *options = (*options & ~(uint32_t)BOR_LEVEL) | (uint32_t)value << 2;
}

static void factory_pin(const struct on *on, double value)
{
    meter_board_factory_pin(on->b, value != 0);
}

/* Of the slot in which a board is flashed. */
static void image_damaged(const struct on *on, double value)
{
    const uint32_t bit = (uint32_t)value - 1;

    if (value != 0)
        machine_flip(on->m, IMAGE_SLOTS + bit / 8, 1u << bit % 8);
}

static void de_stuck(const struct on *on, double value)
{
    on->b->transceiver.stuck = (uint8_t)value;
}

static void de_slow(const struct on *on, double value)
{
    on->b->transceiver.slow_ns = (int64_t)(value * MS);
}

/* brown_out is the unit's, factory_damaged the device's, which writes the block. */
static const struct {
    enum fault_id fault;
    void (*act)(const struct on *on, double value);
} actions[] = {
    { FAULT_CRYSTAL_STOPPED, crystal_stopped },
    { FAULT_CRYSTAL_LATE, crystal_late },
    { FAULT_AFE_SILENT, afe_silent },
    { FAULT_AFE_RESET, afe_reset },
    { FAULT_AFE_STRAY_BYTE, afe_stray_byte },
    { FAULT_AFE_BAD_CRC, afe_bad_crc },
    { FAULT_AFE_EDGE_LOST, afe_edge_lost },
    { FAULT_ADC_LOST, adc_lost },
    { FAULT_DMA_ERROR, dma_error },
    { FAULT_FRAM_PROTECTED, fram_protected },
    { FAULT_I2C_HELD, i2c_held },
    { FAULT_LCD_ABSENT, lcd_absent },
    { FAULT_UART_OVERRUN, uart_overrun },
    { FAULT_UART_FRAMING, uart_framing },
    { FAULT_POWER_GOOD_BOUNCES, power_good_bounces },
    { FAULT_POWER_GOOD_LOW, power_good_low },
    { FAULT_POWER_GOOD_SLOW, power_good_slow },
    { FAULT_WATCHDOG_STARVED, watchdog_starved },
    { FAULT_RTC_BATTERY, rtc_battery },
    { FAULT_OPTION_BYTES, option_bytes },
    { FAULT_FACTORY_PIN, factory_pin },
    { FAULT_IMAGE_DAMAGED, image_damaged },
    { FAULT_DE_STUCK, de_stuck },
    { FAULT_DE_SLOW, de_slow },
};

void image_fault(struct machine *m, struct meter_board *b, enum fault_id fault,
                 double value)
{
    const struct on on = { m, b, m->soc.now_ns };

    for (size_t k = 0; k < sizeof actions / sizeof *actions; k++)
        if (actions[k].fault == fault)
            actions[k].act(&on, value);
}
