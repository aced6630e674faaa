/* The update of one meter. See update.h. */
#include "sim/flash/update.h"
#include "core/crc.h"
#include "core/user_function.h"
#include <string.h>

enum {
    FUNCTION = 0x42,
    ILLEGAL_FUNCTION = 1,
    SILENT_MOST = 60, /* questions, a second apart: an erase, and a trial's start */
    UNHEARD_MOST = 5, /* the same for a meter that has never answered */
    SILENT_AGAIN = 3, /* before the meter is asked for its state */
    BEGUN_MOST = 3,   /* a slot that does not hold what was written is given up */
    ERASE_MS = 1500,
    START_MS = 500,
    TRIAL_MS = 2000
};

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> (24 - 8 * k));
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void update_start(struct flash_update *u, const struct image_file *file,
                  const struct update_options *options)
{
    *u = (struct flash_update){ .file = file, .options = *options };
}

bool update_is_over(const struct flash_update *u)
{
    return u->step == STEP_DONE || u->step == STEP_FAILED;
}

int update_percent(const struct flash_update *u)
{
    if (u->step == STEP_DONE)
        return 100;
    return u->part ? (int)((uint64_t)u->offset * 100 / u->part->size) : 0;
}

static uint32_t block(const struct flash_update *u)
{
    return MIN(u->part->size - u->offset, (uint32_t)UPDATE_BLOCK_MAX);
}

/* Behind the sub-function. */
static int put_question(const struct flash_update *u, uint8_t *at)
{
    switch (u->step) {
    case STEP_BEGIN:
        put32(at, u->part->size);
        put32(at + 4, u->part->crc);
        at[8] = u->anew;
        return 9;
    case STEP_WRITE:
        memcpy(at + 5, u->part->bytes + u->offset, block(u));
        put32(at, u->offset);
        at[4] = (uint8_t)block(u);
        return 5 + (int)block(u);
    case STEP_READ_BACK:
        put32(at, u->offset);
        at[4] = (uint8_t)block(u);
        return 5;
    case STEP_CHECK:
        put32(at, 0);
        put32(at + 4, u->part->size - 4);
        return 8;
    case STEP_INSTALL:
        put32(at, u->part->crc);
        return 4;
    case STEP_ASK:
    case STEP_DONE:
    case STEP_FAILED:
        break;
    }
    return 0;
}

int update_question(const struct flash_update *u, uint8_t pdu[UPDATE_PDU_MAX])
{
    static const uint8_t sub[] = {
        [STEP_ASK] = USER_UPDATE_STATUS,     [STEP_BEGIN] = USER_UPDATE_BEGIN,
        [STEP_WRITE] = USER_UPDATE_WRITE,    [STEP_CHECK] = USER_UPDATE_CHECK,
        [STEP_READ_BACK] = USER_UPDATE_READ, [STEP_INSTALL] = USER_UPDATE_INSTALL
    };

    if (update_is_over(u))
        return 0;
    pdu[0] = FUNCTION;
    pdu[1] = sub[u->step];
    return 2 + put_question(u, pdu + 2);
}

static void end(struct flash_update *u, enum update_step step, const char *text)
{
    u->step = step;
    g_strlcpy(u->text, text, sizeof u->text);
}

static void ask_again(struct flash_update *u, int pause_ms)
{
    u->step = STEP_ASK;
    u->pause_ms = pause_ms;
}

static void begin_anew(struct flash_update *u)
{
    if (++u->begun > BEGUN_MOST) {
        end(u, STEP_FAILED, "its flash does not hold what is written to it");
        return;
    }
    u->anew = true;
    u->step = STEP_BEGIN;
}

/* --- what the state means --- */

struct status {
    const uint8_t *at;
    uint32_t version, crc, address, size, receives, next;
    enum update_state state;
    char board[IMAGE_FILE_BOARD + 1], model[17];
};

static bool parse_status(struct status *s, const uint8_t *pdu, int size)
{
    const uint8_t *at = pdu + 3;

    if (size < 3 + UPDATE_STATUS || pdu[2] < UPDATE_STATUS)
        return false;
    *s = (struct status){ .at = at,
                          .version = get32(at + UPDATE_STATUS_VERSION),
                          .crc = get32(at + UPDATE_STATUS_CRC),
                          .address = get32(at + UPDATE_STATUS_ADDRESS),
                          .size = get32(at + UPDATE_STATUS_RECEIVES),
                          .receives = get32(at + UPDATE_STATUS_RECEIVES_CRC),
                          .next = get32(at + UPDATE_STATUS_NEXT),
                          .state = (enum update_state)at[UPDATE_STATUS_STATE] };
    memcpy(s->board, at + UPDATE_STATUS_BOARD, IMAGE_FILE_BOARD);
    memcpy(s->model, at + UPDATE_STATUS_MODEL, sizeof s->model - 1);
    return true;
}

static bool is_named(const char *names, const char *name)
{
    g_auto(GStrv) each = g_strsplit(names, " ", -1);

    return g_strv_contains((const char *const *)each, name);
}

static bool refuse(struct flash_update *u, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(struct flash_update *u, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_vsnprintf(u->text, sizeof u->text, format, arguments);
    va_end(arguments);
    u->step = STEP_FAILED;
    return false;
}

static bool may_be_sent(struct flash_update *u, const struct status *s)
{
    const struct image_file_part *p = u->part;

    if (!p)
        return refuse(u, "the file has no image for the slot at 0x%08X", s->address);
    if (strcmp(p->board, s->board) != 0)
        return refuse(u, "the image is for the board '%s', the meter is '%s'", p->board,
                      s->board);
    if (!is_named(p->models, s->model))
        return refuse(u, "the image is for models %s, the meter is %s", p->models,
                      s->model);
    if (p->version < s->version && !u->options.downgrade)
        return refuse(u,
                      "the image is V%02u.%03u, the meter has V%02u.%03u already; "
                      "--downgrade sends it",
                      p->version / 1000, p->version % 1000, s->version / 1000,
                      s->version % 1000);
    return true;
}

/* It runs: on trial, or for good. */
static void is_there(struct flash_update *u, const struct status *s)
{
    if (s->state == UPDATE_TRIAL) {
        u->offset = u->part ? u->part->size : u->offset;
        ask_again(u, TRIAL_MS);
        return;
    }
    end(u, STEP_DONE, u->installed ? "updated" : "it has this image already");
}

static void send_it(struct flash_update *u, const struct status *s)
{
    if (s->state == UPDATE_RECEIVING && s->size == u->part->size &&
        s->receives == u->part->crc && !u->anew) {
        u->offset = s->next / UPDATE_BLOCK_MAX * UPDATE_BLOCK_MAX;
        u->step = STEP_WRITE;
    } else {
        u->step = STEP_BEGIN;
    }
}

static void take_status(struct flash_update *u, const uint8_t *pdu, int size)
{
    struct status s;

    if (!parse_status(&s, pdu, size)) {
        end(u, STEP_FAILED, "its state cannot be read: another version of the update?");
        return;
    }
    u->serial = get32(s.at + UPDATE_STATUS_SERIAL);
    u->pause_ms = 0;
    if (s.at[UPDATE_STATUS_PROGRAM] == 0 && image_file_has(u->file, s.crc)) {
        is_there(u, &s);
        return;
    }
    if (s.state == UPDATE_TRIAL || s.state == UPDATE_ERASE) {
        ask_again(u, START_MS);
        return;
    }
    if (s.state == UPDATE_REJECTED && u->installed &&
        image_file_has(u->file, s.receives)) {
        end(u, STEP_FAILED, "the image was not healthy; the one before it runs again");
        return;
    }
    u->part = image_file_at(u->file, s.address);
    if (may_be_sent(u, &s))
        send_it(u, &s);
}

/* --- the other answers --- */

static void take_begun(struct flash_update *u, const uint8_t *pdu)
{
    u->anew = false;
    ask_again(u, pdu[2] == UPDATE_ERASE ? ERASE_MS : 0);
}

static void take_written(struct flash_update *u)
{
    u->blocks++;
    u->offset += block(u);
    if (u->offset == u->part->size)
        u->step = STEP_CHECK;
}

static void take_crc(struct flash_update *u, const uint8_t *pdu)
{
    if (get32(pdu + 2) != u->part->crc) {
        begin_anew(u);
        return;
    }
    u->offset = u->options.quick ? u->part->size : 0;
    u->step = u->options.quick ? STEP_INSTALL : STEP_READ_BACK;
}

static void take_block(struct flash_update *u, const uint8_t *pdu)
{
    if (pdu[2] != block(u) || memcmp(pdu + 3, u->part->bytes + u->offset, block(u))) {
        begin_anew(u);
        return;
    }
    u->offset += block(u);
    if (u->offset == u->part->size)
        u->step = STEP_INSTALL;
}

static void take_exception(struct flash_update *u, int code)
{
    if (code == ILLEGAL_FUNCTION)
        end(u, STEP_FAILED, "it knows no update: a simulated meter, or an old image");
    else if (u->step == STEP_WRITE || u->step == STEP_INSTALL)
        begin_anew(u);
    else
        ask_again(u, START_MS);
}

static void take_silence(struct flash_update *u)
{
    if (++u->silent >= (u->heard ? SILENT_MOST : UNHEARD_MOST))
        end(u, STEP_FAILED,
            u->heard ? "it answers no longer"
                     : "no answer: another unit id, baud rate or parity?");
    else if (u->silent >= SILENT_AGAIN || u->step == STEP_BEGIN ||
             u->step == STEP_INSTALL)
        ask_again(u, START_MS);
}

static bool is_whole(const struct flash_update *u, const uint8_t *pdu, int size)
{
    uint8_t asked[UPDATE_PDU_MAX];
    static const uint8_t least[] = {
        [STEP_ASK] = 3,   [STEP_BEGIN] = 3,     [STEP_WRITE] = 6,
        [STEP_CHECK] = 6, [STEP_READ_BACK] = 3, [STEP_INSTALL] = 2
    };

    update_question(u, asked);
    return size >= least[u->step] && pdu[0] == FUNCTION && pdu[1] == asked[1] &&
           (u->step != STEP_READ_BACK || size == 3 + pdu[2]);
}

void update_take_answer(struct flash_update *u, const uint8_t *pdu, int size)
{
    if (update_is_over(u))
        return;
    u->pause_ms = 0;
    if (size >= 2 && pdu[0] == (FUNCTION | 0x80)) {
        u->silent = 0;
        u->heard = true;
        take_exception(u, pdu[1]);
        return;
    }
    if (!is_whole(u, pdu, size)) {
        take_silence(u);
        return;
    }
    u->silent = 0;
    u->heard = true;
    if (u->step == STEP_ASK)
        take_status(u, pdu, size);
    else if (u->step == STEP_BEGIN)
        take_begun(u, pdu);
    else if (u->step == STEP_WRITE)
        take_written(u);
    else if (u->step == STEP_CHECK)
        take_crc(u, pdu);
    else if (u->step == STEP_READ_BACK)
        take_block(u, pdu);
    else {
        u->installed = true;
        ask_again(u, START_MS);
    }
}
