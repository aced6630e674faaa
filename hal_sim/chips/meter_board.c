/* What is where on the board. See meter_board.h. */
#include "hal_sim/chips/meter_board.h"
#include "hal_sim/chips/sound.h"
#include "waveform/base/store.h"
#include <stddef.h>
#include <string.h>

/* Codes are given at the gains for which the dividers are made. */
static const uint8_t gains[ADS131M06_CHANNELS] = { 0, 0, 0, 2, 2, 2 };

enum {
    AFE_DRDY = SOC_PA + 0,
    RS485_DE = SOC_PA + 1,
    LCD_SCL = SOC_PB + 6,
    LCD_SDA = SOC_PB + 7,
    AFE_CS = SOC_PA + 4,
    FRAM_CS = SOC_PB + 12,
    KEY_PLUS = SOC_PC + 0,
    KEYS = 4,
    AFE_RESET = SOC_PC + 4,
    POWER_GOOD = SOC_PC + 5,
    OUTPUTS = SOC_PC + 6,
    FACTORY = SOC_PC + 13
};

enum { PART_AFE, PART_SUPPLY };

static void observe(const struct meter_board *b, enum meter_board_event event)
{
    if (b->wires.event)
        b->wires.event(b->wires.user, event);
}

/* A pin that nobody drives leaves its LED dark; chip selects and the reset are pulled
 * up. */
static void drive_output(struct meter_board *b, unsigned pin, enum pin_level level)
{
    const unsigned which = pin - OUTPUTS;

    if (which < METER_BOARD_OUTPUTS)
        b->wires.output(b->wires.user, (enum meter_board_output)which,
                        level == PIN_HIGH);
}

/* While a debugger holds the peripherals, time on the line stands still. */
static void drive_enable(struct meter_board *b, bool on, int64_t now_ns)
{
    if (b->soc->held)
        now_ns = b->soc->held_ns;
    if (!transceiver_enable(&b->transceiver, on, now_ns))
        return;
    observe(b, on ? METER_BOARD_DRIVES : METER_BOARD_LETS_GO);
    b->wires.line_drives(b->wires.user, on, now_ns);
}

static void select_afe(struct meter_board *b, bool selected, int64_t now_ns)
{
    observe(b, selected ? METER_BOARD_SELECTED : METER_BOARD_RELEASED);
    ads131m06_select(&b->afe, selected, now_ns);
}

static void pin(void *user, unsigned pin, enum pin_level level, int64_t now_ns)
{
    struct meter_board *b = user;

    if (pin == AFE_CS)
        select_afe(b, level == PIN_LOW, now_ns);
    else if (pin == FRAM_CS)
        fm25v20a_select(&b->fram, level == PIN_LOW, now_ns);
    else if (pin == AFE_RESET)
        ads131m06_reset_pin(&b->afe, level != PIN_LOW, now_ns);
    else if (pin == RS485_DE)
        drive_enable(b, level == PIN_HIGH, now_ns);
    else if (pin == LCD_SCL && level != PIN_LOW)
        pcf8576_clock(&b->lcd);
    else
        drive_output(b, pin, level);
}

/* Pulses that are too short for the front end are no clock. */
static struct chip_rate clkin_of(const struct meter_board *b, struct chip_rate rate)
{
    return rate.num && stm32_tim1_pulse_ns(b->soc) < ADS131M06_CLKIN_NS
               ? (struct chip_rate){ 0, 1 }
               : rate;
}

static void clock_out(void *user, struct chip_rate rate, int64_t now_ns)
{
    struct meter_board *b = user;

    ads131m06_clkin(&b->afe, clkin_of(b, rate), now_ns);
}

static void uart(void *user, uint8_t byte, int64_t start_ns, int64_t now_ns)
{
    struct meter_board *b = user;

    if (!transceiver_sends(&b->transceiver, start_ns))
        return;
    observe(b, METER_BOARD_SENT);
    b->wires.line_byte(b->wires.user, byte, start_ns, now_ns);
}

static void uart_given(void *user, uint8_t byte, int64_t now_ns)
{
    struct meter_board *b = user;

    (void)now_ns;
    if (b->transceiver.drives && b->transceiver.stuck != TRANSCEIVER_NEVER_DRIVES)
        b->wires.line_given(b->wires.user, byte);
}

static void uart_setup(void *user, uint32_t baud, unsigned parity, int64_t now_ns)
{
    const struct meter_board *b = user;

    (void)now_ns;
    b->wires.line_setup(b->wires.user, baud, parity);
}

static void run_part(void *user, int part, int64_t now_ns)
{
    struct meter_board *b = user;

    if (part == PART_AFE)
        ads131m06_run(&b->afe, now_ns);
    else if (part == PART_SUPPLY)
        supervisor_run(&b->supply, now_ns);
}

static void drdy(void *user, enum pin_level level, int64_t now_ns)
{
    const struct meter_board *b = user;

    (void)now_ns;
    if (level == PIN_LOW)
        observe(b, METER_BOARD_READY);
    soc_drive(b->soc, AFE_DRDY, level);
}

static void afe_due(void *user, int64_t at_ns)
{
    soc_due(((struct meter_board *)user)->soc, (enum soc_who)(SOC_PART + PART_AFE),
            at_ns);
}

static void power_good(void *user, enum pin_level level, int64_t now_ns)
{
    (void)now_ns;
    soc_drive(((struct meter_board *)user)->soc, POWER_GOOD, level);
}

static void supply_due(void *user, int64_t at_ns)
{
    soc_due(((struct meter_board *)user)->soc, (enum soc_who)(SOC_PART + PART_SUPPLY),
            at_ns);
}

static void glass(void *user, const uint8_t ram[PCF8576_RAM])
{
    const struct meter_board *b = user;

    b->wires.glass(b->wires.user, ram);
}

static void sda(void *user, enum pin_level level)
{
    soc_drive(((struct meter_board *)user)->soc, LCD_SDA, level);
}

static void codes(void *user, int64_t at_ns, int32_t code[ADS131M06_CHANNELS])
{
    const struct meter_board *b = user;

    b->wires.codes(b->wires.user, at_ns, code);
}

static void grid(void *user, int64_t origin_ns, struct chip_rate rate)
{
    const struct meter_board *b = user;

    b->wires.grid(b->wires.user, origin_ns, rate);
}

static void connect_soc(struct meter_board *b)
{
    struct soc_wires *w = &b->soc->wires;

    w->user = b;
    w->pin = pin;
    w->clock_out = clock_out;
    w->uart = uart;
    w->uart_given = uart_given;
    w->uart_setup = uart_setup;
    w->run_part = run_part;
    w->spi[0] = (struct spi_target){ &b->afe, ads131m06_exchange };
    w->spi[1] = (struct spi_target){ &b->fram, fm25v20a_exchange };
    w->i2c =
        (struct i2c_target){ &b->lcd, pcf8576_address, pcf8576_byte, pcf8576_stop };
}

void meter_board_start(struct meter_board *b, struct soc *soc)
{
    b->soc = soc;
    connect_soc(b);
    b->afe.wires = (struct ads131m06_wires){
        .user = b, .drdy = drdy, .due = afe_due, .codes = codes, .grid = grid
    };
    b->fram.wires = (struct fm25v20a_wires){ b->wires.user, b->wires.fram_read,
                                             b->wires.fram_write, b->wires.fram_wrote };
    b->lcd.wires = (struct pcf8576_wires){ .user = b, .shows = glass, .sda = sda };
    b->supply.wires =
        (struct supervisor_wires){ .user = b, .good = power_good, .due = supply_due };
    memcpy(b->afe.gain, gains, sizeof gains);
    meter_board_keys(b, 0);
    meter_board_factory_pin(b, false);
}

void meter_board_power(struct meter_board *b, bool on)
{
    const int64_t now_ns = b->soc->now_ns;

    ads131m06_power(&b->afe, on, now_ns);
    fm25v20a_power(&b->fram, on, now_ns);
    pcf8576_power(&b->lcd, on, now_ns);
    transceiver_power(&b->transceiver);
    supervisor_power(&b->supply, on, now_ns);
}

/* Keys switch to ground; the processor pulls them up. */
void meter_board_keys(struct meter_board *b, unsigned down)
{
    for (unsigned k = 0; k < KEYS; k++)
        soc_drive(b->soc, KEY_PLUS + k, down >> k & 1 ? PIN_LOW : PIN_OPEN);
}

void meter_board_factory_pin(struct meter_board *b, bool grounded)
{
    soc_drive(b->soc, FACTORY, grounded ? PIN_LOW : PIN_OPEN);
}

void meter_board_power_good(struct meter_board *b, bool good)
{
    supervisor_supply(&b->supply, good, b->soc->now_ns);
}

void meter_board_receive(struct meter_board *b, uint8_t byte, unsigned flags)
{
    unsigned flaws;

    if (!transceiver_receives(&b->transceiver, b->soc->now_ns, &flaws))
        return;
    if (flaws & TRANSCEIVER_FRAMING)
        flags |= SOC_UART_FRAMING;
    if (flaws & TRANSCEIVER_OVERRUN)
        flags |= SOC_UART_OVERRUN;
    observe(b, METER_BOARD_RECEIVED);
    soc_receive(b->soc, byte, flags);
}

static const struct sound_row fram_rows[] = {
    SOUND_FLAG(struct fm25v20a, powered),
    SOUND_FLAG(struct fm25v20a, selected),
    SOUND_FLAG(struct fm25v20a, latch),
    SOUND_FLAG(struct fm25v20a, wp_low),
    SOUND_FLAG(struct fm25v20a, silent),
    SOUND_ROW(struct fm25v20a, address, 0, FM25V20A_SIZE - 1),
    SOUND_ROW(struct fm25v20a, wrote_at, 0, FM25V20A_SIZE - 1),
    SOUND_ROW(struct fm25v20a, wrote_size, 0, FM25V20A_PIECE),
};

static const struct sound_row lcd_rows[] = {
    SOUND_FLAG(struct pcf8576, powered),         SOUND_FLAG(struct pcf8576, addressed),
    SOUND_FLAG(struct pcf8576, commands),        SOUND_FLAG(struct pcf8576, on),
    SOUND_FLAG(struct pcf8576, multiplexed),     SOUND_FLAG(struct pcf8576, wired),
    SOUND_ROW(struct pcf8576, pointer, 0, 0x3F), SOUND_MOMENT(struct pcf8576, ready_ns),
    SOUND_FLAG(struct pcf8576, absent),
};

static const struct sound_row supply_rows[] = {
    SOUND_FLAG(struct supervisor, supplied),  SOUND_MOMENT(struct supervisor, since_ns),
    SOUND_FLAG(struct supervisor, stuck),     SOUND_MOMENT(struct supervisor, slow_ns),
    SOUND_MOMENT(struct supervisor, from_ns), SOUND_MOMENT(struct supervisor, until_ns),
};

static const struct sound_row line_rows[] = {
    SOUND_FLAG(struct transceiver, drives),
    SOUND_MOMENT(struct transceiver, since_ns),
};

#define ROWS(part, rows) sound_rows((part), (rows), sizeof(rows) / sizeof *(rows))

/* The clock that the front end counts is that of TIM1. */
static bool is_sound(const struct meter_board *b)
{
    const struct chip_rate clkin = b->afe.clkin, out = clkin_of(b, b->soc->tim1.out);

    return ads131m06_is_sound(&b->afe, b->soc->now_ns) &&
           !memcmp(b->afe.gain, gains, sizeof gains) && clkin.num == out.num &&
           (out.num == 0 || clkin.den == out.den) && ROWS(&b->fram, fram_rows) &&
           b->fram.wrote_at + b->fram.wrote_size <= FM25V20A_SIZE &&
           ROWS(&b->lcd, lcd_rows) && ROWS(&b->supply, supply_rows) &&
           ROWS(&b->transceiver, line_rows);
}

void meter_board_store(struct meter_board *b, struct store *s)
{
    store_bytes(s, &b->afe, offsetof(struct ads131m06, wires));
    store_bytes(s, &b->fram, offsetof(struct fm25v20a, wires));
    store_bytes(s, &b->lcd, offsetof(struct pcf8576, wires));
    store_bytes(s, &b->supply, offsetof(struct supervisor, wires));
    STORE(s, b->transceiver);
    if (!s->loading || is_sound(b))
        return;
    /* Nothing of it is used. */
    memset(&b->afe, 0, offsetof(struct ads131m06, wires));
    memset(&b->fram, 0, offsetof(struct fm25v20a, wires));
    memset(&b->lcd, 0, offsetof(struct pcf8576, wires));
    memset(&b->supply, 0, offsetof(struct supervisor, wires));
    memset(&b->transceiver, 0, sizeof b->transceiver);
    s->failed = true;
}
