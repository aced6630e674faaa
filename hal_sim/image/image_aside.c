/* See image_aside.h. The board beside is a copy: what the image writes to it is gone with
 * it. */
#include "hal_sim/image/image_aside.h"
#include "core/crc.h"
#include "hal_sim/board.h"
#include "hal_sim/image/image_state.h"
#include "waveform/base/store.h"
#include <string.h>

#define STEP_NS  INT64_C(1000000)
/* Longer than the line's silence and the longest request takes to be answered. */
#define WAIT_NS  INT64_C(50000000)
/* Before its core starts it waits for the crystal and starts its parts. */
#define START_NS INT64_C(10000000)

enum { PARTS = 1000000000, US_NS = 1000 };

static void on_record(void *user, const struct tape_record *record)
{
    struct image_aside *aside = user;

    if (record->kind != TAPE_UART_SEND || record->size > RTU_FRAME_MAX || aside->size)
        return;
    memcpy(aside->frame, record->data, record->size);
    aside->size = record->size;
}

/* A copy of the board that records for `aside` alone. */
static void copy_board(struct hal *to, const struct hal *from,
                       struct image_aside *aside)
{
    *to = *from;
    to->cells = (struct nvm_cells){ .cell = NULL };
    to->nvm = (struct board_nvm){ .memory = NULL };
    for (unsigned page = 0; page < BOARD_PAGES; page++) {
        uint8_t content[BOARD_PAGE];
        if (!board_nvm_has_page(from, page))
            continue;
        board_nvm_peek(from, page * BOARD_PAGE, content, BOARD_PAGE);
        board_nvm_put_page(to, page, content);
    }
    to->uart_sent = NULL;
    to->uart_given = NULL;
    to->uart_cut = NULL;
    to->sink = on_record;
    to->sink_user = aside;
}

static void run_to(struct image_device *i, int64_t to_ns)
{
    i->device.board->now_ns = to_ns;
    i->device.kind->run(&i->device, (uint64_t)(to_ns - i->powered_ns) / US_NS);
}

/* Both are silent for t3.5, since the start, too: what was under way ends, an answer with
 * it. */
static void await_silence(struct image_device *i, struct image_aside *aside,
                          int64_t silence_ns)
{
    int64_t now_ns = i->device.board->now_ns;

    while (i->board.transceiver.drives ||
           i->machine.soc.now_ns - i->line_ns < silence_ns ||
           i->machine.soc.now_ns < START_NS + silence_ns) {
        now_ns += STEP_NS;
        run_to(i, now_ns);
    }
    aside->size = 0;
}

/* The end of each character is a fraction of a second since the first one's start. */
static void send(struct image_device *i, const uint8_t *frame, int size,
                 int64_t bit_count)
{
    const int64_t began_ns = i->device.board->now_ns;
    const uint32_t baud = i->device.board->baud;

    for (int k = 0; k < size; k++) {
        const int64_t at_ns = began_ns + (k + 1) * bit_count * PARTS / baud;
        run_to(i, at_ns);
        i->device.kind->uart_byte(&i->device, frame[k], 0,
                                  (uint64_t)(at_ns - i->powered_ns) / US_NS);
    }
}

static void ask(struct image_device *i, const uint8_t *frame, int size,
                struct image_aside *aside)
{
    const struct hal *h = i->device.board;
    const int64_t bits = h->parity == HAL_PARITY_NONE ? 10 : 11,
                  char_ns = bits * PARTS / h->baud,
                  silence_ns = 4 * char_ns + 3 * STEP_NS;

    await_silence(i, aside, silence_ns);
    send(i, frame, size, bits);
    const int64_t sent_ns = h->now_ns;
    int64_t now_ns = sent_ns;
    while (!aside->size &&
           now_ns - sent_ns <
               silence_ns + WAIT_NS +
                   (i->board.transceiver.drives ? RTU_FRAME_MAX * char_ns : 0)) {
        now_ns += STEP_NS;
        run_to(i, now_ns);
    }
    aside->answer_ns = now_ns - sent_ns;
}

static int add_crc(uint8_t *frame, int size)
{
    const uint16_t crc = crc_modbus(frame, (uint32_t)size);

    frame[size] = (uint8_t)crc;
    frame[size + 1] = (uint8_t)(crc >> 8);
    return size + 2;
}

/* What is done to `d` from here on is undone by put_back. */
struct beside {
    struct hal *own, copy;
    struct store saved;
};

static void set_aside(struct beside *b, struct device *d, struct image_aside *aside)
{
    *b = (struct beside){ .own = d->board };
    d->kind->store(d, true, &b->saved);
    copy_board(&b->copy, b->own, aside);
    d->board = &b->copy;
}

static void put_back(struct beside *b, struct device *d)
{
    struct store back = store_load(b->saved.byte, b->saved.size);

    d->board = b->own;
    d->kind->store(d, true, &back);
    store_free(&b->saved);
    board_free(&b->copy);
}

void image_aside(struct device *d, const uint8_t *pdu, int size,
                 struct image_aside *aside)
{
    struct image_device *i = (struct image_device *)(void *)d;
    uint8_t frame[RTU_FRAME_MAX] = { i->seen.rtu.address };
    struct beside beside;

    memset(aside, 0, sizeof *aside);
    set_aside(&beside, d, aside);
    ads131m06_silence(&i->board.afe, true, i->machine.soc.now_ns);
    memcpy(frame + 1, pdu, (size_t)size);
    ask(i, frame, add_crc(frame, size + 1), aside);
    put_back(&beside, d);
}

void image_aside_turn(struct device *d)
{
    struct image_device *i = (struct image_device *)(void *)d;
    struct image_aside nobody = { .size = 0 };
    struct beside beside;

    set_aside(&beside, d, &nobody);
    machine_finish_turn(&i->machine);
    put_back(&beside, d);
}

bool image_aside_is(const struct image_aside *aside, uint8_t address,
                    const uint8_t *answer, int size)
{
    uint8_t frame[RTU_FRAME_MAX] = { address };

    if (size == 0)
        return aside->size == 0;
    memcpy(frame + 1, answer, (size_t)size);
    return aside->size == (uint32_t)add_crc(frame, size + 1) &&
           !memcmp(frame, aside->frame, aside->size);
}
