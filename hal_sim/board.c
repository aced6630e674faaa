/* The simulated board. See board.h; the functions named hal_… are what core calls. */
#include "hal_sim/board.h"
#include "core/factory_block.h"
#include "core/identity.h"
#include "core/modbus.h"
#include <string.h>

void board_start(struct hal *h, uint32_t serial_number)
{
    memset(h, 0, sizeof *h);
    h->serial_number = serial_number;
}

void board_free(struct hal *h)
{
    nvm_cells_free(&h->cells);
}

/* The alarm contact is normally closed: its output is on while it is open. */
static void drive(struct hal *h, enum hal_output which, bool on)
{
    bool seen = on;

    h->driven[which] = on;
    if (h->stuck[which] != BOARD_CONTACT_FREE)
        seen =
            (h->stuck[which] == BOARD_CONTACT_CLOSED) != (which == HAL_ALARM_CONTACT);
    h->output_edges[which] += h->output[which] != seen;
    h->output[which] = seen;
}

void board_stick_contact(struct hal *h, enum hal_output which, enum board_contact stuck)
{
    h->stuck[which] = (uint8_t)stuck;
    drive(h, which, h->driven[which]);
}

void board_nvm_attach(struct hal *h, const struct board_nvm *nvm)
{
    h->nvm = *nvm;
}

void board_power_down(struct hal *h)
{
    h->dead = false;
    memset(h->lcd, 0, sizeof h->lcd);
    for (int which = 0; which < HAL_OUTPUTS; which++)
        drive(h, (enum hal_output)which, false);
}

static void put_record(struct hal *h, struct tape_record *record)
{
    record->time_ns = h->now_ns;
    h->sink(h->sink_user, record);
}

void board_tape(struct hal *h, enum tape_kind kind, const uint64_t *number,
                const void *bytes, size_t size)
{
    struct tape_record record;

    if (!h->sink || (h->dead && kind >= TAPE_FIRST_OUTPUT))
        return;
    tape_make(&record, kind, number, bytes, size);
    put_record(h, &record);
}

void board_tape_samples(struct hal *h, const int32_t *x, size_t stride, unsigned count)
{
    struct tape_record record;

    if (!h->sink)
        return;
    tape_make_samples(&record, x, stride, count);
    put_record(h, &record);
}

bool board_nvm_has_page(const struct hal *h, unsigned page)
{
    return h->nvm.memory || nvm_cells_any(&h->cells, page * BOARD_PAGE, BOARD_PAGE);
}

void board_nvm_peek(const struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (h->nvm.memory)
        memcpy(data, h->nvm.memory + address, size);
    else
        nvm_cells_read(&h->cells, address, data, size);
}

void board_nvm_poke(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    if (!h->nvm.memory) {
        nvm_cells_write(&h->cells, address, data, size);
        return;
    }
    if (h->nvm.changed)
        h->nvm.changed(h->nvm.user, address, data, size);
    memcpy(h->nvm.memory + address, data, size);
}

void board_nvm_put_page(struct hal *h, unsigned page, const uint8_t *content)
{
    const uint32_t address = page * BOARD_PAGE;
    uint8_t blank[NVM_CELL];

    if (h->nvm.memory) {
        board_nvm_poke(h, address, content, BOARD_PAGE);
        return;
    }
    memset(blank, 0xFF, sizeof blank);
    for (uint32_t at = 0; at < BOARD_PAGE; at += NVM_CELL)
        if (at == 0 || memcmp(content + at, blank, NVM_CELL) != 0)
            board_nvm_poke(h, address + at, content + at, NVM_CELL);
}

static bool outside(uint32_t address, uint32_t size)
{
    return address > HAL_NVM_SIZE || size > HAL_NVM_SIZE - address;
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (outside(address, size) || h->nvm_silent || h->dead)
        return -1;
    board_nvm_peek(h, address, data, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    if (outside(address, size) || h->nvm_silent || h->dead)
        return -1;
    bool torn = h->nvm_tear && size >= h->nvm_tear;
    if (torn)
        size = h->nvm_tear;
    if (h->nvm_tear)
        h->nvm_tear -= size;
    board_tape(h, TAPE_NVM_WRITE, TAPE_NUMBERS(address), data, size);
    board_nvm_poke(h, address, data, size);
    h->dead = torn;
    return torn ? -1 : 0;
}

void board_nvm_fault(struct hal *h, enum tape_nvm_fault what, uint32_t value)
{
    switch (what) {
    case TAPE_NVM_SILENT:
        h->nvm_silent = value != 0;
        return;
    case TAPE_NVM_FLIP: {
        uint8_t byte;
        board_nvm_peek(h, value / 8, &byte, 1);
        byte ^= (uint8_t)(1 << value % 8);
        board_nvm_poke(h, value / 8, &byte, 1);
        return;
    }
    case TAPE_NVM_TEAR:
        h->nvm_tear = value;
        return;
    }
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    h->baud = baud;
    h->parity = parity;
    board_tape(h, TAPE_UART_CONFIGURE, TAPE_NUMBERS(baud, parity), NULL, 0);
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    if (h->dead)
        return;
    h->frames_sent++;
    board_tape(h, TAPE_UART_SEND, NULL, frame, size);
    if (h->uart_sent)
        h->uart_sent(h->uart_user, frame, size);
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    if (h->dead || address > HAL_LCD_SIZE || size > HAL_LCD_SIZE - address)
        return;
    memcpy(h->lcd + address, data, size);
    board_tape(h, TAPE_LCD, TAPE_NUMBERS(address), data, size);
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    if (h->dead)
        return;
    drive(h, which, on);
    board_tape(h, TAPE_OUTPUT, TAPE_NUMBERS(which, on), NULL, 0);
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    h->ct_range = range;
    board_tape(h, TAPE_CT_RANGE, TAPE_NUMBERS(range), NULL, 0);
}

uint32_t hal_serial_number(struct hal *h)
{
    return h->serial_number;
}

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    (void)h;
    return which == HAL_BOARD_REVISION ? FACTORY_BLOCK_REVISION : 0;
}

uint32_t hal_reset_system_version(struct hal *h)
{
    (void)h;
    return RESET_SYSTEM_VERSION;
}

int hal_user_function(struct hal *h, const uint8_t *request, int length,
                      uint8_t *answer)
{
    (void)h;
    (void)request;
    (void)length;
    (void)answer;
    return -MODBUS_ILLEGAL_FUNCTION;
}
