/* What the modelled board is connected to. See image_wires.h. */
#include "hal_sim/image/image_wires.h"
#include "hal_sim/board.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/image/image_state.h"
#include <string.h>

/* The same instants; a quarter of a period may be between them, for the rate by which a
 * set is found here is the nominal one. */
#define SLACK_NS   INT64_C(100000)
/* Longer than all the sets that are held. */
#define LONGEST_NS INT64_C(1000000000)
/* What the image does is stamped with its own time. */
static void stamp(struct image_device *i)
{
    const int64_t now_ns = i->machine.soc.now_ns;

    i->device.board->now_ns = i->began_ns + (now_ns < i->to_ns ? now_ns : i->to_ns);
}

/* The set that the world had at this instant, or the one before it. */
static void codes(void *user, int64_t at_ns, int32_t code[ADS131M06_CHANNELS])
{
    const struct image_device *i = user;
    const int64_t before_ns = i->last_ns - at_ns - SLACK_NS;
    int64_t n = i->count - 1;

    if (before_ns > LONGEST_NS)
        n = -1;
    else if (before_ns > 0)
        n -= (before_ns * HAL_SAMPLE_RATE + 999999999) / 1000000000;
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        code[ch] = n < 0 ? i->before[ch] : i->x[ch][n];
}

static void grid(void *user, int64_t origin_ns, struct chip_rate rate)
{
    struct image_device *i = user;

    if (rate.num == 0)
        return;
    i->device.grid_changed = true;
    i->device.grid_ns = i->began_ns + origin_ns;
}

static uint8_t fram_read(void *user, uint32_t address)
{
    const struct hal *h = ((const struct image_device *)user)->device.board;
    uint8_t byte;

    board_nvm_peek(h, address, &byte, 1);
    return byte;
}

/* Power may go behind this byte: then it is the last that lands. */
static bool fram_write(void *user, uint32_t address, uint8_t byte)
{
    struct image_device *i = user;
    struct hal *h = i->device.board;

    if (h->dead)
        return false;
    board_nvm_poke(h, address, &byte, 1);
    if (h->nvm_tear && --h->nvm_tear == 0) {
        h->dead = true;
        i->machine.halted = true;
    }
    return true;
}

/* What landed before power went is on the tape, too. */
static void fram_wrote(void *user, uint32_t address, const uint8_t *bytes,
                       uint32_t size)
{
    struct image_device *i = user;
    struct hal *h = i->device.board;
    const bool dead = h->dead;

    stamp(i);
    h->dead = false;
    board_tape(h, TAPE_NVM_WRITE, TAPE_NUMBERS(address), bytes, size);
    h->dead = dead;
}

static void glass(void *user, const uint8_t ram[PCF8576_RAM])
{
    struct image_device *i = user;
    struct hal *h = i->device.board;

    stamp(i);
    if (memcmp(h->lcd, ram, sizeof h->lcd))
        hal_lcd_write(h, 0, ram, sizeof h->lcd);
}

static void output(void *user, enum meter_board_output which, bool on)
{
    static const enum hal_output outputs[] = { [METER_BOARD_ENERGY] =
                                                   HAL_ENERGY_CONTACT,
                                               [METER_BOARD_ALARM] = HAL_ALARM_CONTACT,
                                               [METER_BOARD_GREEN] = HAL_LED_GREEN,
                                               [METER_BOARD_RED] = HAL_LED_RED,
                                               [METER_BOARD_BACKLIGHT] =
                                                   HAL_BACKLIGHT };
    struct image_device *i = user;
    struct hal *h = i->device.board;

    stamp(i);
    if (which == METER_BOARD_CT_THIRD_V)
        hal_ct_range(h, on ? HAL_CT_THIRD_V : HAL_CT_1V);
    else
        hal_output(h, outputs[which], on);
}

static void line_given(void *user, uint8_t byte)
{
    struct image_device *i = user;
    struct hal *h = i->device.board;

    stamp(i);
    i->given++;
    if (h->uart_given && !h->dead)
        h->uart_given(h->uart_user, byte);
}

static void line_byte(void *user, uint8_t byte, int64_t start_ns, int64_t now_ns)
{
    struct image_device *i = user;

    (void)start_ns;
    (void)now_ns;
    if (i->sent < sizeof i->frame)
        i->frame[i->sent++] = byte;
}

static void line_drives(void *user, bool on, int64_t now_ns)
{
    struct image_device *i = user;
    struct hal *h = i->device.board;

    stamp(i);
    if (!on && i->sent < i->given && h->uart_cut)
        h->uart_cut(h->uart_user);
    if (!on && i->sent)
        hal_uart_send(h, i->frame, i->sent);
    i->sent = i->given = 0;
    i->line_ns = now_ns;
}

static void line_setup(void *user, uint32_t baud, unsigned parity)
{
    struct image_device *i = user;

    stamp(i);
    if (baud)
        hal_uart_configure(i->device.board, baud, (enum hal_parity)parity);
}

static void event(void *user, enum meter_board_event which)
{
    struct image_device *i = user;

    cpu_figures_event(&i->machine.figures, &i->machine.soc, which);
}

struct meter_board_wires image_wires(struct image_device *i)
{
    return (struct meter_board_wires){ .user = i,
                                       .codes = codes,
                                       .grid = grid,
                                       .fram_read = fram_read,
                                       .fram_write = fram_write,
                                       .fram_wrote = fram_wrote,
                                       .glass = glass,
                                       .output = output,
                                       .line_given = line_given,
                                       .line_byte = line_byte,
                                       .line_drives = line_drives,
                                       .line_setup = line_setup,
                                       .event = event };
}
