/* See unit_board.h. The report that the image would make of the same fault goes to the
 * core, and on the tape. */
#include "hal_sim/unit_board.h"
#include "core/rtu.h"
#include "hal_sim/unit.h"

static bool is_on(const struct unit *u, enum fault_id fault)
{
    return u->faults->value[fault][0] != 0;
}

static bool has_chips(const struct unit *u)
{
    return u->device->kind->fault != NULL;
}

/* What the core has no part in: its sets come without SPI, DMA and edges, its display
 * without I2C, its main loop has no processor. */
const char *unit_board_cannot(const struct unit *u, enum fault_id fault)
{
    static const enum fault_id of_chips[] = {
        FAULT_CRYSTAL_LATE,    FAULT_AFE_RESET,        FAULT_AFE_STRAY_BYTE,
        FAULT_AFE_BAD_CRC,     FAULT_AFE_EDGE_LOST,    FAULT_DMA_ERROR,
        FAULT_FRAM_PROTECTED,  FAULT_I2C_HELD,         FAULT_POWER_GOOD_BOUNCES,
        FAULT_POWER_GOOD_SLOW, FAULT_WATCHDOG_STARVED, FAULT_IMAGE_DAMAGED,
        FAULT_DE_STUCK,        FAULT_DE_SLOW,
    };

    if (has_chips(u))
        return NULL;
    for (size_t k = 0; k < sizeof of_chips / sizeof *of_chips; k++)
        if (of_chips[k] == fault)
            return "acts on chips, which the linked core does without";
    return NULL;
}

static uint32_t present_faults(const struct unit *u)
{
    return (is_on(u, FAULT_CRYSTAL_STOPPED) ? HAL_FAULT_CRYSTAL : 0u) |
           (unit_board_is_mute(u) ? HAL_FAULT_FRONT_END : 0u) |
           (is_on(u, FAULT_LCD_ABSENT) ? HAL_FAULT_DISPLAY : 0u);
}

static void report(struct unit *u)
{
    static const uint8_t counters[4 * HAL_COUNTERS];
    const struct hal_report r = { .faults =
                                      (uint32_t)u->start_faults | present_faults(u) };

    if (!u->powered || r.faults == u->reported_faults)
        return;
    u->reported_faults = r.faults;
    board_tape(&u->hal, TAPE_BOARD, TAPE_NUMBERS(r.faults), counters, sizeof counters);
    u->device->kind->inside->report(u->device, &r);
}

static void follow_power_good(struct unit *u)
{
    if (u->powered)
        unit_report_supply(u, u->supplied && !is_on(u, FAULT_POWER_GOOD_LOW));
}

static void brown_out(struct unit *u)
{
    const bool supplied = u->supplied;

    if (!u->powered)
        return;
    unit_power(u, false);
    unit_power(u, true);
    u->supplied = supplied;
}

void unit_board_fault(struct unit *u, enum fault_id fault, double value)
{
    if (fault == FAULT_BROWN_OUT && value != 0)
        brown_out(u);
    if (has_chips(u)) {
        u->device->kind->fault(u->device, fault, value);
        return;
    }
    if (fault == FAULT_POWER_GOOD_LOW)
        follow_power_good(u);
    report(u);
}

void unit_board_started(struct unit *u)
{
    if (has_chips(u))
        return;
    u->start_faults = (is_on(u, FAULT_OPTION_BYTES) ? HAL_FAULT_OPTIONS : 0) |
                      (is_on(u, FAULT_FACTORY_DAMAGED) ? HAL_FAULT_FACTORY : 0) |
                      (is_on(u, FAULT_RTC_BATTERY) ? HAL_FAULT_BATTERY : 0) |
                      (is_on(u, FAULT_FACTORY_PIN) ? HAL_FACTORY_PIN : 0);
    u->reported_faults = 0;
    report(u);
    if (is_on(u, FAULT_POWER_GOOD_LOW))
        follow_power_good(u);
}

bool unit_board_is_mute(const struct unit *u)
{
    return !has_chips(u) &&
           (is_on(u, FAULT_AFE_SILENT) || is_on(u, FAULT_CRYSTAL_STOPPED));
}

double unit_board_lost_sets(const struct unit *u)
{
    if (has_chips(u))
        return 0;
    return unit_board_is_mute(u) ? 1 : u->faults->value[FAULT_ADC_LOST][0];
}

static bool is_nth(const struct unit *u, enum fault_id fault)
{
    const int64_t n = (int64_t)u->faults->value[fault][0];

    return n && u->uart_bytes % n == 0;
}

unsigned unit_board_uart_flags(struct unit *u)
{
    if (has_chips(u))
        return 0;
    u->uart_bytes++;
    return (is_nth(u, FAULT_UART_OVERRUN) ? METER_UART_OVERRUN : 0u) |
           (is_nth(u, FAULT_UART_FRAMING) ? METER_UART_FRAMING : 0u);
}
