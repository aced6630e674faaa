/* The update's requests. See update.h; layouts: core/user_function.h. */
#include "core/modbus.h"
#include "hal_target/stm32f405/flash.h"
#include "hal_target/stm32f405/update.h"
#include <string.h>

struct call {
    struct update *u;
    const struct update_who *who;
    const uint8_t *request;
    int length;
    uint8_t *answer;
};

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> (24 - 8 * k));
}

static const struct update_record *now(const struct call *c)
{
    return &c->u->records.now;
}

/* The slot that receives; while an image is on trial, the one before it stays. */
static enum slot receives(const struct call *c)
{
    return slot_other((enum slot)now(c)->confirmed);
}

static int restart_with(const struct call *c, const struct update_record *next,
                        int length)
{
    if (update_records_save(&c->u->records, next))
        return -MODBUS_DEVICE_FAILURE;
    c->u->restart = true;
    return length;
}

/* The last word that is not erased: blocks come in their order, and power may have gone in
 * the middle of it. */
static uint32_t received(const struct call *c)
{
    const uint32_t from = slot_address(receives(c));
    uint32_t at = now(c)->other_size, word = UINT32_MAX;

    if (now(c)->other_state != UPDATE_RECEIVING)
        return 0;
    while (at && word == UINT32_MAX) {
        at -= 4;
        flash_read(from + at, &word, sizeof word);
    }
    return at;
}

static void put_text(uint8_t *at, const char *text, unsigned size)
{
    memset(at, 0, size);
    for (unsigned k = 0; k < size && text[k]; k++)
        at[k] = (uint8_t)text[k];
}

static int status(const struct call *c)
{
    uint8_t *at = c->answer + 3;
    const struct update *u = c->u;

    if (c->length != 2)
        return -MODBUS_ILLEGAL_VALUE;
    c->answer[2] = UPDATE_STATUS;
    at[UPDATE_STATUS_PROGRAM] = u->running == SLOT_NONE;
    at[UPDATE_STATUS_SLOT] = (uint8_t)u->running;
    at[UPDATE_STATUS_STATE] = now(c)->other_state;
    at[UPDATE_STATUS_TRIES] = now(c)->tries;
    put32(at + UPDATE_STATUS_VERSION, u->version);
    put32(at + UPDATE_STATUS_CRC, u->crc);
    put32(at + UPDATE_STATUS_RESET_SYSTEM, c->who->reset_system);
    put32(at + UPDATE_STATUS_ADDRESS, slot_address(receives(c)));
    put32(at + UPDATE_STATUS_ROOM, SLOT_SIZE);
    put32(at + UPDATE_STATUS_RECEIVES, now(c)->other_size);
    put32(at + UPDATE_STATUS_RECEIVES_CRC, now(c)->other_crc);
    put32(at + UPDATE_STATUS_NEXT, received(c));
    put32(at + UPDATE_STATUS_SERIAL, c->who->serial);
    put_text(at + UPDATE_STATUS_BOARD, IDENTITY_BOARD,
             UPDATE_STATUS_MODEL - UPDATE_STATUS_BOARD);
    put_text(at + UPDATE_STATUS_MODEL, c->who->model,
             UPDATE_STATUS - UPDATE_STATUS_MODEL);
    return 3 + UPDATE_STATUS;
}

/* The same image goes on where it stopped, unless it is to begin anew. */
static int begin(const struct call *c)
{
    struct update_record next = *now(c);

    if (c->length != 11)
        return -MODBUS_ILLEGAL_VALUE;
    const uint32_t size = get32(c->request + 2), crc = get32(c->request + 6);
    if (size == 0 || size > SLOT_SIZE || size % 4)
        return -MODBUS_ILLEGAL_VALUE;
    if (next.other_state == UPDATE_TRIAL)
        return -MODBUS_DEVICE_BUSY;
    c->answer[2] = UPDATE_RECEIVING;
    if (next.other_state == UPDATE_RECEIVING && next.other_size == size &&
        next.other_crc == crc && !c->request[10])
        return 3;
    c->answer[2] = next.other_state = UPDATE_ERASE;
    next.other_size = size;
    next.other_crc = crc;
    next.tries = 0;
    return restart_with(c, &next, 3);
}

/* Of the slot that receives, from `offset` on. */
static bool is_range(const struct call *c, uint32_t offset, uint32_t size)
{
    return offset % 4 == 0 && size % 4 == 0 && size && offset <= now(c)->other_size &&
           size <= now(c)->other_size - offset;
}

static int write_block(const struct call *c)
{
    if (c->length < 7 || c->length != 7 + c->request[6])
        return -MODBUS_ILLEGAL_VALUE;
    const uint32_t offset = get32(c->request + 2), size = c->request[6];
    if (now(c)->other_state != UPDATE_RECEIVING || size > UPDATE_BLOCK_MAX ||
        !is_range(c, offset, size))
        return -MODBUS_ILLEGAL_VALUE;
    if (flash_program(slot_address(receives(c)) + offset, c->request + 7, size))
        return -MODBUS_DEVICE_FAILURE;
    put32(c->answer + 2, offset + size);
    return 6;
}

static int read_block(const struct call *c)
{
    if (c->length != 7)
        return -MODBUS_ILLEGAL_VALUE;
    const uint32_t offset = get32(c->request + 2), size = c->request[6];
    if (size > UPDATE_BLOCK_MAX || !is_range(c, offset, size))
        return -MODBUS_ILLEGAL_VALUE;
    c->answer[2] = (uint8_t)size;
    flash_read(slot_address(receives(c)) + offset, c->answer + 3, size);
    return 3 + (int)size;
}

static int check(const struct call *c)
{
    if (c->length != 10)
        return -MODBUS_ILLEGAL_VALUE;
    const uint32_t offset = get32(c->request + 2), size = get32(c->request + 6);
    if (!is_range(c, offset, size))
        return -MODBUS_ILLEGAL_VALUE;
    put32(c->answer + 2, slot_crc(receives(c), offset, size));
    return 6;
}

static int install(const struct call *c)
{
    struct update_record next = *now(c);
    struct identity who;
    uint32_t crc;

    if (c->length != 6 || get32(c->request + 2) != next.other_crc ||
        next.other_state != UPDATE_RECEIVING)
        return -MODBUS_ILLEGAL_VALUE;
    if (!slot_is_whole(receives(c), &who, &crc) || crc != next.other_crc)
        return -MODBUS_DEVICE_FAILURE;
    next.other_state = UPDATE_TRIAL;
    next.tries = 0;
    next.flags &= (uint8_t)~UPDATE_RECORD_SERVICE;
    return restart_with(c, &next, 2);
}

static int service(const struct call *c)
{
    struct update_record next = *now(c);

    if (c->length != 3 || c->request[2] > 1)
        return -MODBUS_ILLEGAL_VALUE;
    next.flags = c->request[2] ? UPDATE_RECORD_SERVICE : 0;
    return restart_with(c, &next, 2);
}

int update_answer(struct update *u, const struct update_who *who,
                  const uint8_t *request, int length, uint8_t *answer)
{
    static int (*const serve[])(const struct call *c) = {
        status, begin, write_block, read_block, check, install, service
    };
    const struct call c = { u, who, request, length, answer };
    const unsigned which = (unsigned)request[1] - USER_UPDATE_STATUS;

    if (which >= sizeof serve / sizeof *serve)
        return -MODBUS_ILLEGAL_FUNCTION;
    answer[1] = request[1];
    return serve[which](&c);
}
